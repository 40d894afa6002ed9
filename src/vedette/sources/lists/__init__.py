"""Lists of URLs, domains or addresses that somebody wants judged: text, CSV, JSON lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.jsonlines import TOO_LONG, JsonLines
from vedette.events.lines import Block, blocks
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.lists import list_tables
from vedette.sources.lists.list_times import times
from vedette.sources.lists.list_values import COMMENT, DOMAIN, entry, refanged, types

ROWS = 1 << 16
SNIFF_LINES, SNIFF_SHARE = 50, 0.9
_HEAD_BYTES = 4096
_BOM = b"\xef\xbb\xbf"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COMMENT = re.compile(COMMENT)
_PLAUSIBLE = re.compile(
    r"(?:(?:[-*•]|[0-9]{1,6}[.)]|0\.0\.0\.0|127\.0\.0\.1|::1?)\s+)?\S*[.:]\S+(?:\s+(?:#|//|;).*|\t.*)?"
)
"""One word with a dot or a colon in it."""
_FILES = frozenset(["py", "md", "sh", "rs", "pl", "so", "ps", "zip", "mov"])
"""Top-level domains that are endings of files as well: a list of nothing else is one of files."""
_RESERVED = frozenset(
    ["example", "test", "invalid", "localhost", "local", "lan", "internal", "home", "corp", "onion", "arpa", "intranet"]
)
_NOTHING = "neither URL nor domain nor address"
_NO_CELL = "a line without the value's column"

_EXAMPLE = b"""\
# seen on 5 March 2026
hxxps://login.bad[.]example/a?b=1
"bad.example",
192.0.2.7
2001:db8::7
0.0.0.0 tracker.example  # a hosts file
||ads.example^
shop.example/cart
"""


class Lists(Source):
    """Lists of URLs, domains and addresses: one a line, CSV whose header names a column, or JSON lines with such a key.

    Columns and keys that hold the value: ``url``, ``domain``, ``fqdn``, ``host``, ``ip``, ``indicator``, ``value`` and the like. Entries
    may be defanged (``hxxp``, ``[.]``, ``(dot)``), quoted, or stand in a hosts file or an ad blocker's list; they are made whole again.
    Comments (``#``, ``;``, ``//``, ``!``) and blank lines are no records. Each row has one value and its kind. Its time is that of the
    line's own column (``first_seen``, ``date``, ``timestamp`` ...), else when the file was last written. Networks (``192.0.2.0/24``)
    are rejects.
    """

    name = "lists"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.OSINT_INVENTORY_INFO,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "indicators.txt", records=7)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        lines = head.removeprefix(_BOM).decode("utf-8", "replace").split("\n")
        if len(head) >= _HEAD_BYTES and len(lines) > 1:
            lines.pop()  # cut off
        said = [x.strip() for x in lines if x.strip()]
        data = [x for x in said if not _COMMENT.match(x)][:SNIFF_LINES]
        if not data or "\0" in data[0]:
            return False
        if data[0].startswith("{"):
            return _is_json(data[0])
        if columns := _header(said):
            rows = data[0 if said[0].startswith("#") else 1 :]
            return _mostly(list_tables.cells(rows, columns)[0], hosts=columns.hosts) if rows else False
        plausible = sum(_PLAUSIBLE.fullmatch(x) is not None for x in data)  # cheap: every input of a scan is asked
        if plausible < SNIFF_SHARE * len(data):
            return False
        return _mostly(data)

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        said = data[:_HEAD_BYTES].removeprefix(_BOM).decode("utf-8", "replace").split("\n")
        said = [x for x in said if x.strip()][:SNIFF_LINES]
        place = _heading_place(said) if said and not said[0].lstrip().startswith("{") else None
        return b"" if place is None else said[place].encode() + b"\n"

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects, objects = Rejects(self.name), JsonLines(self.name)
        cut: SourceError | None = None
        try:
            for frame in self._frames(blocks(stream), rejects, objects):
                yield from self._batches(frame)
        except SourceError as error:
            cut = error
        for found in (rejects, objects.rejects):
            if found:
                yield found.batch()
        if cut:
            raise cut

    def _frames(self, whole: Iterator[Block], rejects: Rejects, objects: JsonLines) -> Iterator[pl.DataFrame]:
        """Yield (n,) ``metadata.sequence``, ``value``, ``type``, ``stamp`` of what is an entry."""
        first = next(whole, None)
        if first is None:
            return
        again = chain((first,), whole)
        if first.data.removeprefix(_BOM).lstrip().startswith(b"{"):
            yield from _objects(again, objects)
        else:
            yield from _Lines(rejects).read(again)

    def _batches(self, rows: pl.DataFrame) -> Iterator[EventBatch]:
        usual = pl.lit(self.origin.modified or _EPOCH).cast(SCHEMAS[EventClass.OSINT_INVENTORY_INFO]["time"])
        own = rows["stamp"]
        at = usual if own.null_count() == len(own) else pl.coalesce(times(own, self.origin.zone), usual)
        events = rows.select(
            at.alias("time"),
            "metadata.sequence",
            pl.concat_list("value").alias("osint.value"),
            pl.concat_list("type").alias("osint.type_id"),
        )
        for part in events.iter_slices(ROWS):
            yield EventBatch(EventClass.OSINT_INVENTORY_INFO, part)


class _Lines:
    """Reads lines of text or CSV; numbers the records (comments and blank lines are none)."""

    def __init__(self, rejects: Rejects) -> None:
        self._rejects = rejects
        self._next = 0
        self._columns: list_tables.Columns | None = None
        self._began = False

    def read(self, whole: Iterator[Block]) -> Iterator[pl.DataFrame]:
        """Yield what is an entry, block by block."""
        for block in whole:
            if block.overlong:
                self._rejects.add(sequence=self._next, offset=block.offset, reason=TOO_LONG, raw=block.data)
                self._next += 1
                continue
            lines = block.data.removeprefix(_BOM if block.offset == 0 else b"").decode("utf-8", "replace").split("\n")
            frame = pl.DataFrame({"line": lines}).with_row_index("place")
            text = col("line").str.strip_chars()
            heading = self._heading(lines) if not self._began else None
            frame = frame.filter(text.str.contains(r"\S") & ~text.str.contains(COMMENT))
            if heading is not None:
                frame = frame.filter(col("place") != heading)
            numbers = pl.int_range(self._next, self._next + len(frame), dtype=pl.Int64, eager=True)
            self._next += len(frame)
            yield self._entries(block, frame.with_columns(numbers.alias("metadata.sequence")))

    def _heading(self, lines: Sequence[str]) -> int | None:
        """Note the columns that the first line of all names, and return its place; none where this is no table."""
        said = [i for i, x in enumerate(lines) if x.strip()]
        self._began = bool(said)
        place = _heading_place([lines[i] for i in said[:SNIFF_LINES]])
        if place is None:
            return None
        self._columns = list_tables.header(lines[said[place]])
        return said[place]

    def _entries(self, block: Block, frame: pl.DataFrame) -> pl.DataFrame:
        columns = self._columns
        if columns is None:
            texts: list[str | None] | pl.Series = frame["line"]
            stamps: list[str | None] = [None] * len(frame)
        else:
            texts, stamps = list_tables.cells(frame["line"].to_list(), columns)
        given = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String), "stamp": pl.Series(stamps, dtype=pl.String)})
        hosts = columns is not None and columns.hosts
        found = _judged(frame.select("place", "metadata.sequence").hstack(given), hosts=hosts)
        bad = found.filter(col("type").is_null())
        for reason, part in ((_NO_CELL, bad.filter(col("value").is_null())), (_NOTHING, bad.drop_nulls("value"))):
            if len(part):
                self._reject(block, part, reason)
        return found.drop_nulls("type")

    def _reject(self, block: Block, bad: pl.DataFrame, reason: str) -> None:
        place = bad["place"][0]
        before = block.data.split(b"\n", place)[:place]
        start = sum(map(len, before)) + len(before)
        raw = block.data[start:].partition(b"\n")[0]
        self._rejects.add(
            sequence=bad["metadata.sequence"][0], offset=block.offset + start, reason=reason, raw=raw, count=len(bad)
        )


def _objects(whole: Iterator[Block], lines: JsonLines) -> Iterator[pl.DataFrame]:
    for block in whole:
        bad: dict[str, set[int]] = {_NO_CELL: set(), _NOTHING: set()}
        frames = []
        for rows, numbers in lines.read(block, list_tables.decoder):
            values, stamps, hosts = list_tables.fields(rows)
            types_of = {"text": pl.String, "stamp": pl.String, "host": pl.Boolean, "metadata.sequence": pl.Int64}
            data = {"text": values, "stamp": stamps, "host": hosts, "metadata.sequence": list(numbers)}
            given = pl.DataFrame(data, schema=types_of)
            for part, is_host in ((given.filter("host"), True), (given.filter(~col("host")), False)):
                frames.append(_judged(part.drop("host"), hosts=is_host))
        found = pl.concat(frames).sort("metadata.sequence") if frames else pl.DataFrame()
        if not len(found):
            continue
        wrong = found.filter(col("type").is_null())
        bad[_NO_CELL] |= set(wrong.filter(col("value").is_null())["metadata.sequence"])
        bad[_NOTHING] |= set(wrong.drop_nulls("value")["metadata.sequence"])
        for reason, sequences in bad.items():
            lines.reject(block, sequences, reason)
        yield found.drop_nulls("type")


def _judged(rows: pl.DataFrame, *, hosts: bool) -> pl.DataFrame:
    """Return the rows with ``value`` and ``type`` in place of ``text``."""
    made = rows.with_columns(value=refanged(entry(col("text")))).drop("text")
    return made.with_columns(types(made["value"], hosts=hosts).alias("type"))


# ----------------------------------------------------------------------------------------------------------------- sniff


def _heading_place(said: Sequence[str]) -> int | None:
    """Return which of the first lines (none is blank) names the columns: the first, or the last comment before the first that is none."""
    if not said:
        return None
    is_comment = [_COMMENT.match(x.strip()) is not None for x in said]
    first = is_comment.index(False) if False in is_comment else len(said)
    if first < len(said) and list_tables.header(said[first]) is not None:
        return first
    if 0 < first < len(said) and (columns := list_tables.header(said[first - 1])) is not None and columns.width > 1:
        fits = len(list_tables.cut(said[first], columns.delimiter)) == columns.width
        return first - 1 if fits else None
    return None


def _header(said: Sequence[str]) -> list_tables.Columns | None:
    place = _heading_place(said[:SNIFF_LINES])
    return None if place is None else list_tables.header(said[place])


def _is_json(line: str) -> bool:
    keys = [list_tables.named(k) for k in list_tables.keys(line.encode())]
    if not set(keys) & set(list_tables.VALUES) or list_tables.LOGS & set(keys) or any("." in k for k in keys):
        return False
    row = list_tables.decoder.decode(line)
    values, _, hosts = list_tables.fields([row])
    return _mostly(values, hosts=hosts[0])


def _mostly(texts: Sequence[str | None], *, hosts: bool = False) -> bool:
    """Say whether nearly all of these are entries, and names among them end as names of the net do."""
    found = _judged(pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}), hosts=hosts)
    names = found.filter(col("type") == DOMAIN)["value"].str.strip_suffix(".").str.to_lowercase()
    ends = names.str.extract(r"([^.]+)$").to_list()
    real = sum(e.startswith("xn--") or e in _RESERVED or e in _top_levels() for e in ends)  # of SNIFF_LINES
    good = len(found) - found["type"].null_count() - (len(names) - real)
    only_files = bool(ends) and _FILES.issuperset(ends) and len(names) == len(found)
    return len(found) > 0 and good >= SNIFF_SHARE * len(found) and not only_files


@cache
def _top_levels() -> frozenset[str]:
    """Return the last labels of all public suffixes, from the list that comes with tldextract; nothing is fetched."""
    from tldextract import TLDExtract  # noqa: PLC0415 - 20 ms that only a list costs

    return frozenset(s.rpartition(".")[2] for s in TLDExtract(suffix_list_urls=(), cache_dir=None).tlds)
