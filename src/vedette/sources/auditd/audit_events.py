"""Records of the Linux audit log, joined to events -> event batches.

Records of one event carry the same time and number; those of several events may stand mixed. An event is taken as whole when the log is
two seconds past it (what auditd's own tools do), or ``OPEN_LINES`` lines.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars import col

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.auditd import audit_forms as forms
from vedette.sources.auditd.audit_lines import LINES, OPEN_SECONDS, pairs

OPEN_LINES = 4096
EVENT_LINES = 1 << 15
"""Lines that are made into events at a time."""
UNMAPPED_COLUMNS = 64
TEXT_LIMIT = 1 << 15
"""Characters of a command line, or of what a message holds."""

_PARTS = [
    "SYSCALL",
    "EXECVE",
    "CWD",
    "PATH",
    "PROCTITLE",
    "SOCKADDR",
    "EOE",
    "BPRM_FCAPS",
    "FD_PAIR",
    "MMAP",
    "CAPSET",
    "OBJ_PID",
    "BPF",
    "KERN_MODULE",
    "OPENAT2",
]
"""Records that belong to a system call; an event with any other is of that other's kind."""
_NOBODY = ("4294967295", "-1", "unset", "?", "(null)", "(none)", "")
_SUCCESS, _FAILURE = 1, 2
_NETWORK, _INTERACTIVE = 3, 2
_ARGUMENT = r"^a([0-9]{1,5})(?:\[([0-9]{1,4})\])?$"
_MAPPED = frozenset(
    [
        "pid",
        "ppid",
        "uid",
        "auid",
        "ses",
        "exe",
        "comm",
        "cwd",
        "success",
        "res",
        "syscall",
        "UID",
        "AUID",
        "SYSCALL",
        "ARCH",
        "proctitle",
        "name",
        "type",
        "records",
    ]
)
"""Keys that have a path of their own, or a better-written twin."""


class AuditEvents:
    """Turns frames of lines into batches; keeps the lines of events that may not be whole yet."""

    def __init__(self) -> None:
        self._open = pl.DataFrame(schema=LINES)

    def batches(self, lines: pl.DataFrame) -> Iterator[EventBatch]:
        """Yield the events that are whole with ``lines``, a batch for each class."""
        held = pl.concat([self._open, lines])
        if held.is_empty():
            return
        named = held.with_columns(event=col("line").min().over("node", "time", "serial"))
        recent = col("time") >= col("time").max() - pl.duration(seconds=OPEN_SECONDS)
        may_grow = named.select(recent & (col("line") > col("line").max() - OPEN_LINES)).to_series()
        grows = named["event"].is_in(named["event"].filter(may_grow).unique().implode())
        self._open = held.filter(grows)
        yield from _events(named.filter(~grows))

    def rest(self) -> Iterator[EventBatch]:
        """Yield what was kept, at the end of the input."""
        named = self._open.with_columns(event=col("line").min().over("node", "time", "serial"))
        self._open = pl.DataFrame(schema=LINES)
        yield from _events(named)


