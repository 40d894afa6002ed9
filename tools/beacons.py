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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import polars as pl
from tools.evaluate import DATA, ROOT
from tools.rita_score import FEWEST, Floats, score

from vedette.app.intake import open_inputs
from vedette.config import Config
from vedette.detectors.beacon import Beacon
from vedette.events.address import Border
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.beacon_pair import DAY, BeaconPair
from vedette.features.window import WindowState
from vedette.store.profiles import Profile

PAGE = ROOT / "docs" / "reference" / "beacons.md"
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
INTERVALS = (10, 60, 300, 900, 3600, 14_400)
JITTERS = (0.0, 0.2, 0.4, 0.6)
LOSSES = (0.0, 0.2, 0.4)
EACH = 8
"""Beacons of every interval and jitter, with loss, sleep, sizes and port drawn."""
_SCHEMA = SCHEMAS[EventClass.NETWORK_ACTIVITY]
_KEYS = ["src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port"]
_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """How one simulated beacon behaves.

    Attributes:
        interval: seconds; jitter: share of it by which a beat is early or late (or, ``early`` only, early).
        loss: share of beats that are not made; sleeps: it keeps to working hours.
        sizes: share by which the bytes sent vary.
    """

    interval: int
    jitter: float
    early: bool
    loss: float
    sleeps: bool
    sizes: float
    port: int
    size: int

    def moments(self, rng: np.random.Generator) -> Floats:
        """Return the seconds of a day at which it makes contact."""
        count = 4 * _SECONDS // self.interval + 8
        spread = rng.uniform(-self.jitter, 0.0 if self.early else self.jitter, count)
        at = rng.uniform(0, self.interval) + np.cumsum(self.interval * (1 + spread))
        at = at[(at < _SECONDS) & (rng.random(count) >= self.loss)]
        return at[(at >= 8 * 3600) & (at < 18 * 3600)] if self.sleeps else at

    def bytes_sent(self, count: int, rng: np.random.Generator) -> Floats:
        """Return what it sends each time; one time in fifty it is an answer to an order, and larger."""
        usual = self.size * (1 + rng.uniform(-self.sizes, self.sizes, count))
        return np.where(rng.random(count) < 0.02, usual * rng.uniform(3, 30, count), usual)


def plans(rng: np.random.Generator) -> Iterator[Plan]:
    """Yield every beacon of the study."""
    for interval, jitter, _ in product(INTERVALS, JITTERS, range(EACH)):
        yield Plan(
            interval,
            jitter,
            early=bool(rng.random() < 0.5),
            loss=float(rng.choice(LOSSES)),
            sleeps=bool(rng.random() < 0.3),
            sizes=float(rng.choice((0.0, 0.1, 0.5))),
            port=int(rng.choice((443, 443, 80, 8443, 4444, 50_050))),
            size=int(rng.integers(300, 3000)),
        )


def flows_of(number: int, plan: Plan, host: str, rng: np.random.Generator) -> pl.DataFrame:
    """Return the flows of a beacon, to an address in a network of its own (198.18.0.0/15 is set apart for measurements: RFC 2544)."""
    at = plan.moments(rng)
    sent = plan.bytes_sent(len(at), rng)
    start = pl.Series((at * 1e6).astype(np.int64)) + int(MIDNIGHT.timestamp() * 1e6)
    frame = pl.DataFrame({"start_time": start, "took": rng.integers(50_000, 2_000_000, len(at)), "sent": sent})
    made = frame.select(
        pl.from_epoch(pl.col("start_time") + pl.col("took"), time_unit="us").dt.replace_time_zone("UTC").alias("time"),
        pl.from_epoch("start_time", time_unit="us").dt.replace_time_zone("UTC"),
        pl.lit(host).alias("src_endpoint.ip"),
        pl.lit(f"198.{18 + number // 256}.{number % 256}.9").alias("dst_endpoint.ip"),
        pl.Series("src_endpoint.port", rng.integers(20_000, 60_000, len(at)), pl.Int32),
        pl.lit(plan.port, pl.Int32).alias("dst_endpoint.port"),
        pl.lit("tcp").alias("connection_info.protocol_name"),
        pl.lit("SF").alias("status_code"),
        pl.lit("tls" if plan.port in (443, 8443) else "http").alias("app_protocol_name"),
        pl.col("sent").cast(pl.Int64).alias("traffic.bytes_out"),
        pl.Series("traffic.bytes_in", rng.integers(200, 1500, len(at)), pl.Int64),
        pl.lit(5, pl.Int64).alias("traffic.packets_in"),
        pl.lit(2, pl.Int32).alias("connection_info.direction_id"),
    )
    return made.filter(pl.col("time") < MIDNIGHT + DAY)


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
    wanted = BeaconPair.columns()
    frame = batch.select([c for c in wanted if c in SCHEMAS[batch.kind]] + ["connection_info.uid"]).collect()
    if frame["connection_info.direction_id"].is_null().all():
        side = border.direction(frame["src_endpoint.ip"], frame["dst_endpoint.ip"])
        frame = frame.with_columns(side.alias("connection_info.direction_id"))
    if (
        batch.kind is EventClass.HTTP_ACTIVITY
    ):  # only where there is no log of connections: the first request of each is it
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


