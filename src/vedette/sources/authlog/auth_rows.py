"""Log lines in columns -> event batches, by the table of forms."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.authlog.auth_forms import FAMILIES, FORMS, NETWORK_SERVICES, SERVICE_OF_FAMILY, Form
from vedette.sources.authlog.syslog_lines import LINES

NETWORK, INTERACTIVE = 3, 2  # OCSF logon_type_id
GROUPS = {"user", "ruser", "addr", "port", "how", "by", "n", "target", "cmd", "pwd", "group", "uid", "result", "detail"}
_MARK = "message repeated "
_ONE = pl.lit(1, pl.Int64)
_REPEATED = r"^message repeated ([0-9]{1,9}) times: \[ ?(.*?)\]?$"
_LAST_REPEATED = r"^(?:--- )?last message repeated ([0-9]{1,9}) times?"
_PAM_MODULE = r"^pam_[a-z0-9_]+\(([^:()]*):[^()]*\): (.*)$"
_OLD_PAM = r"\(pam_[a-z0-9_]+\)$"
_IP = r"^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F.:]*:[0-9a-fA-F.:]*(?:%[0-9a-zA-Z]+)?)$"
_NO_ADDRESS = ("", "UNKNOWN", "?", "::")


class AuthRows:
    """Turns frames of lines into batches; keeps the last line, which a "last message repeated" may mean."""

    def __init__(self, product: str) -> None:
        self._product = product
        self._last = pl.DataFrame(schema={c: LINES[c] for c in ("program", "pid", "message")})

    def batches(self, lines: pl.DataFrame) -> Iterator[EventBatch]:
        """Yield one batch for each class among ``lines``: (n_lines, LINES), in order of the input."""
        if lines.is_empty():
            return
        rows = _families(self._unrepeat(lines))
        found: dict[EventClass, list[pl.DataFrame]] = {}
        for (family,), group in rows.group_by("family", maintain_order=True):
            rest = group
            for form in FORMS.get(str(family), ()):
                hits, rest = _claim(rest, form)
                if len(hits):
                    found.setdefault(form.kind, []).append(self._columns(hits, form))
            if len(rest):
                found.setdefault(EventClass.EVENT_LOG, []).append(self._columns(rest, Form(EventClass.EVENT_LOG, "")))
        for kind, frames in sorted(found.items()):
            yield EventBatch(kind, pl.concat(frames, how="diagonal").sort("metadata.sequence"))

    def _unrepeat(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Put the repeated message in the place of "message repeated" and "last message repeated"; count says how often."""
        message = pl.col("message")
        said = lines["message"].str.contains(_MARK, literal=True)
        last = self._last
        if not said.any():
            self._last = lines.select(last.columns).tail(1)
            return lines.with_columns(count=_ONE)
        times = pl.coalesce(message.str.extract(_REPEATED, 1), message.str.extract(_LAST_REPEATED, 1))
        repeated = lines.filter(said).with_columns(
            count=times.cast(pl.Int64).fill_null(1),
            message=pl.coalesce(message.str.extract(_REPEATED, 2), message),
            again=message.str.contains(_LAST_REPEATED) & pl.col("program").is_null(),
        )
        plain = lines.filter(~said).with_columns(count=_ONE, again=pl.lit(value=False))
        whole = pl.concat([plain, repeated]).sort("metadata.sequence")
        before = pl.concat([last.with_columns(again=pl.lit(value=False)), whole.select(*last.columns, "again")])
        known = pl.when(~pl.col("again")).then(pl.struct(*last.columns)).forward_fill()
        filled = (
            before.select(known.alias("known"))
            .unnest("known")
            .with_columns(pl.col("message").fill_null(before["message"]))
        )
        self._last = filled.tail(1)
        return whole.drop("again").with_columns(filled.tail(len(whole)))

    def _columns(self, hits: pl.DataFrame, form: Form) -> pl.DataFrame:
        """Return ``hits`` in the columns of the form's class."""
        schema = SCHEMAS[form.kind]
        hits = _addressed(hits)
        made = {
            "metadata.sequence": pl.col("metadata.sequence"),
            "time": pl.col("time"),
            "count": _count(hits),
            "message": pl.col("text"),
            "metadata.log_provider": pl.lit("authlog"),
            "metadata.product.name": pl.lit(self._product),
            "device.hostname": pl.col("host"),
            "actor.process.name": pl.col("program"),
            "actor.process.pid": pl.col("pid").cast(pl.Int32, strict=False),
            "unmapped": _unmapped(hits),
        }
        made |= {name: pl.lit(value) for name, value in form.sets.items()}
        made |= _by_class(form.kind, set(hits.columns))
        return hits.select(made[c].cast(schema[c]).alias(c) for c in made if c in schema)


def _families(lines: pl.DataFrame) -> pl.DataFrame:
    """Add ``family``, ``service`` and ``text``, the message as it was; PAM's lines are of the service they speak of."""
    program, message = pl.col("program"), pl.col("message")
    clean = program.str.replace(_OLD_PAM, "").str.replace(r"^.*/", "")
    family = pl.col("clean").replace_strict(FAMILIES, default=None, return_dtype=pl.String)
    programs = lines.select(program.unique()).with_columns(
        old=program.str.contains(_OLD_PAM).fill_null(value=False), clean=clean
    )
    programs = programs.with_columns(family=family)
    programs = programs.with_columns(
        service=pl.coalesce(pl.col("family").replace_strict(SERVICE_OF_FAMILY, default=None), "clean")
    )
    lines = lines.join(programs, on="program", how="left", nulls_equal=True, maintain_order="left")
    lines = lines.drop("program").rename({"clean": "program"}).with_columns(text=message)
    by_pam = lines.select(pl.col("old") | message.str.starts_with("pam_") | message.str.starts_with("PAM ")).to_series()
    if not by_pam.any():
        return lines
    with_pam = lines.filter(by_pam).with_columns(module=message.str.extract_groups(_PAM_MODULE)).unnest("module")
    named = pl.col("1").is_not_null()
    spoken = pl.when(named).then("2").otherwise(message.str.strip_prefix("PAM "))
    service = pl.when("old").then(program + "(pam)").when(named).then("1").otherwise("service")
    with_pam = with_pam.with_columns(message=spoken, service=service, family=pl.lit("pam")).drop("1", "2")
    return pl.concat([lines.filter(~by_pam), with_pam])


