"""URLs that lead to phishing or malware, by what the URL itself says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features.url import Url as UrlRows
from vedette.features.url_evidence import CROSSED, EDGES, WORDS, binned, crossed, measures
from vedette.features.url_facts import SERVICES
from vedette.features.url_parts import LONGEST
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block, facts
from vedette.scoring.ngrams import Corpus, Pieces, corpus, ngrams, span_hashes, word_places, words

HOST_ORDERS, TAIL_ORDERS = (3, 5), (4,)
GRAM_BITS, WORD_BITS, SUFFIX_BITS = 18, 17, 12
TAIL_READ = 300
"""Characters of path, query and fragment whose pieces are weighed."""
_SHORT = 6
"""Pieces of a text with fewer count as if it had so many: a short name is weak evidence."""
_PORTS = (80, 443)
_HIGH_PORT = 1024
_OPAQUE = ("data", "javascript", "vbscript")

FACTS: dict[str, str] = {
    "brand": "the name {brand} stands in a host that is not its own",
    "brand_tail": "the name {brand_tail} stands in the path of a host that is not its own",
    "alike": "a word of the host looks like {alike}",
    "redirect": "path or query holds another URL ({redirect})",
    "user": "something stands before an @: a browser ignores it",
    "punycode": "letters of other scripts in the host name (punycode)",
    "address": "an address instead of a name",
    "hidden_address": "an address written as one number, in hexadecimal or octal",
    "port": "port {port}",
    "high_port": "port {port}",
    "hosted": "anybody can have a page at {parent}",
    **{f"service_{k}": f"the host is of a service: {name}" for k, name in enumerate(SERVICES, 1)},
}
"""Facts, in the order of their slots; what is between braces is a column."""


class Url(Learned):
    """A URL that leads to phishing or malware, judged by the URL alone: nothing is fetched or resolved.

    What is normal: names made for people, on their owner's domain, with paths that say what is there. What is hostile: protected names
    on other people's domains, names made by programs, words of log-in and payment, many levels below a young name, hosts that anybody
    can have, addresses instead of names.

    The statistic is a sum of evidence in nats (logistic regression): pieces of three and of five characters of the host without its public
    suffix and of four of path and query, words, bins of 30 measures, the suffix, and facts. Scheme, leading ``www.`` and a
    slash at the end are taken off first, and home pages and deep links weigh the same in training: neither says anything. After Ma, Saul,
    Savage, Voelker, "Beyond blacklists: learning to detect malicious web sites from suspicious URLs" (KDD 2009).

    Known false positives:
        - links of newsletters and advertising through click counters with long codes
        - young companies with made-up names, above all under cheap suffixes
        - security reports whose path names a brand and an attack
        - pages of honest people at hosts that anybody can have (``github.io``): which of those were in training decides much

    Blind spots:
        - a hostile page on a respectable site that was broken into, or behind a link shortener
        - names that look like those of ordinary small firms
        - what is behind the URL: it is never opened
        - data: and javascript: links, which hold their content themselves
    """

    name = "url"
    title = "Hostile URL"
    needs = UrlRows
    analytic = Analytic.LEARNING
    techniques = ("T1566.002", "T1204.001")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip", otherwise=Role(EntityKind.DOMAIN, "domain"))
    targets = (Role(EntityKind.DOMAIN, "gone_to"), Role(EntityKind.URL, "url"))
    familiar = "host3"

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        hosts, tails = _hosts(rows), _tails(rows)
        suffixes = _suffixes(rows)
        measured = binned(measures(rows, hosts, tails))
        return [
            *(_grams(f"host{n}", hosts, n) for n in HOST_ORDERS),
            *(_grams(f"path{n}", tails, n) for n in TAIL_ORDERS),
            _words("host_words", hosts),
            _words("path_words", tails),
            measured,
            crossed(measured, suffixes),
            Block(
                "suffix",
                1 << SUFFIX_BITS,
                np.arange(rows.height + 1, dtype=np.int64),
                (suffixes >> np.uint64(64 - SUFFIX_BITS)).astype(np.uint32),
            ),
            _facts(rows),
            facts("visited", {"visited": rows["visited"].to_numpy().astype(np.float32)}),
        ]

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        dotted = pl.col("host").str.contains(r"[.:]")
        odd = pl.col("host").str.contains(r"[\s<>\"{}|^`,;!$&'()*+=~\[\]]|\.\.|^\.")
        return rows.select(
            pl.when(pl.col("size") > LONGEST)
            .then(pl.format("it is longer than {} characters", pl.lit(f"{LONGEST:,}")))
            .when(pl.col("scheme").is_in(_OPAQUE))
            .then(pl.lit("it holds its content itself and names no host"))
            .when(pl.col("host") == "")
            .then(pl.lit("it names no host"))
            .when(odd | (pl.col("host").str.len_bytes() > _LONGEST_HOST))
            .then(pl.lit("it is no URL: no host can have such a name"))
            .when(~dotted)
            .then(pl.lit("its host is no name of the Internet"))
            .alias("unsuited")
        ).to_series()

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        blocks = {b.name: b for b in self.encode(rows)}
        hosts, tails = _hosts(rows), _tails(rows)
        found = [
            self._by_word(hosts, [b for n, b in blocks.items() if n.startswith("host")], "{} in the host name", "host"),
            self._by_word(tails, [b for n, b in blocks.items() if n.startswith("path")], "{} in path or query", "tail"),
            self._by_form(rows, blocks, measures(rows, hosts, tails)),
            self._by_fact(rows, blocks["facts"]),
            _Seen(*_of_rows(self.model.form.sums(blocks["visited"])), lambda _: ("a much-visited site", "visited")),
        ]
        return _strongest(found, rows.height)

    def _by_word(self, texts: Corpus, blocks: list[Block], told: str, attribute: str) -> _Seen:
        """Return what the pieces add, each counted for the word that its middle is in."""
        begin, end = word_places(texts)
        first = np.searchsorted(begin, texts.starts)  # of each text
        begin, end = np.append(begin, len(texts.data)), np.append(end, len(texts.data))
        rest = len(begin) - 1 + np.arange(len(texts))  # what is in no word, text by text
        nats = np.zeros(len(begin) - 1 + len(texts))
        for block in blocks:
            owner = block.owners()
            middle = block.begin + np.asarray(block.length) // 2 if block.begin is not None else owner
            word = np.minimum(np.searchsorted(begin[:-1], middle, side="right"), first[owner + 1]) - 1
            word = np.where(
                word >= first[owner], word, np.where(first[owner + 1] > first[owner], first[owner], rest[owner])
            )
            nats += np.bincount(word, self.model.form.nats(block), minlength=len(nats))
        row = np.concatenate([np.repeat(np.arange(len(texts)), np.diff(first)), np.arange(len(texts))])

        def text(k: int) -> tuple[str, str]:
            word = texts.data[begin[k] : end[k]].tobytes().decode("utf-8", "replace") if k < len(begin) - 1 else "signs"
            return told.format(f"“{word[:_WORD_SHOWN]}”"), attribute

        return _Seen(row, nats, text)

    def _by_form(self, rows: pl.DataFrame, blocks: dict[str, Block], values: dict[str, npt.NDArray[np.int64]]) -> _Seen:
        """Return what the measures, alone and together, and the public suffix add, in four families; each names its strongest measure."""
        n, nats = rows.height, self.model.form.nats
        alone = nats(blocks["measures"]).reshape(n, len(EDGES))
        together = nats(blocks["together"]).reshape(n, len(CROSSED))
        total = alone @ _member(list(EDGES)) + together @ _member([c[0] if "suffix" in c else c[-1] for c in CROSSED])
        total[:, -1] += self.model.form.sums(blocks["suffix"])
        hosts, sizes, named = rows["host"].to_list(), rows["suffix_size"].to_list(), list(EDGES)
        strongest = []  # of each row, family by family
        for family, (_, _, members) in enumerate(_FORMS[:-1]):
            inside = np.array([named.index(m) for m in members])
            strongest.append(inside[np.argmax(alone[:, inside] * np.sign(total[:, [family]]), axis=1)].tolist())

        def text(k: int) -> tuple[str, str]:
            row, family = divmod(k, len(_FORMS))
            told, attribute, members = _FORMS[family]
            if not members:
                return (told.format(hosts[row][-sizes[row] :]) if sizes[row] else "no name"), attribute
            measure = named[strongest[family][row]]
            value = int(values[measure][row])
            return f"{told} ({WORDS[measure].format(value)})" if value >= 0 else f"{told} (none)", attribute

        return _Seen(np.repeat(np.arange(n), len(_FORMS)), total.ravel(), text)

    def _by_fact(self, rows: pl.DataFrame, block: Block) -> _Seen:
        told, named = list(FACTS.values()), list(FACTS)
        owner, slot = block.owners(), block.slot.tolist()
        rows_of, shown = (
            owner.tolist(),
            {c: rows[c].to_list() for c in ("brand", "brand_tail", "alike", "redirect", "port", "site")},
        )

        def text(k: int) -> tuple[str, str]:
            known = {c: values[rows_of[k]] for c, values in shown.items()}
            return told[slot[k]].format(**known, parent=known["site"].partition(".")[2]), named[slot[k]]

        return _Seen(owner, self.model.form.nats(block), text)

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        shown = pl.col("url").str.head(120).str.replace("(?i)^http", "hxxp").str.replace_all(".", "[.]", literal=True)
        told = pl.coalesce(
            pl.format("{} asked for {}, which looks like phishing or malware.", "src_endpoint.ip", shown),
            pl.format("The URL {} looks like phishing or malware.", shown),
        )
        return rows.select(told).to_series().to_list()


_SUBDOMAINS = ("labels", "sub_size", "sub_digits", "sub_hyphens", "sub_vowel_percent")
_TAIL = tuple(EDGES)[tuple(EDGES).index("tail_size") :]
_NAME = tuple(m for m in EDGES if m not in (*_SUBDOMAINS, *_TAIL))
_FORMS = (
    ("form of the name", "host", _NAME),
    ("form of the subdomains", "host", _SUBDOMAINS),
    ("form of path and query", "tail", _TAIL),
    ("a name of this form under .{}", "domain", ()),
)
"""Families of measures as an analyst is told of them; the last is of the public suffix."""


def _member(measured: list[str]) -> npt.NDArray[np.float64]:
    """Return (n_measures, n_families): 1 where a measure is of a family; what is not in ``EDGES`` is of the last."""
    family = [next((k for k, (_, _, members) in enumerate(_FORMS) if m in members), len(_FORMS) - 1) for m in measured]
    return np.eye(len(_FORMS))[family]


_LONGEST_HOST = 253
_WORD_SHOWN = 40
KEPT = 9
"""Contributions of a row that are told one by one; the rest is one entry."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one family of evidence adds: to which row, how much, and the words for the k-th, made when they are needed."""

    row: npt.NDArray[np.int64]
    nats: npt.NDArray[np.float64]
    text: Callable[[int], tuple[str, str]]


