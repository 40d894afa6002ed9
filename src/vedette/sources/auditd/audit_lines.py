r"""Lines of the Linux audit log -> one row a line, and their `key=value` pairs in columns.

`type=SYSCALL msg=audit(1700000000.123:42): arch=... AUID="ada"`: kind, time, number of the event, pairs. Names are added behind a group
separator (0x1d) by `log_format = ENRICHED`; `node=` stands before all of it where several machines write into one log. A user-space
record holds pairs within `msg='...'`. Text that the kernel does not trust is in quotes, or, where it has quotes or blanks itself, in
hexadecimal. Format: audit.rules(7), auditd.conf(5) and the field dictionary of the linux-audit documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import polars as pl
from polars import col

from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block
from vedette.events.times import believed

LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "line": pl.Int64,
    "time": pl.Datetime("us", "UTC"),
    "node": pl.String,
    "kind": pl.String,
    "serial": pl.String,
    "body": pl.String,
}
OPEN_SECONDS = 2
PAIRS_A_LINE = 2048
"""More pairs of a line are passed over; the kernel splits a record before it holds as many."""

_LINE = (
    r"^(?:node=(?P<node>[^ ]{1,255}) )?type=(?P<kind>[A-Za-z0-9_\[\]]{1,64}) msg=audit\("
    r"(?P<second>[0-9]{1,10})\.(?P<milli>[0-9]{3}):(?P<serial>[0-9]{1,20})\): ?(?P<body>.*)$"
)
STARTS = re.compile(
    rb"^(?:node=[^ \n]{1,255} )?type=[A-Z0-9_\[\]]{1,64} msg=audit\([0-9]{1,10}\.[0-9]{3}:[0-9]{1,20}\): ?",
    re.MULTILINE,
)
"""How a line begins."""
_PAIR = r"""[A-Za-z_][\w-]*(?:\[[0-9]{1,4}\])?=(?:"[^"]*"|'[^']*'|[^\s'"]*)"""
_TEXTS = (
    "acct",
    "cmd",
    "comm",
    "cwd",
    "data",
    "dir",
    "exe",
    "file",
    "grp",
    "key",
    "name",
    "new_chardev",
    "old_chardev",
    "path",
    "proctitle",
    "vm",
    "watch",
)
"""Keys whose values are in hexadecimal where they are not in quotes."""
_HEX = r"^(?:[0-9A-F]{2})+$"


_EVENT = re.compile(
    rb"^(?:node=[^ \n]{1,255} )?type=([A-Z0-9_\[\]]{1,64}) msg=audit\(([0-9]{1,10})\.([0-9]{3}):([0-9]{1,20})\)",
    re.MULTILINE,
)
_NEAR_BYTES = 1 << 16
_ALONE = re.compile(
    rb"USER|CRED|LOGIN|DAEMON|SERVICE|SYSTEM|ADD_|DEL_|GRP_|ACCT|CHGRP|CRYPTO|VIRT|ROLE|ANOM_LOGIN|CONFIG_CHANGE"
)
"""Kinds of records that programs write: an event each."""


def whole_events(data: bytes) -> int:
    """Return how many of the first bytes hold whole events: no record of theirs is to come, as far as the last 64 KB tell.

    An event is whole when its end is there (``EOE``), when it is one that a program wrote, or when the log is two seconds past it.
    """
    whole = data.rfind(b"\n") + 1
    near = data.rfind(b"\n", 0, max(0, whole - _NEAR_BYTES)) + 1
    began: dict[tuple[bytes, bytes, bytes], int] = {}
    newest = 0
    for line in _EVENT.finditer(data, near, whole):  # the lines of 64 KB: some hundred
        event = line[2], line[3], line[4]
        newest = max(newest, int(line[2]))
        if line[1] == b"EOE":
            began.pop(event, None)
        elif not _ALONE.match(line[1]):
            began.setdefault(event, line.start())
    return min((at for (second, _, _), at in began.items() if int(second) >= newest - OPEN_SECONDS), default=whole)


def read_lines(whole: Iterable[Block], rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield frames of ``LINES`` in the order of the blocks; other lines become rejects."""
    for block in whole:
        if block.overlong:
            rejects.add(
                sequence=block.sequence,
                offset=block.offset,
                reason=f"line longer than {LINE_LIMIT_BYTES:,} bytes",
                raw=block.data[:1024],
            )
            continue
        text = block.data.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
        text = text.removeprefix("\ufeff") if block.offset == 0 else text
        lines = pl.Series("text", [text]).str.split("\n").explode().to_frame()
        parsed = lines.with_row_index("line", block.sequence).select(
            col("line").cast(pl.Int64), "text", col("text").str.extract_groups(_LINE).alias("groups")
        )
        parsed = parsed.unnest("groups").with_columns(time=believed(_time()))
        odd = parsed.filter(col("time").is_null())
        for reason, some in (
            ("empty line", odd.filter(col("text").str.strip_chars() == "")),
            ("not an audit record with a valid time", odd.filter(col("text").str.strip_chars() != "")),
        ):
            if some.height:
                _reject(rejects, block, some, reason)
        yield parsed.filter(col("time").is_not_null()).select(*LINES)