def rows_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the detector's rows with ``score`` and ``rita``."""
    state = WindowState(BeaconPair())
    state.add(BeaconPair.take(EventBatch(EventClass.NETWORK_ACTIVITY, frame)))
    rows = Profile(BeaconPair()).judge(pl.concat(list(state.advance())))
    leaves = BeaconPair().prepare(BeaconPair.take(EventBatch(EventClass.NETWORK_ACTIVITY, frame))).collect()
    at = pl.coalesce("start_time", "time").dt.timestamp("us") / 1e6
    began, ended = leaves.select(at.min().alias("a"), at.max().alias("b")).row(0)
    pairs = leaves.group_by(_KEYS).agg(at.alias("at"), pl.col("traffic.bytes_out").fill_null(0).alias("sizes"))
    plain = [
        score(np.array(a), np.array(s, dtype=np.float64), began, ended) if len(a) >= FEWEST else 0.0
        for a, s in zip(pairs["at"], pairs["sizes"], strict=True)  # the baseline is not in a hurry
    ]
    both = rows.with_columns(Beacon().score(rows).alias("score"))
    return both.join(pairs.select(*_KEYS, pl.Series("rita", plain)), on=_KEYS, how="left")


def study(noise: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return a row per simulated beacon: its plan, ``rank`` and ``rita_rank`` among the pairs of the noise, ``score``."""
    rng = np.random.default_rng(seed)
    hosts = noise.filter(pl.col("connection_info.direction_id") == 2)["src_endpoint.ip"].unique().sort()
    made = list(plans(rng))
    whose = [str(hosts[int(rng.integers(len(hosts)))]) for _ in made]
    beacons = [flows_of(n, plan, host, rng) for n, (plan, host) in enumerate(zip(made, whose, strict=True))]
    rows = rows_of(pl.concat([noise, *beacons], how="diagonal_relaxed"))
    planted = pl.col("dst_endpoint.ip").str.contains(r"^198\.1[89]\.")
    found, others = rows.filter(planted), rows.filter(~planted)
    told = pl.DataFrame([{**{f: getattr(p, f) for f in Plan.__slots__}, "n": n} for n, p in enumerate(made)])
    number = (
        pl.col("dst_endpoint.ip")
        .str.extract_groups(r"^198\.(\d+)\.(\d+)\.")
        .cast(pl.Struct({"1": pl.Int64, "2": pl.Int64}))
    )
    found = found.with_columns(
        n=(number.struct.field("1") - 18) * 256 + number.struct.field("2"),
        rank=1 + pl.col("score").map_elements(lambda s: (others["score"] >= s).sum(), pl.Int64),
        rita_rank=1 + pl.col("rita").map_elements(lambda s: (others["rita"] >= s).sum(), pl.Int64),
    )
    return told.join(found.select("n", "score", "rank", "rita", "rita_rank"), on="n", how="left")


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
        f"| {by} | beacons | top 1 | top 1, RITA | top 3 | top 3, RITA | a finding |",
        "|---|---|---|---|---|---|---|",
    ]
    for (value,), rows in sorted(found.group_by(by)):
        shares = [
            rows.select((pl.col(c) <= k).fill_null(value=False).mean()).item()
            for k in (1, 3)
            for c in ("rank", "rita_rank")
        ]
        hit = rows.select((pl.col("score") >= Beacon.threshold).fill_null(value=False).mean()).item()
        lines.append(f"| {value} | {rows.height} | " + " | ".join(f"{s:.0%}" for s in (*shares, hit)) + " |")
    return lines


def main() -> None:
    """Print (and write) the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.beacons", description=__doc__)
    parser.add_argument("--only", nargs="*", default=["rita", "008", "010"], help="backgrounds")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    lines: list[str] = []
    for name, noise in backgrounds().items():
        if name not in given.only:
            continue
        alone = rows_of(noise)
        hits = alone.filter(pl.col("score") >= Beacon.threshold)
        found = pl.concat([study(noise, seed) for seed in given.seeds])
        lines += [
            f"## Planted in {name}",
            "",
            f"{noise.height:,} flows, {alone.height:,} pairs that leave; findings without any beacon: {hits.height}.",
            "",
        ]
        for by in ("interval", "jitter", "loss", "sleeps", "port"):
            lines += [*table(found, by), ""]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
