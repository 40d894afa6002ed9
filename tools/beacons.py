"""Simulates beacons in real traffic, and says which rank they get: by the detector ``beacon`` and by RITA's formula.

Run it as ``python -m tools.beacons``; it needs the shared data sets. Every simulated beacon is one more destination of a host that is there
already; it is ranked among all pairs of that background by itself, so beacons do not compete with each other. ``--write`` puts the
tables into docs/reference/beacons.md.

The backgrounds: *rita*, on which the constants of the detector were chosen: a day of HTTP connections of thirteen hosts
(``dnscat2-ja3-strobe-agent``) and two hours of two more (``proxy_rolling``). *test*: two days of one Windows host each
(``zeek-labelled`` 008 and 010), never used for a choice.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from tools import beacon_names as names
from tools.beacon_plans import EACH, INTERVALS, MIDNIGHT, Plan, flows_of, plans
from tools.evaluate import DATA, ROOT
from tools.rita_score import FEWEST, score, with_prevalence

from vedette.abc import LogOdds, Term, WindowFeatures
from vedette.app.intake import open_inputs
from vedette.config import Config
from vedette.detectors.beacon import Beacon
from vedette.detectors.beacon_name import BeaconName
from vedette.detectors.beacon_slow import BeaconSlow
from vedette.events.address import Border
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.beacon_pair import DAY, BeaconPair
from vedette.features.window import WindowState
from vedette.store.profiles import Profile

PAGE = ROOT / "docs" / "reference" / "beacons.md"
_SCHEMA = SCHEMAS[EventClass.NETWORK_ACTIVITY]


def flows(*paths: str) -> pl.DataFrame:
    """Return the flows of members of an archive of the shared data, with directions; of HTTP logs alone their connections."""
    found: list[pl.DataFrame] = []
    border = Border(Config().network.internal)
    for archive in sorted({p.split("/")[0] for p in paths}):
        for item in open_inputs([str(DATA / archive / f"{archive}.tar.zst")]):
            member = f"{archive}/" + item.name.rsplit("!", 1)[-1].removeprefix("./")
            if item.source is not None and any(member.startswith(p) for p in paths):
                found += [_as_flows(b, border) for b in item.batches() if b.kind in _KINDS]
    return pl.concat(found, how="diagonal_relaxed")


_KINDS = (EventClass.NETWORK_ACTIVITY, EventClass.HTTP_ACTIVITY)


def _as_flows(batch: EventBatch, border: Border) -> pl.DataFrame:
    wanted, batch = BeaconPair.columns(), _directed(batch, border)
    frame = batch.select([c for c in wanted if c in SCHEMAS[batch.kind]] + ["connection_info.uid"]).collect()
    if batch.kind is EventClass.HTTP_ACTIVITY:  # there is no log of connections: the first request of each is it
        sizes = batch.select(("http_request.url.path", "http_response.body_length")).collect()
        length = sizes["http_request.url.path"].str.len_bytes().fill_null(0).cast(pl.Int64)
        frame = frame.with_columns(
            (length + 300).alias("traffic.bytes_out"),
            sizes["http_response.body_length"].alias("traffic.bytes_in"),
            pl.lit("tcp").alias("connection_info.protocol_name"),
            pl.lit("http").alias("app_protocol_name"),
        )
        frame = (
            frame.sort("time")
            .group_by("connection_info.uid", maintain_order=True)
            .agg(
                pl.col("traffic.bytes_out", "traffic.bytes_in").sum(),
                pl.exclude("traffic.bytes_out", "traffic.bytes_in").first(),
            )
        )
    return frame.select(pl.col(c).cast(_SCHEMA[c]) for c in wanted if c in frame.columns)


def shifted(frame: pl.DataFrame, hours: float = 0.0) -> pl.DataFrame:
    """Return the flows moved so that the first begins ``hours`` after midnight; what ends after that day is left out."""
    begun = pl.coalesce("start_time", "time") if "start_time" in frame.columns else pl.col("time")
    first = frame.select(begun.min()).item()
    by = MIDNIGHT + timedelta(hours=hours) - first
    moved = frame.with_columns(pl.col("time") + by, start_time=begun + by)
    return moved.filter(pl.col("time") < MIDNIGHT + DAY)


def judged(detector: type[LogOdds], *batches: EventBatch) -> pl.DataFrame:
    """Return the detector's rows over a day or more with ``score`` and ``rita``: the score of RITA's formula for the same contacts."""
    features = detector.needs()
    assert isinstance(features, WindowFeatures)  # noqa: S101 - for the reader of types
    state, contacts, keys = WindowState(features), [], [*features.keys, "_window"]
    window = pl.col("time").dt.truncate(f"{features.windows[-1] // timedelta(microseconds=1)}us").alias("_window")
    for batch in batches:
        events = features.take(batch)
        state.add(events)
        contacts.append(features.prepare(events).with_columns(window).collect())
    rows = Profile(features).judge(pl.concat(list(state.advance())))
    every = pl.concat(contacts, how="diagonal_relaxed")
    at = pl.coalesce([c for c in ("start_time", "time") if c in every.columns]).dt.timestamp("us") / 1e6
    sizes = pl.col("traffic.bytes_out").fill_null(0) if "traffic.bytes_out" in every.columns else pl.lit(None)
    timed = every.with_columns(at=at, sizes=sizes)
    span = timed.group_by("_window").agg(began=pl.col("at").min(), ended=pl.col("at").max())
    pairs = timed.group_by(keys).agg("at", "sizes").join(span, on="_window")
    plain = [
        score(
            np.array(p["at"]),
            None if p["sizes"][0] is None else np.array(p["sizes"], np.float64),
            p["began"],
            p["ended"],
        )
        if len(p["at"]) >= FEWEST
        else 0.0
        for p in pairs.iter_rows(named=True)  # the baseline is not in a hurry
    ]
    both = rows.with_columns(detector().score(rows).alias("score"), pl.col("time").alias("_window"))
    both = both.join(pairs.select(*keys, pl.Series("rita", plain)), on=keys, how="left")
    share = (both["others.place"].list.first() + 1) / both["actors"]
    raised = [with_prevalence(r, s) if r else 0.0 for r, s in zip(both["rita"], share, strict=True)]
    return both.with_columns(pl.Series("rita", raised))


def rows_of(frame: pl.DataFrame, detector: type[LogOdds] = Beacon) -> pl.DataFrame:
    """Return the rows of a detector over flows."""
    return judged(detector, EventBatch(EventClass.NETWORK_ACTIVITY, frame))


def _ranked(made: pl.DataFrame, rows: pl.DataFrame, number: pl.Expr) -> pl.DataFrame:
    """Return the plans with the scores of their rows and their ranks among the rows of others."""
    rows = rows.with_columns(number=number)
    found, others = rows.filter(pl.col("number").is_not_null()), rows.filter(pl.col("number").is_null())
    found = found.with_columns(
        rank=1 + pl.col("score").map_elements(lambda s: (others["score"] >= s).sum(), pl.Int64),
        rita_rank=1 + pl.col("rita").map_elements(lambda s: (others["rita"] >= s).sum(), pl.Int64),
    )
    return made.join(found.select("number", "score", "rank", "rita", "rita_rank"), on="number", how="left")


def by_name(seeds: list[int]) -> list[str]:
    """Return the tables of beacons that are known by their name."""
    noise = list(_batches(names.BACKGROUND, BeaconName, Border(Config().network.internal)))
    first = min(b.frame.select(pl.col("time").min()).item() for b in noise)
    noise = [names.moved(b, first, MIDNIGHT) for b in noise]
    hosts = pl.concat([b.frame["src_endpoint.ip"] for b in noise]).unique().sort()
    found, alone = [], judged(BeaconName, *noise)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        made = list(plans(rng))
        events = [
            names.handshakes(n, p.moments(rng), str(hosts[int(rng.integers(len(hosts)))]), MIDNIGHT, rng)
            for n, p in enumerate(made)
        ]
        rows = judged(BeaconName, *noise, EventBatch(events[0].kind, pl.concat([e.frame for e in events])))
        found.append(_ranked(_told(made), rows, names.NUMBER))
    hits = int((alone["score"] >= BeaconName.threshold).sum())
    lines = [
        "## By name, at changing addresses (no constant was chosen on names)",
        "",
        f"{alone.height:,} hosts and names by `beacon_name`; findings without any beacon: {hits}.",
        "",
    ]
    whole = pl.concat(found)
    for by in ("interval", "jitter"):
        shown = whole if by == "interval" else whole.filter(pl.col("interval") < INTERVALS[-1])
        lines += [*table(shown, by), ""]
    return lines


def _told(made: list[Plan]) -> pl.DataFrame:
    rows = [{**{f: getattr(p, f) for f in Plan.__slots__}, "number": n} for n, p in enumerate(made)]
    return pl.DataFrame(rows, schema_overrides={"number": pl.Int64})


def study(noise: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return a row per simulated beacon: its plan, ``rank`` and ``rita_rank`` among the pairs of the noise, ``score``."""
    made, beacons = _planted(noise, np.random.default_rng(seed), INTERVALS, 1)
    return _ranked(made, rows_of(pl.concat([noise, *beacons], how="diagonal_relaxed")), _NUMBER)