def _of_rows(nats: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    return np.arange(len(nats), dtype=np.int64), nats


def _strongest(found: list[_Seen], n: int) -> list[list[Contribution]]:
    """Return for each of n rows the contributions of most weight, strongest first, and all others as one."""
    row = np.concatenate([s.row for s in found])
    nats = np.concatenate([s.nats for s in found])
    family = np.repeat(np.arange(len(found)), [len(s.row) for s in found])
    place = np.concatenate([np.arange(len(s.row)) for s in found])
    order = np.lexsort((-np.abs(nats), row))
    first = np.searchsorted(row[order], np.arange(n + 1))
    kept = (np.arange(len(order)) - first[row[order]] < KEPT) & (nats[order] != 0)
    rest = np.bincount(row[order[~kept]], nats[order[~kept]], minlength=n)
    out: list[list[Contribution]] = [[] for _ in range(n)]
    chosen = order[kept]
    columns = (x[chosen].tolist() for x in (row, family, place, nats))
    for i, f, k, weight in zip(*columns, strict=True):  # few rows: those that are told
        text, attribute = found[f].text(k)
        out[i].append(Contribution(text, weight, attribute))
    for i in np.flatnonzero(rest).tolist():
        out[i].append(Contribution("everything else", float(rest[i])))
    return out


def _hosts(rows: pl.DataFrame) -> Corpus:
    """Return the hosts without their public suffix, the dot before it kept: where a name ends tells much."""
    size = pl.col("host").str.len_bytes().cast(pl.Int64) - pl.col("suffix_size")
    cut = pl.col("host").cast(pl.Binary).bin.slice(0, size.clip(0, _LONGEST_HOST)).cast(pl.String, strict=False)
    return corpus(rows.select(cut).to_series())


def _tails(rows: pl.DataFrame) -> Corpus:
    return corpus(rows["tail"].str.slice(0, TAIL_READ).str.to_lowercase())


def _suffixes(rows: pl.DataFrame) -> npt.NDArray[np.uint64]:
    """Return a hash of each public suffix (without private ones)."""
    text = corpus(rows["host"])
    end = text.starts[1:] - 1
    return span_hashes(text, end - np.minimum(rows["suffix_size"].to_numpy(), end - text.starts[:-1] - 1), end)


def _grams(name: str, texts: Corpus, order: int) -> Block:
    found = ngrams(texts, order, GRAM_BITS)
    scale = 1 / np.sqrt(np.maximum(np.diff(found.starts), _SHORT))
    return _block(name, found, GRAM_BITS, scale.astype(np.float32))


def _words(name: str, texts: Corpus) -> Block:
    return _block(name, words(texts, WORD_BITS), WORD_BITS)


def _block(name: str, found: Pieces, bits: int, scale: npt.NDArray[np.float32] | None = None) -> Block:
    return Block(name, 1 << bits, found.starts, found.slot, scale=scale, begin=found.begin, length=found.length)


def _plain_addresses(rows: pl.DataFrame) -> pl.Series:
    """Return (n,) whether the host is an address as people write it; only hosts without a suffix are looked at."""
    bare = (rows["suffix_size"] == 0).arg_true()
    found = rows["host"].gather(bare).str.contains(r"^(?:\d{1,3}\.){3}\d{1,3}$|:")
    return pl.Series("plain", np.zeros(rows.height, np.bool_)).scatter(bare, found)


def _facts(rows: pl.DataFrame) -> Block:
    host, port = pl.col("host"), pl.col("port")
    address = pl.col("suffix_size") == 0
    other = port.is_not_null() & ~port.is_in(_PORTS)
    plain = _plain_addresses(rows)
    hosted = pl.col("site_size") > pl.col("domain_size")
    known = rows.select(
        brand=pl.col("brand").is_not_null(),
        brand_tail=pl.col("brand_tail").is_not_null(),
        alike=pl.col("alike").is_not_null(),
        redirect=pl.col("redirect").is_not_null(),
        user=pl.col("user"),
        punycode=host.str.contains("xn--", literal=True),
        address=address & plain,
        hidden_address=address & ~plain & (host != ""),
        port=other & (port < _HIGH_PORT),
        high_port=other & (port >= _HIGH_PORT),
        hosted=hosted & (pl.col("service") == 0),
        **{f"service_{k}": pl.col("service") == k for k in range(1, len(SERVICES) + 1)},
    )
    return facts("facts", {c: known[c].fill_null(value=False).to_numpy().astype(np.float32) for c in FACTS})
