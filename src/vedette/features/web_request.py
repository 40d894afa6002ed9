"""HTTP requests as an application reads them: decoded, part by part, with what their text gives away."""

from __future__ import annotations

import base64
import binascii
import re

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features import web_decode as w
from vedette.features.web_facts import agent_facts, facts_of, kinds_of
from vedette.features.web_prose import clear_strength

LONGEST = 16_384
"""Characters of a path or query that are read; longer ones are judged by these."""
_AGENT, _REFERRER = 1_024, 2_048
_ORDINARY_AGENT = (
    r"^[0-9A-Za-z_.+-]+(?:/[0-9A-Za-z_.+-]+)?"
    r"(?: \([0-9A-Za-z_ .,:;/+-]*\)| \[[0-9A-Za-z_/.;:-]*\]| [0-9A-Za-z_.+-]+(?:/[0-9A-Za-z_.+-]+)?)*$"
)
"""Products and comments (RFC 9110, section 10.1.5): what nearly every client says, and of no interest here."""
_MARKS = r"[\x00-\x08\x0e-\x1f\x7f]"
_HIDDEN = re.compile(r"(?<=\x1f)[A-Za-z0-9+/_-]{10,4096}={0,2}(?=[\x1a-\x1f]|$)")
_MOST_HIDDEN = 8
_READABLE = 0.95

ASKED = (
    "http_request.url.path",
    "http_request.url.query_string",
    "http_request.user_agent",
    "http_request.referrer",
)
_READ = pl.Struct(
    {
        "text": pl.String,
        "agent": pl.String,
        "layers": pl.Int8,
        "odd": pl.Boolean,
        "facts": pl.UInt64,
        "clear": pl.Float32,
        "kind": pl.String,
    }
)


class WebRequest(EventFeatures):
    """A row per HTTP request: its decoded path, parameters, user agent and referrer as one text, and the facts that hold of it.

    ``text``: the parts, each behind a mark that nothing sent can forge (``web_decode``), in lower case; an ordinary user agent is
    left out. ``facts``: a bit for each of ``web_facts.FACTS``; ``clear``: their strengths, less within sentences (``web_prose``);
    ``kind``: the attack they speak of most; ``layers``: layers of percent encoding that were taken off; ``answer``: the status; ``long``:
    more was sent than is read.
    """

    name = "web_request"
    needs = EventClass.HTTP_ACTIVITY
    requires = ("http_request.url.path",)
    uses = (
        "src_endpoint.ip",
        "dst_endpoint.ip",
        "http_request.http_method",
        "http_request.url.hostname",
        "http_response.code",
        *ASKED[1:],
    )
    keys = ("src_endpoint.ip", "site", "kind")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        asked = pl.struct(ASKED).map_batches(read, return_dtype=_READ, is_elementwise=True)
        path, query = pl.col(ASKED[0]).str.len_chars(), pl.col(ASKED[1]).str.len_chars().fill_null(0)
        return events.select(
            "time",
            "metadata.log_name",
            "metadata.sequence",
            "src_endpoint.ip",
            "dst_endpoint.ip",
            pl.coalesce("http_request.url.hostname", "dst_endpoint.ip", "metadata.log_name").alias("site"),
            pl.col("http_request.http_method").alias("method"),
            pl.col("http_response.code").alias("answer"),
            ((path > LONGEST) | (query > LONGEST)).alias("long"),
            asked.alias("_read"),
        ).unnest("_read")


def read(asked: pl.Series) -> pl.Series:
    """Return (n,) structs (``_READ``) of what structs of ``ASKED`` say; each distinct one is read once."""
    frame = asked.struct.unnest()
    distinct = frame.unique(maintain_order=True)
    parts = distinct.select(_parts(), _agent().alias("agent"))
    decoded = w.decode(_with_hidden(parts["parts"]))
    held, named = facts_of(decoded["text"]).alias("facts"), _of_agents(parts["agent"])
    facts = held | named
    clear = pl.Series("clear", clear_strength(decoded["text"], held.to_numpy(), named.to_numpy()))
    told = distinct.hstack(decoded).with_columns(facts, clear, parts["agent"], kinds_of(facts))
    joined = (
        told
        if distinct.height == frame.height
        else frame.join(told, on=ASKED, how="left", nulls_equal=True, maintain_order="left")
    )
    return joined.select(pl.struct(*_READ.to_schema()).alias("read")).to_series()


def _clean(name: str, longest: int) -> pl.Expr:
    return pl.col(name).fill_null("").str.head(longest).str.replace_all(_MARKS, w.STRANGE)


def _agent() -> pl.Expr:
    return _clean(ASKED[2], _AGENT).str.to_lowercase()


def _parts() -> pl.Expr:
    """Return the parts of a request as one text, still encoded; a parameter is its name and its value."""
    query = pl.lit("&") + _clean(ASKED[1], LONGEST).str.replace_all("+", " ", literal=True)
    query = query.str.replace_all(r"&([^&=]*)=?", f"{w.NAME}${{1}}{w.VALUE}")
    agent, referrer = _clean(ASKED[2], _AGENT), _clean(ASKED[3], _REFERRER)
    return pl.concat_str(
        pl.lit(w.PATH) + _clean(ASKED[0], LONGEST),
        pl.when(pl.col(ASKED[1]).is_not_null()).then(query).otherwise(pl.lit("")),
        pl.when((agent != "") & ~agent.str.contains(_ORDINARY_AGENT))
        .then(pl.lit(w.AGENT) + agent)
        .otherwise(pl.lit("")),
        pl.when(referrer != "").then(pl.lit(w.REFERRER) + referrer).otherwise(pl.lit("")),
    ).alias("parts")


def _of_agents(agents: pl.Series) -> pl.Series:
    """Return (n,) the facts that ordinary user agents give away too: tools name themselves."""
    named = agents.to_frame("agent")
    few = named.unique().with_columns(facts=agent_facts(w.AGENT + pl.col("agent")))
    return named.join(few, on="agent", how="left", maintain_order="left")["facts"]


def _with_hidden(parts: pl.Series) -> pl.Series:
    """Return the texts, each with what its values hold in base64 behind it, where that is readable."""
    some = parts.str.contains(r"\x1f[A-Za-z0-9+/_-]{10,}(?:=|%3[Dd]){0,2}(?:[\x1a-\x1f]|$)")
    if not some.any():
        return parts
    found = [
        _hidden(p) if s else p for p, s in zip(parts, some, strict=True)
    ]  # a loop: base64 has no expression that forgives
    return pl.Series(parts.name, found, pl.String)


def _hidden(text: str) -> str:
    more = []
    for match in _HIDDEN.findall(text.replace("%3D", "=").replace("%3d", "="))[:_MOST_HIDDEN]:
        try:
            raw = base64.b64decode(
                match.rstrip("=") + "=" * (-len(match.rstrip("=")) % 4),
                altchars=b"-_" if "-" in match or "_" in match else None,
            )
            said = raw.decode("ascii")
        except (binascii.Error, ValueError):
            continue
        if sum(map(str.isprintable, said)) >= _READABLE * len(said):
            more.append(re.sub(_MARKS, w.STRANGE, said))
    return text + "".join(w.HIDDEN + m for m in more)