def _time() -> pl.Expr:
    micros = col("second").cast(pl.Int64, strict=False) * 1_000_000 + col("milli").cast(pl.Int64, strict=False) * 1000
    return micros.cast(pl.Datetime("us", "UTC"))


def _reject(rejects: Rejects, block: Block, lines: pl.DataFrame, reason: str) -> None:
    first = int(lines["line"][0]) - block.sequence
    before = sum(len(line) + 1 for line in block.data.split(b"\n", first)[:first])
    raw = block.data[before:].partition(b"\n")[0]
    rejects.add(
        sequence=block.sequence + first, offset=block.offset + before, reason=reason, raw=raw, count=lines.height
    )


def pairs(lines: pl.DataFrame) -> pl.DataFrame:
    r"""Return (n_pairs, ``event``, ``line``, ``kind``, ``key``, ``value``) of lines with ``event``, in order; values without quotes.

    Example:
        >>> body = "cwd=\"/root\" name=2F746D70\x1dUID=\"root\""
        >>> frame = pl.DataFrame({"event": [0], "line": [0], "kind": ["PATH"], "body": [body]})
        >>> pairs(frame).select("key", "value").rows()
        [('cwd', '/root'), ('name', '/tmp'), ('UID', 'root')]
    """
    flat = col("body").str.replace_all("msg='", "", literal=True).str.replace_all("\x1d", " ", literal=True)
    found = lines.select("event", "line", "kind", pair=flat.str.extract_all(_PAIR).list.head(PAIRS_A_LINE))
    split = (
        found.explode("pair", empty_as_null=True, keep_nulls=False)
        .drop_nulls("pair")
        .with_columns(col("pair").str.splitn("=", 2).struct.rename_fields(["key", "value"]))
    )
    split = split.unnest("pair")
    quoted = col("value").str.contains("^[\"']")
    texts = col("key").is_in(_TEXTS) | ((col("kind") == "EXECVE") & col("key").str.contains(r"^a[0-9]"))
    coded = texts & ~quoted & col("value").str.contains(_HEX)
    plain = pl.when(quoted).then(col("value").str.strip_chars("\"'")).otherwise(col("value").str.strip_chars_end(",)'"))
    split = split.with_columns(coded=coded, value=plain)
    return split.with_columns(pl.when("coded").then(_decoded(split)).otherwise("value").alias("value")).drop("coded")


def _decoded(split: pl.DataFrame) -> pl.Expr:
    """Return hexadecimal texts as text; each different one is decoded once, by Python, which replaces what is no UTF-8."""
    different = split.filter("coded")["value"].unique().to_list()
    texts = [bytes.fromhex(v).replace(b"\0", b" ").decode("utf-8", "replace").strip() for v in different]
    return col("value").replace_strict(different, texts, default=None, return_dtype=pl.String)
