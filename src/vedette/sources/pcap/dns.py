"""DNS, multicast DNS and LLMNR: queries and responses, paired (RFC 1035, 6762, 4795).

A row is a query with its response (activity 6), a query that nobody answered (1), or a response that nobody asked for (2); ``time`` is the
query's, else the response's. Of several questions in one message (multicast DNS) the first is kept.
"""

from __future__ import annotations

import struct

import polars as pl

from vedette.events.schema import EventClass
from vedette.sources.pcap.dns_records import Answers, class_name, read_answers, read_name, type_name
from vedette.sources.pcap.messages import Ends, Mark, MessageRows
from vedette.sources.pcap.streams import MORE, NOT_MINE, Dialogue

PATIENCE_US = 60_000_000
"""A query waits this long for its response."""
PENDING_LIMIT = 65_536
CACHE_LIMIT = 32_768
QUESTION_LIMIT = 32
SWEEP_US = 10_000_000

RCODES = (
    *(
        "NoError",
        "FormError",
        "ServError",
        "NXDomain",
        "NotImp",
        "Refused",
        "YXDomain",
        "YXRRSet",
        "NXRRSet",
        "NotAuth",
    ),
    *("NotZone", "DSOTYPENI"),
)
UNASSIGNED = 24
_HEADER = struct.Struct("!HHHHHH")
_KIND = struct.Struct("!HH")

Question = tuple[str | None, str | None, str | None]
"""Name, type, class."""
_NO_QUESTION: Question = (None, None, None)

_COLUMNS = (
    *("query.hostname", "query.type", "query.class", "query.packet_uid", "activity_id", "rcode_id"),
    *("answers.rdata", "answers.type", "answers.ttl", "response_time", "status_detail"),
)
_QUERY, _RESPONSE, _TRAFFIC = 1, 2, 6
_IS_RESPONSE, _RCODE = 0x8000, 15
_CUT = "answers cut off or malformed"
_NO_ANSWERS: Answers = ("", "", "")

_Mark = tuple[int, int, Ends]
"""A ``Mark``, or a plain tuple like it: this is the one dialogue with hundreds of thousands of messages a second."""
_Query = tuple[int, _Mark, Question, int]
"""Clock, packet, question and id of a query that waits."""


class Dns(Dialogue):
    """Pairs messages by connection and id."""

    stays = True

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.DNS_ACTIVITY, "dns", _COLUMNS, _derive)
        self._waiting: dict[tuple[int, int], _Query] = {}
        self._questions: dict[bytes, Question | None] = {}
        self._clock = 0
        self._sweep_at = 0

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        """Read one message behind its two-byte length."""
        size = int.from_bytes(buffer[:2], "big") + 2
        if len(buffer) < size and not final:
            return MORE
        return size if self.message(connection, buffer[2:size], mark) else NOT_MINE

    def message(self, connection: int, raw: bytes, mark: _Mark, *, strict: bool = False) -> bool:
        """Take one message; return whether it was one. ``strict``: only a plain question of a known type and class."""
        if len(raw) < _HEADER.size:
            return False
        ident, flags, questions, answers = _HEADER.unpack_from(raw)[:4]
        question, offset = self._question(raw) if questions else (_NO_QUESTION, _HEADER.size)
        if question is None or (strict and not _is_usual(question)):
            return False
        if mark[0] > self._clock:
            self._clock = mark[0]
            if mark[0] > self._sweep_at:
                self._sweep_at = mark[0] + SWEEP_US
                self.expire(mark[0])
        if not flags & _IS_RESPONSE:
            self._ask((connection, ident), (self._clock, mark, question, ident))
            return True
        if questions > 1:
            offset = _skip_questions(raw, offset, questions - 1)
        found, whole = read_answers(raw, offset, answers) if answers else (_NO_ANSWERS, True)
        if not questions and answers:
            question = _read_question(raw)[0] or _NO_QUESTION  # multicast DNS announces records that nobody asked for
        query = self._match((connection, ident), question if questions else None)
        head, activity = (query[1:], _TRAFFIC) if query else ((mark, question, ident), _RESPONSE)
        detail = None if whole else _CUT
        self.rows.add((*head[1], ident, activity, flags & _RCODE, *found, mark[0], detail, head[0]))
        return True

    def _question(self, raw: bytes) -> tuple[Question | None, int]:
        """Return the first question and where it ends; parsed once for each distinct sequence of bytes."""
        end = raw.find(0, 12) + 5
        key = raw[12:end]
        if key in self._questions:
            return self._questions[key], end
        question, after = _read_question(raw)
        if after == end:
            if len(self._questions) >= CACHE_LIMIT:
                self._questions.clear()
            self._questions[key] = question
        return question, after

    def _ask(self, key: tuple[int, int], query: _Query) -> None:
        before = self._waiting.pop(key, None)
        if before:
            self._lose(before)
        self._waiting[key] = query
        if len(self._waiting) > PENDING_LIMIT:
            self._lose(self._waiting.pop(next(iter(self._waiting))))

    def _match(self, key: tuple[int, int], question: Question | None) -> _Query | None:
        """Return the query that waits for this response: of the same question, where the response repeats it."""
        query = self._waiting.get(key)
        if query is None or (question and question != query[2]) or self._clock - query[0] > PATIENCE_US:
            return None
        return self._waiting.pop(key)

    def _lose(self, query: _Query) -> None:
        _, mark, question, ident = query
        self.rows.add((*question, ident, _QUERY, None, "", "", "", None, None, mark))

    def ends_other(self, connection: int) -> bool:
        return False

    def expire(self, now: int) -> None:
        while self._waiting:
            key, query = next(iter(self._waiting.items()))
            if self._clock - query[0] <= PATIENCE_US:
                return
            self._lose(self._waiting.pop(key))

    def close(self) -> None:
        for query in self._waiting.values():
            self._lose(query)
        self._waiting.clear()


def _derive(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what follows from other columns; unassigned codes become 24, as OCSF counts them."""
    code = pl.col("rcode_id")
    code = pl.when(code < len(RCODES)).then(code).when(code.is_not_null()).then(UNASSIGNED).cast(pl.Int32)
    asked = pl.col("activity_id") != _RESPONSE
    names = {**dict(enumerate(RCODES)), UNASSIGNED: "Unassigned"}
    return frame.with_columns(
        code.alias("rcode_id"),
        code.replace_strict(names, default=None, return_dtype=pl.String).alias("rcode"),
        pl.when(code == 0).then(1).when(code.is_not_null()).then(2).otherwise(0).cast(pl.Int32).alias("status_id"),
        pl.when(asked).then("time").alias("query_time"),
        pl.when(asked).then(pl.col("response_time") - pl.col("time")).dt.total_milliseconds().alias("duration"),
    )


def _read_question(raw: bytes, offset: int = 12) -> tuple[Question | None, int]:
    """Return a question, None when it is malformed, and where it ends."""
    try:
        name, end = read_name(raw, offset)
        kind, group = _KIND.unpack_from(raw, end)
    except (ValueError, struct.error):
        return None, len(raw)
    return (name, type_name(kind), class_name(group)), end + 4


def _skip_questions(raw: bytes, offset: int, count: int) -> int:
    for _ in range(min(count, QUESTION_LIMIT)):
        offset = _read_question(raw, offset)[1]
    return offset


def _is_usual(question: Question) -> bool:
    name, kind, group = question
    return bool(name and "\\" not in name and kind and kind[:4] != "TYPE" and group and group[:5] != "CLASS")