def _planted(
    noise: pl.DataFrame, rng: np.random.Generator, intervals: Sequence[int], days: int
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return a row per simulated beacon, with its ``number``, and the flows of each."""
    hosts = noise.filter(pl.col("connection_info.direction_id") == _OUTBOUND)["src_endpoint.ip"].unique().sort()
    made = list(plans(rng, intervals))
    whose = [str(hosts[int(rng.integers(len(hosts)))]) for _ in made]
    beacons = [flows_of(n, p, host, rng, days) for n, (p, host) in enumerate(zip(made, whose, strict=True))]
    return _told(made), beacons


_OUTBOUND = 2
_octets = pl.col("dst_endpoint.ip").str.extract_groups(r"^198\.(1[89])\.(\d+)\.9$")
_NUMBER = (_octets.struct[0].cast(pl.Int64) - 18) * 256 + _octets.struct[1].cast(pl.Int64)
"""Which simulated beacon a row is of; null for others."""


def backgrounds() -> dict[str, pl.DataFrame]:
    """Return the days of traffic in which beacons are planted."""
    lab = "rita-test-data/test_data"
    return {
        "rita": pl.concat(
            [
                shifted(flows(f"{lab}/dnscat2-ja3-strobe-agent")),
                shifted(flows(f"{lab}/proxy_rolling/conn"), 10.0),
            ],
            how="diagonal_relaxed",
        ),
        "008": shifted(flows("zeek-labelled/008-zeek-mixed/data/conn")),
        "010": shifted(flows("zeek-labelled/010-zeek-mixed/data/conn")),
    }


def table(found: pl.DataFrame, by: str) -> list[str]:
    """Return lines of a table: shares of beacons, by a column."""
    lines = [
        f"| {by} | beacons | top 1 | top 1, RITA | top 10 | top 10, RITA | a finding |",
        "|---|---|---|---|---|---|---|",
    ]
    for (value,), rows in sorted(found.group_by(by)):
        shares = [
            rows.select((pl.col(c) <= k).fill_null(value=False).mean()).item()
            for k in (1, 10)
            for c in ("rank", "rita_rank")
        ]
        hit = rows.select((pl.col("score") >= Beacon.threshold).fill_null(value=False).mean()).item()
        lines.append(f"| {value} | {rows.height} | " + " | ".join(f"{s:.0%}" for s in (*shares, hit)) + " |")
    return lines


@dataclass(frozen=True, slots=True)
class Known:
    """A beacon of the shared data sets whose address or name is known.

    Attributes:
        path: the capture in its archive; ``truth``: columns of the rows and their values.
    """

    what: str
    path: str
    detector: type[LogOdds]
    truth: dict[str, object]
    chosen_on: bool


REAL = (
    Known(
        "a beacon through a proxy",
        "rita-test-data/test_data/proxy/",
        BeaconName,
        {"server": "www.honestimnotevil.com"},
        chosen_on=True,
    ),
    Known(
        "NjRAT, its master silent",
        "zeek-labelled/001-zeek-scenario-malicious/",
        Beacon,
        {"dst_endpoint.ip": "41.108.179.197", "dst_endpoint.port": 1177},
        chosen_on=False,
    ),
    Known(
        "Android RAT, twelve contacts",
        "zeek-labelled/003-zeek-scenario-malicious/",
        Beacon,
        {"dst_endpoint.ip": "147.32.83.234", "dst_endpoint.port": 1337},
        chosen_on=False,
    ),
)


def real() -> list[str]:
    """Return the table of real beacons: their ranks, and what else is found there."""
    lines = [
        "| beacon | used for | pairs | rank | score | found | rank by RITA | other findings |",
        "|---|---|---|---|---|---|---|---|",
    ]
    border = Border(Config().network.internal)
    for case in REAL:
        rows = judged(case.detector, *_batches(case.path, case.detector, border))
        true = pl.all_horizontal(pl.col(c) == v for c, v in case.truth.items())
        best, others = rows.filter(true), rows.filter(~true)
        top, plain = (float(best[c].max() or 0.0) for c in ("score", "rita"))  # type: ignore[arg-type]
        rank, behind = (1 + int((others[c] >= v).sum()) for c, v in (("score", top), ("rita", plain)))
        false = int((others["score"] >= case.detector.threshold).sum())
        use = "choice" if case.chosen_on else "test"
        told = "yes" if top >= case.detector.threshold else "no"
        lines.append(f"| {case.what} | {use} | {rows.height} | {rank} | {top:.2f} | {told} | {behind} | {false} |")
    return lines


def _batches(path: str, detector: type[LogOdds], border: Border) -> Iterator[EventBatch]:
    """Yield the batches of a capture that a detector reads, with directions."""
    archive = path.split("/", 1)[0]
    for item in open_inputs([str(DATA / archive / f"{archive}.tar.zst")]):
        member = f"{archive}/" + item.name.rsplit("!", 1)[-1].removeprefix("./")
        if item.source is None or not member.startswith(path) or "labeled" in member:
            continue
        for batch in item.batches():
            if batch.kind in detector.needs.kinds():
                yield _directed(batch, border)


def _directed(batch: EventBatch, border: Border) -> EventBatch:
    """Return the batch with directions where its source has none, as the engine gives them."""
    name = "connection_info.direction_id"
    whole = batch.select((name, "src_endpoint.ip", "dst_endpoint.ip")).collect()
    side = border.direction(whole["src_endpoint.ip"], whole["dst_endpoint.ip"])
    column = whole[name].zip_with(whole[name].is_not_null(), side)
    return EventBatch(batch.kind, batch.frame.with_columns(column.alias(name)))


def planted(name: str, noise: pl.DataFrame, seeds: list[int]) -> list[str]:
    """Return the tables of beacons that were planted in one background."""
    alone = rows_of(noise)
    hits = alone.filter(pl.col("score") >= Beacon.threshold)
    found = pl.concat([study(noise, seed) for seed in seeds])
    hosts = alone["src_endpoint.ip"].n_unique()
    use = "constants were chosen on it" if name == "rita" else "test"
    lines = [
        f"## Planted in {name} ({use})",
        "",
        f"{noise.height:,} flows, {alone.height:,} pairs that leave, {hosts} hosts; findings without any beacon: {hits.height}.",
        "",
    ]
    for by in ("interval", "jitter", "loss", "sleeps", "port"):
        shown = found if by == "interval" else found.filter(pl.col("interval") < INTERVALS[-1])
        lines += [*table(shown, by), ""]
    return lines


def ablation(noise: pl.DataFrame, seeds: list[int]) -> list[str]:
    """Return the table of what is lost without each of the detector's terms."""
    lines = [
        "## Without each term, in rita",
        "",
        "| term left out | top 1 | a finding | alerts by itself | findings without any beacon |",
        "|---|---|---|---|---|",
    ]
    clear = noise.filter(pl.col("connection_info.direction_id") == _OUTBOUND)
    planted_rows = []
    for seed in seeds:
        _, beacons = _planted(noise, np.random.default_rng(seed), INTERVALS[:-1], 1)
        rows = rows_of(pl.concat([clear, *beacons], how="diagonal_relaxed")).with_columns(number=_NUMBER)
        planted_rows.append(rows)
    rows, detector = pl.concat(planted_rows), Beacon()
    told = ["-", "rhythm", "jitter", "duration", "prevalence", "crowd", "novelty", "size", "volume", "port"]
    for name, terms in zip(told, _leaving_one_out(detector), strict=False):
        nats = pl.sum_horizontal(t.evidence.cast(pl.Float64).fill_nan(0.0).fill_null(0.0) for t in terms)
        scored = rows.with_columns(score=1 / (1 + (-(nats + detector.prior)).exp()))
        found, others = scored.filter(pl.col("number").is_not_null()), scored.filter(pl.col("number").is_null())
        top = others["score"].max()
        shares = found.select(
            (pl.col("score") > top).mean().alias("top"),
            (pl.col("score") >= detector.threshold).mean().alias("hit"),
            (pl.col("score") >= detector.alert_from).mean().alias("alert"),
        ).row(0)
        false = int((others["score"] >= detector.threshold).sum()) // len(seeds)
        lines.append(f"| {name} | " + " | ".join(f"{s:.0%}" for s in shares) + f" | {false} |")
    return [*lines, ""]


def _leaving_one_out(detector: Beacon) -> list[list[Term]]:
    """Return all terms, then all but the first, all but the second, and so on."""
    terms = detector.terms()
    return [terms, *([*terms[:i], *terms[i + 1 :]] for i in range(len(terms)))]


SLOW = (3600, 14_400, 28_800)
"""Intervals of slow beacons."""
DAYS = 7


def slow(noise: pl.DataFrame, seeds: list[int]) -> list[str]:
    """Return the tables of slow beacons in a week that begins with one day of traffic: by day, and over the week."""
    found = pl.concat([_slow(noise, seed) for seed in seeds])
    lines = [
        "## Slow beacons, over a week",
        "",
        "Which share is found at all: the traffic around them lasts a day, so neither rank nor false alarms can be told.",
        "",
    ]
    for by in ("interval", "jitter", "loss", "sleeps"):
        lines += [f"| {by} | beacons | on a day, by `beacon` | in the week, by `beacon_slow` |", "|---|---|---|---|"]
        for (value,), rows in sorted(found.group_by(by)):
            daily, weekly = (rows.select(pl.col(c).mean()).item() for c in ("daily", "weekly"))
            lines.append(f"| {value} | {rows.height} | {daily:.0%} | {weekly:.0%} |")
        lines.append("")
    return lines


def _slow(noise: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return a row per slow beacon: its plan, and whether a detector found it on some day (``daily``) and in the week (``weekly``)."""
    rng = np.random.default_rng(seed)
    made, beacons = _planted(noise, rng, SLOW, DAYS)
    whole = pl.concat([noise, *beacons], how="diagonal_relaxed")
    for column, detector in (("daily", Beacon), ("weekly", BeaconSlow)):
        rows = rows_of(whole, detector)
        hits = rows.filter(pl.col("score") >= detector.threshold).select(number=_NUMBER).drop_nulls().unique()
        made = made.with_columns(pl.col("number").is_in(hits["number"].implode()).alias(column))
    return made


NOTE = f"""\
# Beacons: how well they are found

Made by `python -m tools.beacons --write`. Every simulated beacon is ranked among all pairs of a background of real traffic, by the
detector `beacon` and, in the same run, by RITA's published formula (`tools/rita_score.py`, prevalence included). *Top 1*: no other pair
of that day has such a score or a higher one. Beacons to which RITA gives no score, and those without a row, count as not found.

A beacon has an interval, a jitter (a share of the interval, both ways or early only, drawn anew for every beat), a share of lost beats
(0, 20 or 40 %), working hours only or all day, sizes that vary (0, 10 or 50 %) and a port; {EACH} of each interval and jitter and seed.
Tables other than that of intervals leave out {INTERVALS[-1]} s: six contacts a day are fewer than the detector judges.

Where it is easier than reality: simulated beacons have an address of their own, with nothing else in its network, and do nothing else.
Where it is harder: backgrounds of a single host have nobody to compare with.

The test captures were not used to choose a constant, but they were looked at: that sensors cut long connections into pieces was
seen there, and that honest timers are exact.
"""


def main() -> None:
    """Print (and write) the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.beacons", description=__doc__)
    parser.add_argument("--only", nargs="*", default=["rita", "008", "010"], help="backgrounds")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    lines = ["## Real beacons", "", *real(), ""]
    for name, noise in backgrounds().items():
        if name in given.only:
            lines += planted(name, noise, given.seeds)
        if name in given.only and name == "rita":
            lines += [*slow(noise, given.seeds), *ablation(noise, given.seeds), *by_name(given.seeds)]
    print("\n".join(lines))
    if given.write:
        PAGE.write_text(NOTE + "\n" + "\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
