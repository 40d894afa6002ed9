"""DNS, multicast DNS and LLMNR: queries and responses, paired (RFC 1035, 6762, 4795).

A row is a query with its response (activity 6), a query that nobody answered (1), or a response that nobody asked for (2); ``time`` is the
query's, else the response's. Of several questions in one message (multicast DNS) the first is kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.pcap.dns_records import Answers, class_name, read_answers, read_name, type_name
from vedette.sources.pcap.rows import Mark, Rows
from vedette.sources.pcap.streams import MORE, NOT_MINE, Dialogue

PATIENCE_US = 60_000_000
"""A query waits this long for its response."""
PENDING_LIMIT = 131_072
CACHE_LIMIT = 65_536
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
    *(
        "query.hostname",
        "query.type",
        "query.class",
        "query.packet_uid",
        "activity_id",
        "status_id",
        "rcode",
        "rcode_id",
    ),
    *("answers.rdata", "answers.type", "answers.ttl", "query_time", "response_time", "duration", "status_detail"),
)


class Query(NamedTuple):
    """A query that waits."""

    clock: int
    mark: Mark
    question: Question
    ident: int


class Response(NamedTuple):
    """What a response adds to the row of its query."""

    time: int
    rcode: int
    answers: Answers
    whole: bool


class Dns(Dialogue):
    """Pairs messages by connection and id."""

    turns = False
    stays = True

    def __init__(self) -> None:
        self._rows = Rows(EventClass.DNS_ACTIVITY, "dns", _COLUMNS)
        self._waiting: dict[tuple[int, int], Query] = {}
        self._questions: dict[bytes, Question | None] = {}
        self._clock = 0
        self._sweep_at = 0

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        """Read one message behind its two-byte length."""
        size = int.from_bytes(buffer[:2], "big") + 2
        if len(buffer) < size and not final:
            return MORE
        return size if self.message(connection, buffer[2:size], mark) else NOT_MINE

    def message(self, connection: int, raw: bytes, mark: Mark, *, strict: bool = False) -> bool:
        """Take one message; return whether it was one. ``strict``: only a plain question of a known type and class."""
        if len(raw) < _HEADER.size:
            return False
        ident, flags, questions, answers, _, _ = _HEADER.unpack_from(raw)
        question, offset = self._question(raw) if questions else (_NO_QUESTION, _HEADER.size)
        if question is None or (strict and not _is_usual(question)):
            return False
        self._tick(mark.time)
        if flags & 0x8000:
            self._respond((connection, ident), raw, mark, question, (flags & 15, questions, answers, offset))
        else:
            self._ask((connection, ident), Query(self._clock, mark, question, ident))
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

    def _ask(self, key: tuple[int, int], query: Query) -> None:
        before = self._waiting.pop(key, None)
        if before:
            self._emit(before, None)
        self._waiting[key] = query
        if len(self._waiting) > PENDING_LIMIT:
            self._emit(self._waiting.pop(next(iter(self._waiting))), None)

    def _respond(
        self, key: tuple[int, int], raw: bytes, mark: Mark, question: Question, shape: tuple[int, int, int, int]
    ) -> None:
        rcode, questions, count, offset = shape
        for _ in range(min(questions - 1, 8)):
            offset = _read_question(raw, offset)[1]
        answers, whole = read_answers(raw, offset, count) if count else (([], [], []), True)
        response = Response(mark.time, rcode, answers, whole)
        query = self._waiting.get(key)
        if query and (question[0] is None or query.question == question) and self._clock - query.clock <= PATIENCE_US:
            del self._waiting[key]
            self._emit(query, response)
        else:
            self._emit(
                Query(self._clock, mark, question if questions else _owner(raw, count), key[1]), response, asked=False
            )

    def _emit(self, query: Query, response: Response | None, *, asked: bool = True) -> None:
        mark = query.mark
        if response is None:
            self._rows.add(
                (*query.question, query.ident, 1, 0, None, None, None, None, None, mark.time, None, None, None, mark)
            )
            return
        code = response.rcode if response.rcode < len(RCODES) else UNASSIGNED
        self._rows.add(
            (
                *query.question,
                query.ident,
                6 if asked else 2,
                2 if code else 1,
                RCODES[code] if code != UNASSIGNED else "Unassigned",
                code,
                *response.answers,
                mark.time if asked else None,
                response.time,
                (response.time - mark.time) // 1000 if asked else None,
                None if response.whole else "answers cut off or malformed",
                mark,
            )
        )

    def _tick(self, time: int) -> None:
        if time > self._clock:
            self._clock = time
            if time > self._sweep_at:
                self._sweep_at = time + SWEEP_US
                self.expire(time)

    def expire(self, now: int) -> None:
        while self._waiting:
            key, query = next(iter(self._waiting.items()))
            if self._clock - query.clock <= PATIENCE_US:
                return
            self._emit(self._waiting.pop(key), None)

    def close(self) -> None:
        for query in self._waiting.values():
            self._emit(query, None)
        self._waiting.clear()

    def batches(self) -> Iterator[EventBatch]:
        return self._rows.batches()


def _read_question(raw: bytes, offset: int = 12) -> tuple[Question | None, int]:
    """Return a question, None when it is malformed, and where it ends."""
    try:
        name, end = read_name(raw, offset)
        kind, group = _KIND.unpack_from(raw, end)
    except (ValueError, struct.error):
        return None, len(raw)
    return (name, type_name(kind), class_name(group)), end + 4


def _owner(raw: bytes, count: int) -> Question:
    """Return the name and type of the first record of a response without a question, as multicast DNS announces."""
    return _read_question(raw)[0] or _NO_QUESTION if count else _NO_QUESTION


def _is_usual(question: Question) -> bool:
    name, kind, group = question
    return bool(name and "\\" not in name and kind and kind[:4] != "TYPE" and group and group[:5] != "CLASS")
