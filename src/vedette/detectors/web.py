"""Attacks in HTTP requests, by what the requests say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features import web_decode as w
from vedette.features import web_facts as f
from vedette.features.web_request import WebRequest
from vedette.features.web_tokens import BITS, runs_of
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block, Floats, facts
from vedette.scoring.ngrams import Corpus, corpus

Floats32 = npt.NDArray[np.float32]

SUMS = (2, 3, 4, 5, 6, 8, 10, 13)
"""The strengths of all facts that hold are added up; the sum, and each of these that it reaches, is evidence, whatever the attack."""
ENOUGH = 16
"""Strengths together beyond which more of them says no more."""
DEEP = 3
"""Layers of percent encoding that no honest client needs."""
FEW = 12
"""Runs of tokens below which it cannot be told whether a request is like those of training."""
_SHOWN, _CUT = 3, 80
_BINARY = 0.2
_SERVED, _FAILED = (200, 299), (500, 599)

TECHNIQUES: dict[str, tuple[str, ...]] = {
    f.SQL: ("T1190",),
    f.SCRIPT: ("T1190", "T1059.007"),
    f.FILES: ("T1190", "T1083"),
    f.COMMAND: ("T1190", "T1059.004"),
    f.TEMPLATE: ("T1190", "T1059"),
    f.LOOKUP: ("T1190",),
    f.MARKUP: ("T1190",),
    f.HEADER: ("T1190",),
    f.SHELL: ("T1505.003",),
    f.PROBE: ("T1595.002", "T1595.003"),
    f.OTHER: ("T1190",),
}
DEEDS = {
    f.PROBE: "looked for weak spots",
    f.SHELL: "called a web shell",
    f.FILES: "tried to read files of the server",
    f.OTHER: "tried an attack",
}
"""What was done, where "tried" and the name of the kind would read badly."""
GRADES = {f.PROBE: Severity.LOW, f.LOOKUP: Severity.HIGH, f.SHELL: Severity.HIGH}
"""If the server did not do as asked; one step more where it answered with success. Others are of medium severity."""


class Web(Learned):
    """An attack on a web application, in the path, a parameter, the user agent or the referrer of a request.

    What is normal: words in any language, numbers, identifiers, addresses of pages, JSON, filters, even quotes and words of SQL among
    others. What is hostile: text that leaves the place it was meant for: quotes followed by operators, elements with event handlers, steps
    up in the folder tree, commands behind separators, expressions of template engines, lookups of logging libraries, files that no link
    leads to, calls of web shells.

    The request is decoded first (percent, also of percent, Unicode, base64, entities, comments, nested lookups). The statistic is a sum of
    evidence in nats (logistic regression): the sum of the strengths of all facts, as their author sees them, and on top of that what
    training adds for single facts and for runs of one to four tokens, where all words but a closed vocabulary count by their shape. Both
    additions are held back, so an attack in a style that no training item had is judged by the facts alone. No evidence lowers the score:
    what is added to an attack cannot make it look harmless (Incer et al., "Adversarially robust malware detection using monotonic
    classification", 2018). One thing can be taken away by adding: signs count for less in a value that is a sentence. Kruegel and Vigna,
    "Anomaly detection of web-based attacks" (CCS 2003) read the same parts of requests.

    Known false positives:
        - administrators and programmers who send code through their own applications: SQL consoles, template editors, paste sites
        - security training, and search queries that hold an attack word for word
        - a vulnerability scan that you ordered
        - questions about code in a search field (3 % of them, where no such questions were trained on)

    Blind spots:
        - what stands in the body of a POST or in cookies: logs do not hold it
        - encrypted requests, unless the server logs them
        - bare probes (a lone quote, ``ls``), and addresses of other servers in a parameter, which honest requests hold too
        - an attack wrapped in a sentence within its own value, where its signs are weak
        - attacks on logic: other people's numbers in an honest parameter, stolen sessions, guessing
        - a web shell with a password protocol of its own, called by POST

    The kind of attack is the one that the facts speak of most. Scans are of low severity, web shells and lookups of high, others of medium;
    one step more where the server answered with success.
    """

    name = "web"
    title = "Attack on a web application"
    needs = WebRequest
    analytic = Analytic.LEARNING
    techniques = tuple(dict.fromkeys(t for told in TECHNIQUES.values() for t in told))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "site"), Role(EntityKind.ADDRESS, "dst_endpoint.ip"))
    familiar = "runs"

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        pieces = runs_of(rows["text"])
        held = rows["facts"].to_numpy().astype(np.uint64)
        return [
            Block("runs", 1 << BITS, pieces.starts, pieces.slot, begin=pieces.begin, length=pieces.length),
            _facts(held, rows["odd"].to_numpy(), (rows["layers"] >= DEEP).to_numpy()),
            facts("sums", _sums("all", f.strengths(held)) | _sums("clear", rows["clear"].to_numpy())),
        ]

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        unread = pl.col("text").str.count_matches(r"[\x01]") > _BINARY * pl.col("text").str.len_chars()
        quiet = pl.col("facts") == 0
        return rows.select(
            pl.when(pl.col("long") & quiet)
            .then(pl.lit("it is longer than 16,384 characters, and nothing in those looks hostile"))
            .when(unread & quiet)
            .then(pl.lit("it is binary, no text"))
            .alias("unsuited")
        ).to_series()

    def known_shares(self, blocks: Sequence[Block]) -> Floats:
        """Return the share of known runs; 1 where there are too few to tell, or where the signs of an attack are plain."""
        pieces, sums = blocks[0], blocks[2]
        plain = np.zeros(len(sums), np.bool_)
        plain[sums.owners()[sums.slot == _PLAIN]] = True
        few = np.diff(pieces.starts) < FEW
        return np.where(few | plain, 1.0, super().known_shares(blocks))

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        pieces, held, sums = self.encode(rows)
        texts, nats = corpus(rows["text"]), self.model.form.nats(pieces)
        fact_nats, sum_nats = self.model.form.nats(held), self.model.form.nats(sums)
        out = []
        for i, row in enumerate(rows.iter_rows(named=True)):  # hits only: few
            found = _by_part(texts, pieces, nats, i)
            within = slice(held.starts[i], held.starts[i + 1])
            several = float(sum_nats[sums.starts[i] : sums.starts[i + 1]].sum())
            found += _by_fact(row, held.slot[within].tolist(), fact_nats[within].tolist(), several)
            kept = [c for c in found if c.nats]
            total = float(nats[pieces.starts[i] : pieces.starts[i + 1]].sum() + fact_nats[within].sum()) + several
            rest = total - sum(c.nats for c in kept)
            out.append([*kept, Contribution("everything else", rest, "text")])
        return out

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return [self.title if k == f.OTHER else k[0].upper() + k[1:] for k in rows["kind"]]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [TECHNIQUES[k] for k in rows["kind"]]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        served = rows["answer"].is_between(*_SERVED).fill_null(value=False)
        graded = [GRADES.get(k, Severity.MEDIUM) for k in rows["kind"]]
        return [Severity(min(g + s, Severity.CRITICAL)) for g, s in zip(graded, served, strict=True)]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return [_sentence(row) for row in rows.iter_rows(named=True)]  # hits only: few


def _facts(held: npt.NDArray[np.uint64], odd: npt.NDArray[np.bool_], deep: npt.NDArray[np.bool_]) -> Block:
    """Return the block of single facts, and of encodings behind them."""
    table = np.zeros((len(held), len(f.FACTS) + 2), np.bool_)
    some = np.flatnonzero(held)  # most requests have none
    table[some, : len(f.FACTS)] = (held[some, None] >> np.arange(len(f.FACTS), dtype=np.uint64)) & np.uint64(1)
    table[:, -2], table[:, -1] = odd, deep
    owner, slot = np.nonzero(table)
    starts = np.searchsorted(owner, np.arange(len(table) + 1)).astype(np.int64)
    return Block("facts", table.shape[1], starts, slot.astype(np.uint32))


def _sums(name: str, strength: Floats32) -> dict[str, Floats32]:
    """Return columns of evidence for (n,) strengths together: how much, and which of ``SUMS`` are reached."""
    steps = {f"{name}_{least}": (strength >= least).astype(np.float32) for least in SUMS}
    return {name: np.minimum(strength, np.float32(ENOUGH))} | steps


_PLAIN = 1 + len(SUMS) + 1 + SUMS.index(5)
"""The slot of ``clear_5``."""


def _by_part(texts: Corpus, pieces: Block, nats: np.ndarray[Any, Any], item: int) -> list[Contribution]:
    """Return what the runs of tokens of an item add, part by part of the request."""
    base, end = int(texts.starts[item]), int(texts.starts[item + 1])
    data = texts.data[base:end].tobytes()
    begin, length = pieces.begin, np.asarray(pieces.length)
    assert begin is not None  # noqa: S101 - ``encode`` gives it
    parts: dict[str, list[tuple[float, str]]] = {}
    for entry in range(int(pieces.starts[item]), int(pieces.starts[item + 1])):
        at = int(begin[entry]) - base
        where = _where(data.decode("utf-8", "replace") if not data.isascii() else data.decode("ascii"), at, data)
        said = data[at : at + int(length[entry])].decode("utf-8", "replace")
        parts.setdefault(where, []).append((float(nats[entry]), _shown(said)))
    out = []
    for where, entries in parts.items():
        entries.sort(key=lambda e: (-e[0], e[1]))
        best = ", ".join(f"`{said}`" for nat, said in entries[:_SHOWN] if nat > 0)
        if best:
            out.append(Contribution(f"the way {where} is written: {best}", sum(n for n, _ in entries), "text"))
    return out


def _by_fact(row: dict[str, Any], slots: list[int], nats: list[float], several: float) -> list[Contribution]:
    """Return what the facts of an item add, and its encodings; what the sum of their strengths adds is shared out by strength."""
    strengths = [f.FACTS[slot].strength if slot < len(f.FACTS) else 0 for slot in slots]
    each = several / (sum(strengths) or 1)
    out = []
    for slot, strength, nat in zip(slots, strengths, nats, strict=True):
        if slot < len(f.FACTS):
            fact = f.FACTS[slot]
            where, said = _found(row, fact)
            told = f"{fact.said} in {where}: `{said}`" if said else fact.said
            out.append(Contribution(told, nat + each * strength, fact.name))
        elif slot == len(f.FACTS):
            out.append(Contribution("an encoding that no honest client uses", nat, "odd"))
        else:
            out.append(Contribution(f"{row['layers']} layers of percent encoding", nat, "layers"))
    return out


@lru_cache(maxsize=len(f.FACTS))
def _pattern(fact: f.Fact) -> re.Pattern[str]:
    return re.compile(fact.pattern, re.ASCII)


_LONGEST_SEARCHED = 2_000
"""Characters in which the place of a fact is looked for: Python's matcher is not linear."""


def _found(row: dict[str, Any], fact: f.Fact) -> tuple[str, str]:
    """Return in which part of the request a fact holds, and the piece of text."""
    text = row["text"][:_LONGEST_SEARCHED]
    match = _pattern(fact).search(text)
    if match is None:
        match = _pattern(fact).search(w.AGENT + row["agent"])
        return ("the user agent", _shown(match[0])) if match else ("", "")
    at = match.start() + len(match[0]) - len(match[0].lstrip("".join(_MARKS)))
    if w.VALUE in match[0]:
        at = match.start() + match[0].rindex(w.VALUE) + 1
    at = min(at, len(text) - 1)
    return _where(text, at), _shown(_around(text, at, max(match.end(), at)))


_MARKS = (w.PATH, w.NAME, w.VALUE, w.AGENT, w.REFERRER, w.HIDDEN)
_MARK = re.compile("[" + "".join(_MARKS) + "]")
_PARTS = {w.PATH: "the path", w.AGENT: "the user agent", w.REFERRER: "the referrer"}


def _around(text: str, begin: int, end: int) -> str:
    """Return the part of a request that a piece stands in, or as much of it on both sides as is shown."""
    first = max((text.rfind(m, 0, begin) for m in _MARKS), default=-1) + 1
    last = next(
        (i for i in range(begin, min(len(text), begin + _CUT * 2)) if text[i] in _MARKS),
        min(len(text), begin + _CUT * 2),
    )
    if last - first <= _CUT:
        return text[first:last]
    return text[max(first, begin - (_CUT - min(end - begin, _CUT)) // 2) : last]


def _where(text: str, at: int, data: bytes | None = None) -> str:
    """Return the words for the part of a request that a place is in; ``at`` counts bytes where ``data`` is given."""
    before = data[: at + 1].decode("utf-8", "replace") if data is not None else text[: at + 1]
    place = max((before.rfind(m) for m in _MARKS), default=-1)
    if place < 0:
        return "the path"
    mark = before[place]
    if mark in _PARTS:
        return _PARTS[mark]
    name = before.rfind(w.NAME)
    told = _shown(_MARK.split(text[name + 1 : name + 1 + _CUT], maxsplit=1)[0])
    kind = (
        "hidden text of parameter" if mark == w.HIDDEN else "the name of parameter" if mark == w.NAME else "parameter"
    )
    return f"{kind} `{told}`" if told else "a parameter without a name"


def _shown(text: str) -> str:
    """Return a piece of a request fit for a report: one line, no marks, not long."""
    clear = "".join(c if c.isprintable() else " " for c in text.replace("`", "'"))
    clear = re.sub(r"\s+", " ", clear).strip()
    return clear[: _CUT - 1] + "…" if len(clear) > _CUT else clear


def _sentence(row: dict[str, Any]) -> str:
    held = [fact for i, fact in enumerate(f.FACTS) if row["facts"] >> i & 1]
    of_kind = sorted((x for x in held if x.kind == row["kind"]), key=lambda x: -x.strength)
    who = row["src_endpoint.ip"] or "Somebody"
    deed = DEEDS.get(row["kind"], f"tried {row['kind']}")
    path = _shown(_MARK.split(row["text"][1:400], maxsplit=1)[0]) or "/"
    where, said = _found(row, of_kind[0]) if of_kind else ("", "")
    told = f"; {where} holds `{said}`" if said else ""
    answer = row["answer"]
    end = "" if answer is None else f"; the server answered {answer}"
    return f"{who} {deed} on {row['site'] or 'a web site'}: {row['method'] or 'a request'} {path}{told}{end}."
