"""Access logs of web servers and proxies: common and combined lines, W3C extended (IIS), JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, ClassVar

import polars as pl

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.jsonlines import JsonLines
from vedette.events.lines import Block, blocks
from vedette.events.schema import EventClass
from vedette.sources.weblog.access_lines import STARTS, read_lines
from vedette.sources.weblog.json_lines import is_access_json, read_json
from vedette.sources.weblog.numbered import Numbered
from vedette.sources.weblog.w3c_lines import W3cLines, fields_of
from vedette.sources.weblog.web_rows import batch

SNIFF_LINES = 10
_BOM = b"\xef\xbb\xbf"
_CARRIED = re.compile(rb"^(?:\xef\xbb\xbf)?(#(?:Fields|Date):)[^\n]*\n", re.MULTILINE)
"""Directives that say how the lines behind them are to be read."""
_DIRECTIVE = re.compile(rb"#(?:Fields|Software|Version|Date|Start-Date|Remark):")

_EXAMPLE = b"""\
192.0.2.7 - - [05/Mar/2026:08:01:12 +0100] "GET /shop?page=2 HTTP/1.1" 200 5120 "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64)"
192.0.2.7 - ada [05/Mar/2026:08:01:15 +0100] "POST /login HTTP/1.1" 302 - "https://shop.example/login" "Mozilla/5.0 (X11; Linux x86_64)"
2001:db8::7 - - [05/Mar/2026:08:02:01 +0100] "GET /robots.txt HTTP/2.0" 404 153 "-" "crawler/1.0 (\\"polite\\")" "198.51.100.4" 0.012
shop.example:443 203.0.113.9 - - [05/Mar/2026:08:02:44 +0100] "HEAD / HTTP/1.0" 200 0 "-" "-"
203.0.113.9 - - [05/Mar/2026:08:03:10 +0100] "\\x16\\x03\\x01\\x02\\x00\\x01" 400 226
"""


class WebLog(Source):
    """Reads access logs: common and combined lines (Apache, nginx, Traefik), W3C extended (IIS, CloudFront), JSON (Caddy, Traefik, nginx).

    The client is whom the server names: behind a proxy that is the proxy, unless the server was told to log the address forwarded to it.
    A server whose log has neither its name nor its address stays unnamed. A request line that is none (binary, cut off) is kept in
    ``message``. Times without an offset are in the zone of the input, those of W3C logs in UTC. What follows the agent in a line, and W3C
    fields without a column, stand in ``unmapped``; JSON keys that are not known are dropped.
    """

    name = "weblog"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.HTTP_ACTIVITY,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "access.log", records=5)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        head = head.removeprefix(_BOM)
        lines = head.decode("utf-8", "replace").replace("\r", "").split("\n")[:SNIFF_LINES]
        if _DIRECTIVE.match(head):
            return any(x.startswith("#Fields:") and fields_of(x.removeprefix("#Fields:")) is not None for x in lines)
        return is_access_json(head) or (b'] "' in head and pl.Series(lines).str.contains(STARTS).any())

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        if not _DIRECTIVE.match(data.removeprefix(_BOM)):
            return b""
        found = {line[1]: line[0] for line in _CARRIED.finditer(data)}
        return b"".join(found.values())

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        numbered, objects = Numbered(self.name), JsonLines(self.name)
        cut: SourceError | None = None
        try:
            for frame in self._frames(blocks(stream), numbered, objects):
                if len(frame):
                    yield batch(frame)
        except SourceError as error:
            cut = error
        for rejects in (numbered.rejects, objects.rejects):
            if rejects:
                yield rejects.batch()
        if cut:
            raise cut

    def _frames(self, whole: Iterator[Block], numbered: Numbered, objects: JsonLines) -> Iterator[pl.DataFrame]:
        """Yield the requests, by the reader that the first line asks for."""
        first = next(whole, None)
        if first is None:
            return
        head, again = first.data[:64].removeprefix(_BOM).lstrip(), chain((first,), whole)
        if _DIRECTIVE.match(head):
            yield from W3cLines(numbered).read(again)
        elif head.startswith(b"{"):
            yield from read_json(again, self.origin.zone, objects)
        else:
            yield from read_lines(again, self.origin.zone, numbered)