def _claim(rows: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split ``rows`` into those of the form, with a column for each of its groups, and the others."""
    if rows.is_empty():
        return rows, rows
    fits = rows["message"].str.contains(form.pattern)
    if form.but:
        fits &= ~rows["service"].is_in(form.but)
    if not fits.any():
        return rows.clear(), rows
    hits = rows.filter(fits)
    groups = hits.select(pl.col("message").str.extract_groups(form.pattern)).unnest("message")
    return hits.with_columns(groups.select(c for c in groups.columns if c in GROUPS)), rows.filter(~fits)


def _by_class(kind: EventClass, has: set[str]) -> dict[str, pl.Expr]:
    """Return the columns that a form's groups fill, in the class ``kind``; paths that the class lacks are dropped later."""
    made: dict[str, pl.Expr] = {}
    user, by = _of(has, "user"), _of(has, "by")
    service = pl.col("service").str.strip_suffix("(pam)")
    if "ruser" in has:  # PAM: who asks is ruser (su) or logname; for a network service ruser is whom he asks for
        local = service.is_in(["su", "su-l", "sudo"])
        user = pl.when(local).then(user).otherwise(pl.coalesce(user, _of(has, "ruser")))
        by = pl.when(local).then(pl.coalesce(_of(has, "ruser"), by)).otherwise(by)
    made["user.name"] = user
    made["actor.user.name"] = by if kind is not EventClass.EVENT_LOG else pl.coalesce(by, user)
    if "addr" in has:
        made |= _endpoint(_of(has, "port"))
    if kind is EventClass.AUTHENTICATION:
        remote = service.is_in(NETWORK_SERVICES) | (
            pl.col("is_ip").fill_null(value=False) if "addr" in has else pl.lit(value=False)
        )
        made["service.name"] = service
        made["is_remote"] = remote
        made["logon_type_id"] = pl.when(remote).then(NETWORK).otherwise(INTERACTIVE)
        made |= {"auth_protocol": _of(has, "how")} if "how" in has else {}
    if kind is EventClass.PROCESS_ACTIVITY:
        command = pl.col("cmd").str.strip_chars()
        path = command.str.extract(r"^([^ ]+)")
        made |= {"process.cmd_line": command, "process.file.path": pl.when(path.str.starts_with("/")).then(path)}
        made |= {"process.name": path.str.extract(r"([^/]+)$"), "process.user.name": _of(has, "target")}
        made["process.working_directory"] = _of(has, "pwd")
        made["actor.user.name"] = pl.coalesce(by, _of(has, "target"))
    made |= {path: _of(has, group) for group, path in _PLAIN.items() if group in has}
    return made


_PLAIN = {"uid": "user.uid", "result": "user_result.name", "detail": "status_detail"}


def _of(has: set[str], group: str) -> pl.Expr:
    """Return a group's text, null when it is empty or the form does not have it."""
    return pl.when(pl.col(group) != "").then(pl.col(group)) if group in has else pl.lit(None, pl.String)


def _addressed(hits: pl.DataFrame) -> pl.DataFrame:
    """Clean ``addr`` (an IPv4 address written as IPv6 becomes plain) and say in ``is_ip`` what it is: once, since several columns ask."""
    if "addr" not in hits.columns:
        return hits
    address = pl.col("addr")
    bare = pl.when(address.str.ends_with("::")).then(address).otherwise(address.str.strip_suffix(":"))
    hits = hits.with_columns(addr=pl.when(~address.is_in(_NO_ADDRESS)).then(bare))
    if hits.select(address.str.starts_with("::ffff:").any()).item():
        hits = hits.with_columns(addr=address.str.replace(r"^::ffff:([0-9.]+)$", "$1"))
    return hits.with_columns(is_ip=address.str.contains(_IP))


def _endpoint(port: pl.Expr) -> dict[str, pl.Expr]:
    """Return ip, hostname and port of an address."""
    number = port.cast(pl.Int32, strict=False)
    return {
        "src_endpoint.ip": pl.when("is_ip").then("addr"),
        "src_endpoint.hostname": pl.when(~pl.col("is_ip")).then("addr"),
        "src_endpoint.port": pl.when(number <= 65_535).then(number),  # noqa: PLR2004 - the highest port
    }


def _count(hits: pl.DataFrame) -> pl.Expr:
    times = pl.col("n").cast(pl.Int64, strict=False).fill_null(1) if "n" in hits.columns else 1
    return pl.col("count") * times


def _unmapped(hits: pl.DataFrame) -> pl.Expr:
    """Return the line's assumptions as a JSON object, with the group that an account change is about."""
    said = pl.col("unmapped")
    if "group" not in hits.columns:
        return said
    quoted = pl.col("group").str.replace_all(r'["\\\x00-\x1f]', "?")
    group = pl.concat_str(pl.lit('{"group":"'), quoted, pl.lit('"'))
    return group + pl.when(said.is_null()).then(pl.lit("}")).otherwise(said.str.replace(r"^\{", ","))