def _events(lines: pl.DataFrame) -> Iterator[EventBatch]:
    """Yield the events of lines with ``event``, some at a time: pairs take far more memory than lines."""
    ordered = lines.sort("event", "line").with_row_index("row")
    parted = ordered.with_columns(part=col("row").min().over("event") // EVENT_LINES)
    for some in parted.partition_by("part", maintain_order=True):
        yield from _some(some)


def _some(lines: pl.DataFrame) -> Iterator[EventBatch]:
    found = pairs(lines)
    rows = _rows(lines, found)
    kinds = rows["class"].unique().sort()
    for kind in map(EventClass, kinds):
        some = rows.filter(col("class") == kind)
        frame = some.select(e.cast(SCHEMAS[kind][c]).alias(c) for c, e in _paths(kind).items() if c in SCHEMAS[kind])
        said = [s for s in some.select(pl.selectors.starts_with("unmapped.")) if s.null_count() < len(s)]
        yield EventBatch(kind, frame.hstack(said), records=int(some["lines"].sum()))


# ------------------------------------------------------------------------------------------------------- lines to events


def _rows(lines: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return (n_events, ...) in order: what every class is made of."""
    apart = ~col("kind").is_in(_PARTS)
    told = pl.coalesce(
        col("kind").filter(apart).first(),
        pl.when((col("kind") == "SYSCALL").any()).then(pl.lit("SYSCALL")),
        col("kind").first(),
    )
    events = lines.group_by("event", maintain_order=True).agg(
        "time", "node", "serial", "kind", lines=pl.len(), told=told, body=col("body").str.slice(0, TEXT_LIMIT)
    )
    events = events.with_columns(
        col("time", "node", "serial").list.first(),
        kinds=col("kind").list.unique(maintain_order=True).list.join(" "),
        body=col("body").list.join(" ").str.slice(0, TEXT_LIMIT).str.replace_all("\x1d", " "),
    )
    for part in (_fields(found), _arguments(found), _files(found)):
        events = events.join(part, on="event", how="left", maintain_order="left")
    events = _filled(events)
    return _classed(events)


_KNOWN = [
    "pid",
    "ppid",
    "uid",
    "auid",
    "ses",
    "exe",
    "comm",
    "cwd",
    "success",
    "res",
    "syscall",
    "arch",
    "acct",
    "UID",
    "AUID",
    "SYSCALL",
    "proctitle",
    "name",
    "op",
    "addr",
    "hostname",
    "terminal",
    "tty",
    "id",
    "cmd",
    "saddr",
    "SADDR",
    "unit",
    "exit",
    "new_group",
    "grp",
]


def _fields(found: pl.DataFrame) -> pl.DataFrame:
    """Return (n_events, a column a key): of a key that several records have, the arguments of a command go first, then order counts."""
    first = found.with_columns(late=col("kind") != "EXECVE").sort("event", "late", "line", maintain_order=True)
    first = first.filter(~((col("kind") == "EXECVE") & col("key").str.contains(r"^a[0-9]+(\[|_len)")))
    first = first.unique(["event", "key"], keep="first", maintain_order=True)
    counts = first["key"].value_counts().sort(["count", "key"], descending=[True, False])
    others = counts.filter(~col("key").is_in(_KNOWN) & (col("key").str.len_chars() <= 64))["key"].head(UNMAPPED_COLUMNS)  # noqa: PLR2004
    wanted = [*_KNOWN, *others]
    wide = first.filter(col("key").is_in(wanted)).pivot(
        on="key", on_columns=wanted, index="event", values="value", aggregate_function="first", maintain_order=True
    )
    return wide.rename({k: f"f.{k}" for k in wanted})


def _arguments(found: pl.DataFrame) -> pl.DataFrame:
    """Return (n, event, ``command``): the arguments of EXECVE records in order, long ones put together."""
    some = found.filter((col("kind") == "EXECVE") & col("key").str.contains(_ARGUMENT))
    placed = some.with_columns(
        place=col("key").str.extract(_ARGUMENT, 1).cast(pl.Int32),
        piece=col("key").str.extract(_ARGUMENT, 2).cast(pl.Int32).fill_null(0),
    ).sort("event", "place", "piece", "line", maintain_order=True)
    words = placed.group_by("event", "place", maintain_order=True).agg(col("value").str.join(""))
    return words.group_by("event", maintain_order=True).agg(command=col("value").str.join(" ").str.slice(0, TEXT_LIMIT))


def _files(found: pl.DataFrame) -> pl.DataFrame:
    """Return (n, event, ``path``, ``second``, ``created``, ``names``): the files of PATH records that are no folders above them."""
    some = found.filter((col("kind") == "PATH") & col("key").is_in(["name", "nametype", "objtype"]))
    each = some.group_by("event", "line", maintain_order=True).agg(
        name=col("value").filter(col("key") == "name").first(),
        how=col("value").filter(col("key") != "name").first(),
    )
    own = each.filter((col("how") != "PARENT").fill_null(value=True) & ~col("name").is_in(_NOBODY))
    made = col("how") == "CREATE"
    gone = col("how") == "DELETE"
    return own.group_by("event", maintain_order=True).agg(
        path=pl.coalesce(col("name").filter(gone).first(), col("name").first()),
        second=pl.when(gone.any()).then(col("name").filter(made).first()),
        created=made.any().fill_null(value=False),
        names=col("name").str.join(" ").str.slice(0, TEXT_LIMIT),
    )


def _filled(events: pl.DataFrame) -> pl.DataFrame:
    """Return events with what several keys say in one column each."""
    present = {k: _said(k) for k in _KNOWN}
    number = col("f.syscall").cast(pl.Int32, strict=False)
    named = [
        pl.when(col("f.arch") == arch).then(number.replace_strict(names, default=None, return_dtype=pl.String))
        for arch, names in forms.SYSCALLS.items()
    ]
    result = pl.coalesce(present["res"], present["success"]).str.to_lowercase()
    exe = present["exe"]
    return events.with_columns(
        call=pl.coalesce(present["SYSCALL"], *named, present["syscall"]),
        status=pl.when(result.is_in(["success", "yes", "1"]))
        .then(_SUCCESS)
        .when(result.is_in(["failed", "no", "0"]))
        .then(_FAILURE),
        exe=exe,
        program=pl.coalesce(exe.str.extract(r"([^/]+)$"), present["comm"]),
        command=pl.coalesce("command", present["cmd"], present["proctitle"]),
        user=pl.coalesce(present["UID"], pl.when(present["uid"] == "0").then(pl.lit("root"))),
        login=pl.coalesce(present["AUID"], pl.when(present["auid"] == "0").then(pl.lit("root"))),
        who=pl.when(~present["acct"].str.starts_with("(")).then(present["acct"]),
        peer=pl.coalesce(present["addr"], _socket_address()),
        peer_port=_socket_port(),
    )


def _said(key: str) -> pl.Expr:
    value = col(f"f.{key}")
    return pl.when(~value.is_in(_NOBODY)).then(value)


def _socket_address() -> pl.Expr:
    """Return the IPv4 address of a SOCKADDR record: family 2 (little-endian), port, four bytes, in hexadecimal."""
    address = col("f.saddr").str.extract(r"^0200[0-9A-Fa-f]{4}([0-9A-Fa-f]{8})")
    parts = [address.str.slice(at, 2).str.to_integer(base=16, strict=False).cast(pl.String) for at in (0, 2, 4, 6)]
    return pl.concat_str(parts, separator=".")


def _socket_port() -> pl.Expr:
    return col("f.saddr").str.extract(r"^(?:0200|0A00)([0-9A-Fa-f]{4})").str.to_integer(base=16, strict=False)


# ------------------------------------------------------------------------------------------------------ events to classes


def _classed(events: pl.DataFrame) -> pl.DataFrame:
    """Add ``class`` and ``activity``, and the fields without a path under their own names."""
    told, call = col("told"), col("call")
    is_call = told == "SYSCALL"
    executes = is_call & (call.is_in(forms.EXECUTES) | col("kinds").str.contains(r"\bEXECVE\b"))
    on_file = is_call & col("path").is_not_null() & call.is_in(list(forms.FILE_CALLS))
    connects = is_call & call.is_in(forms.CONNECTS) & col("peer").is_not_null()
    by_pam = col("f.op").str.starts_with("PAM:authentication").fill_null(value=False)
    logon = (
        ((told == "USER_AUTH") & by_pam)
        | ((told == "USER_LOGIN") & (col("status") == _SUCCESS))
        | (told == "USER_LOGOUT")
    )
    classes = (
        (executes, EventClass.PROCESS_ACTIVITY, pl.lit(1)),
        (on_file, EventClass.FILE_ACTIVITY, pl.when("created").then(1).otherwise(_activity(call, forms.FILE_CALLS))),
        (connects, EventClass.HOST_CONNECTION, pl.lit(1)),
        (
            is_call,
            EventClass.PROCESS_ACTIVITY,
            pl.when(call.is_in(forms.USER_CALLS)).then(5).otherwise(_activity(call, forms.PROCESS_CALLS)),
        ),
        (told == "USER_CMD", EventClass.PROCESS_ACTIVITY, pl.lit(1)),
        (logon, EventClass.AUTHENTICATION, pl.when(told == "USER_LOGOUT").then(2).otherwise(1)),
        (told.is_in(list(forms.ACCOUNT_CHANGES)), EventClass.ACCOUNT_CHANGE, _activity(told, forms.ACCOUNT_CHANGES)),
        (told.is_in(list(forms.GROUP_CHANGES)), EventClass.GROUP_MANAGEMENT, _activity(told, forms.GROUP_CHANGES)),
    )
    kind, activity = pl.lit(int(EventClass.EVENT_LOG)), pl.lit(None, pl.Int32)
    for fits, of, what in reversed(classes):
        kind, activity = pl.when(fits).then(int(of)).otherwise(kind), pl.when(fits).then(what).otherwise(activity)
    others = [c for c in events.columns if c.startswith("f.") and c.removeprefix("f.") not in _MAPPED]
    kept = [
        pl.when(~col(c).is_in(["?", "(null)", "(none)"])).then(c).alias(f"unmapped.{c.removeprefix('f.')}")
        for c in others
    ]
    told_as = (
        pl.when(executes & col("kinds").str.contains(r"\bEXECVE\b"))
        .then(pl.lit("EXECVE"))
        .when(on_file)
        .then(pl.lit("PATH"))
        .otherwise(told)
    )
    named = {"type": told_as, "records": col("kinds"), "name": pl.coalesce("names", _said("name"))}
    return events.with_columns(
        *kept, *(e.alias(f"unmapped.{n}") for n, e in named.items()), **{"class": kind, "activity": activity}
    )


def _activity(what: pl.Expr, table: dict[str, int]) -> pl.Expr:
    return what.replace_strict(table, default=99, return_dtype=pl.Int32)


def _paths(kind: EventClass) -> dict[str, pl.Expr]:
    """Return the columns of a class."""
    number = {k: _said(k).cast(pl.Int32, strict=False) for k in ("pid", "ppid")}
    address = pl.when(col("peer").str.contains(r"^[0-9.]+$|:")).then(col("peer"))
    made = {
        "metadata.sequence": col("event"),
        "time": col("time"),
        "activity_id": col("activity"),
        "status_id": col("status"),
        "message": col("body"),
        "metadata.uid": col("node").fill_null("")
        + pl.when(col("node").is_null()).then(pl.lit("")).otherwise(pl.lit(":"))
        + col("time").dt.epoch("ms").cast(pl.String)
        + ":"
        + col("serial"),
        "metadata.log_provider": pl.lit("auditd"),
        "metadata.event_code": col("told"),
        "metadata.product.name": pl.lit("auditd"),
        "device.hostname": col("node"),
        "actor.user.name": pl.when(_said("auid").is_null()).then("user").otherwise("login"),
        "actor.user.uid": pl.coalesce(_said("auid"), _said("uid")),
        "actor.session.uid": _said("ses"),
    }
    if kind is EventClass.PROCESS_ACTIVITY:
        return made | {
            "process.name": pl.when(col("told") == "USER_CMD")
            .then(col("command").str.extract(r"^(?:[^ ]*/)?([^ /]+)"))
            .otherwise("program"),
            "process.file.path": pl.when(col("told") == "USER_CMD")
            .then(col("command").str.extract(r"^(/[^ ]+)"))
            .otherwise("exe"),
            "process.pid": pl.when(col("told") != "USER_CMD").then(number["pid"]),
            "process.cmd_line": col("command"),
            "process.user.name": pl.when(col("told") != "USER_CMD").then("user"),
            "process.user.uid": pl.when(col("told") != "USER_CMD").then(_said("uid")),
            "process.session.uid": _said("ses"),
            "process.working_directory": _said("cwd"),
            "process.parent_process.pid": pl.when(col("told") == "USER_CMD")
            .then(number["pid"])
            .otherwise(number["ppid"]),
            "vedette.syscall": col("call"),
        }
    made |= {
        "actor.process.name": col("program"),
        "actor.process.pid": number["pid"],
        "actor.process.file.path": col("exe"),
    }
    made |= {"actor.process.cmd_line": pl.when(col("told") == "SYSCALL").then("command")}
    if kind is EventClass.FILE_ACTIVITY:
        path = _absolute(col("path"))
        return made | {
            "file.path": path,
            "file.name": path.str.extract(r"([^/]+)/?$"),
            "file_result.path": _absolute(col("second")),
        }
    if kind is EventClass.HOST_CONNECTION:
        return made | {"dst_endpoint.ip": address, "dst_endpoint.port": col("peer_port")}
    made |= {"user.name": col("who"), "user.uid": _said("id"), "src_endpoint.ip": address}
    if kind is EventClass.GROUP_MANAGEMENT:
        made["group.name"] = pl.coalesce(_said("grp"), _said("new_group"))
    if kind is EventClass.AUTHENTICATION:
        remote = address.is_not_null()
        made |= {
            "service.name": col("program"),
            "is_remote": remote,
            "logon_type_id": pl.when(remote).then(_NETWORK).otherwise(_INTERACTIVE),
        }
    return made


def _absolute(path: pl.Expr) -> pl.Expr:
    """Return a path beneath the working directory where it is not from the root."""
    beneath = _said("cwd").str.strip_chars_end("/") + "/" + path.str.strip_prefix("./")
    return pl.when(path.str.starts_with("/")).then(path).otherwise(pl.coalesce(beneath, path))
