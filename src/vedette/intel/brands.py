"""Protected names: whose domain is it, is a name borrowed, is it a look-alike. For senders, links, hosts; a whole column at a time.

``Brands`` holds the names of ``content/brands.yaml``, and with ``protect`` those of ``[brands]`` in vedette.toml. A feature set asks
``brands()``, so that training and serving see the same names unless an operator added his own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain

import polars as pl

from vedette.errors import ContentError
from vedette.intel.content import content
from vedette.intel.lookalike import drawn, one_slip, skeleton

TABLE = "brands.yaml"
DISTINCT = 5
"""Letters from which on a name is distinct enough to be found inside other letters (``securepaypal``)."""
SLIP = 6
"""Letters from which on a name one slip away is a look-alike; shorter names have too many honest neighbours."""
LABELS = 5
"""Labels of a host name, from its end, that may be a brand's domain."""
TEXT = 512
"""Characters of a text that are searched."""

_HONEST = frozenset(
    [
        "papal",
        "paypay",
        "goggle",
        "goggles",
        "cloud",
        "clouds",
        "finance",
        "telecom",
        "twister",
        "barclay",
        "tunes",
        "costo",
        "mercati",
        "klara",
        "tresor",
        "linked",
        "sparkassen",
        "telecoms",
        "itune",
        "amazone",
        "googling",
        "mastercards",
        "disney",
        "corre",
        "rabobanks",
        "orang",
        "binances",
        "vodafon",
    ]
)
"""Words one slip away from a name that mean something of their own."""


@dataclass(frozen=True, slots=True)
class Brand:
    """One protected name.

    Attributes:
        name: as people write it.
        domains: what its owner sends from and links to.
        words: how it stands in host names.
        common: the name is also an ordinary word.
    """

    name: str
    domains: tuple[str, ...]
    words: tuple[str, ...] = ()
    common: bool = False


@dataclass(frozen=True)
class Brands:
    """Protected names, ready to be looked for."""

    known: tuple[Brand, ...]
    _owners: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        owners: dict[str, list[str]] = {}
        for brand in self.known:
            for domain in brand.domains:
                owners.setdefault(domain, []).append(brand.name)
        object.__setattr__(self, "_owners", {d: "|".join(names) for d, names in owners.items()})

    def owner(self, hosts: pl.Series) -> pl.Series:
        """Return (n,) String: whose host it is: names joined by ``|`` (``Gmail|Google``); null where it is nobody's here.

        Args:
            hosts: host names or registered domains, lower case.
        """
        tails = [hosts.str.extract(rf"((?:[^.]+\.){{{k}}}[^.]+)$").alias(f"_{k}") for k in range(LABELS - 1, 0, -1)]
        keys, names = list(self._owners), list(self._owners.values())
        found = [t.replace_strict(keys, names, default=None, return_dtype=pl.String) for t in tails]
        return pl.select(pl.coalesce(found).alias("owner")).to_series()

    def named(self, texts: pl.Series, *, common: bool = True) -> pl.Series:
        """Return (n,) String: the first protected name that stands in a text as a word of its own, foreign twins of letters folded."""
        return _first(_spaced(texts), self._as_words if common else self._rare_words)

    def inside(self, hosts: pl.Series) -> pl.Series:
        """Return (n,) String: the first protected name within a host name or path, also as a part of other letters; no common words."""
        return _first(_spaced(hosts), self._as_parts)

    def alike(self, words: pl.Series) -> pl.Series:
        """Return (n,) String: of which protected name a single word (a label, a word between hyphens) is a look-alike, itself excluded.

        Drawn alike (``paypa1``, ``rnicrosoft``, Cyrillic twins), or one slip away (``payapl``) for long names that are no common words.
        """
        lower = words.str.to_lowercase()
        distinct = lower.unique().drop_nulls()
        distinct = distinct.filter(distinct.str.len_chars().is_between(4, 32) & ~distinct.is_in(self._honest))
        drawing = distinct.rename("word").to_frame().with_columns(drawn(distinct).alias("drawn"))
        same = drawing["drawn"].replace_strict(*self._drawn, default=None, return_dtype=pl.String)
        twins = dict(zip(distinct, same, strict=True))
        slips = self._slips(distinct)
        told = {w: b or slips.get(w) for w, b in twins.items() if b or w in slips}
        return lower.replace_strict(list(told), list(told.values()), default=None, return_dtype=pl.String)

    def _slips(self, words: pl.Series) -> dict[str, str]:
        """Return the words one slip away from a name: found by what both are with one letter left out (symmetric deletion)."""
        frame = pl.DataFrame({"word": words, "key": skeleton(words)}, schema={"word": pl.String, "key": pl.String})
        frame = frame.filter(pl.col("key").str.len_chars().is_between(SLIP - 1, self._longest + 1) & self._edge())
        if not frame.height:
            return {}
        cut = [
            pl.concat_str(pl.col("key").str.slice(0, i), pl.col("key").str.slice(i + 1)).alias(f"_{i}")
            for i in range(self._longest + 1)
        ]
        near = (
            frame.with_columns(less=pl.concat_list("key", *cut))
            .explode("less", keep_nulls=False, empty_as_null=False)
            .join(self._less, on="less")
            .unique(["word", "name"], maintain_order=True)
        )
        return {
            word: brand
            for word, key, name, brand in near.select(
                "word", "key", "name", "brand"
            ).iter_rows()  # a handful: near misses only
            if one_slip(key, name)
        }

    def _edge(self) -> pl.Expr:
        """Keep the words that begin or end as a name does: one slip leaves one of the two as it was."""
        key, tests = pl.col("key"), []
        for length in (2, 3):
            names = [w for b in self.known if not b.common for w in _words(b) if min(3, (len(w) - 1) // 2) == length]
            tests += [
                key.str.head(length).is_in([w[:length] for w in names]),
                key.str.tail(length).is_in([w[-length:] for w in names]),
            ]
        return pl.any_horizontal(tests)

    @cached_property
    def _longest(self) -> int:
        return max((len(w) for b in self.known for w in _words(b)), default=0)

    @cached_property
    def _less(self) -> pl.DataFrame:
        rows = [
            (less, word, brand.name)
            for brand in self.known
            if not brand.common
            for word in _words(brand)
            if len(word) >= SLIP
            for less in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
        ]
        return pl.DataFrame(rows, schema={"less": pl.String, "name": pl.String, "brand": pl.String}, orient="row")

    @cached_property
    def _honest(self) -> list[str]:
        names = [w for b in self.known for w in _words(b)]
        return sorted({*_HONEST, *names, *(f"{n}s" for n in names)})

    @cached_property
    def _drawn(self) -> tuple[list[str], list[str]]:
        pairs = [(w, b.name) for b in self.known for w in _words(b) if len(w) >= DISTINCT - 1]
        forms = dict(zip(drawn(pl.Series([w for w, _ in pairs], dtype=pl.String)), [n for _, n in pairs], strict=True))
        return list(forms), list(forms.values())

    @cached_property
    def _as_words(self) -> Mapping[str, str]:
        return {f" {w} ": b.name for b in reversed(self.known) for w in _spoken(b)}

    @cached_property
    def _rare_words(self) -> Mapping[str, str]:
        return {f" {w} ": b.name for b in reversed(self.known) if not b.common for w in _spoken(b)}

    @cached_property
    def _as_parts(self) -> Mapping[str, str]:
        pairs = [(w, b) for b in reversed(self.known) for w in _words(b) if not b.common or w in b.words]
        return {(w if len(w) >= DISTINCT else f" {w} "): b.name for w, b in pairs}


_PROTECTED: ContextVar[tuple[Brand, ...]] = ContextVar("protected", default=())


def protect(names: Mapping[str, Sequence[str]]) -> None:
    """Protect further names in this process: name -> its own domains (``[brands] protected`` of vedette.toml)."""
    _PROTECTED.set(tuple(Brand(name, tuple(d.lower() for d in domains)) for name, domains in names.items()))


def brands() -> Brands:
    """Return the protected names.

    Raises:
        ContentError: their table is damaged.
    """
    return _with(_PROTECTED.get())


@cache
def _with(added: tuple[Brand, ...]) -> Brands:
    return Brands((*added, *_shipped()))


@cache
def _shipped() -> tuple[Brand, ...]:
    import yaml

    path = content(TABLE)
    try:
        entries = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
        return tuple(
            Brand(
                e["name"],
                tuple(chain.from_iterable(map(_spread, e["domains"]))),
                tuple(e.get("words", ())),
                bool(e.get("common", False)),
            )
            for e in entries
        )
    except (yaml.YAMLError, OSError, KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"not a table of brands: {error!r}", where=str(path)) from error


def _spread(domain: str) -> Iterable[str]:
    """Return a.com, a.de for a.{com,de}."""
    head, brace, ends = domain.partition("{")
    return [f"{head}{end}" for end in ends.rstrip("}").split(",")] if brace else [domain]


@cache
def _words(brand: Brand) -> tuple[str, ...]:
    """Return how a brand stands in host names."""
    return brand.words or (re.sub(r"[^a-z0-9]", "", _plain(brand.name)),)


def _spoken(brand: Brand) -> set[str]:
    """Return how a brand stands in a text: words apart, and as one."""
    return {" ".join(re.findall(r"[a-z0-9]+", _plain(w))) for w in (brand.name, *_words(brand))}


def _plain(name: str) -> str:
    return str(skeleton(pl.Series([name]))[0])


def _spaced(texts: pl.Series) -> pl.Series:
    """Return skeletons whose words stand between single spaces, also at the edges."""
    words = skeleton(texts.str.head(TEXT)).str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")
    return pl.select(pl.format(" {} ", words)).to_series()


def _first(texts: pl.Series, names: Mapping[str, str]) -> pl.Series:
    patterns = list(names)
    hit = texts.str.extract_many(patterns, leftmost=True).list.first() if patterns else texts.clear(len(texts))
    return hit.replace_strict(patterns, list(names.values()), default=None, return_dtype=pl.String)
