"""How exfiltration is found among the uploads of a made-up company, and what is called so by mistake.

``python -m tools.uploads [--seed 5] [--days 21] [--hosts 250] [--write]`` lets the company of ``bench.soak`` work, without the attacks of
the soak, and has ``EACH`` of its workstations, another one for each, send out what ``PLANTED`` says. It prints how many are alerts, how
many building blocks, and everything that is said about the others. The constants of the detectors were chosen on seeds 3 and 4 of the
company, with the soak's two exfiltrations; the page is of seed 5. What the company's traffic lacks is said in the soak's page; above
all, nobody in it starts to send much to a partner of his own.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from bench.soak.days import BEGIN
from bench.soak.month import Month

from vedette.abc import LogOdds
from vedette.config import Config
from vedette.detectors.exfiltration import Exfiltration
from vedette.detectors.exfiltration_slow import ExfiltrationSlow
from vedette.detectors.new_and_rare import NewAndRare
from vedette.detectors.new_software import NewSoftware
from vedette.events.address import Border
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.window import WindowState
from vedette.store.profiles import Profile

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "uploads.md"
DETECTORS: tuple[type[LogOdds], ...] = (Exfiltration, ExfiltrationSlow, NewAndRare, NewSoftware)
EACH = 5
"""Hosts that do the same."""
FIRST = 8
"""Day on which they begin, from 0."""
KIND = EventClass.NETWORK_ACTIVITY
NOTE = """\
An alert stands for itself; a building block only beside other findings. The thieves begin on the ninth day. Easier than reality: nobody
else in this company starts to send much to a place of his own, which is what an alert would be wrong about most often.

Beside the tables: none of the 1,942 captures and logs of the shared data sets (`slips-dataset`, `zeek-labelled`, `rita-test-data`,
`pcap-zeek-traces`, `pcap-markofu`, `pcap-attack`, `pcap-suricata-verify`, `iot23-sample`) gives a finding of these detectors. They hold
no history, and hardly any upload: that shows silence, not skill.
"""
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Plant:
    """What a thief sends: ``size`` bytes a day in ``pieces`` from ``hour`` on, on so many ``days``; ``known``: where all send to."""

    name: str
    size: float
    hour: float
    pieces: int = 12
    days: int = 1
    growth: float = 1.0
    known: bool = False


PLANTED = (
    Plant("50 MB at night", 5e7, 2),
    Plant("200 MB at night", 2e8, 2),
    Plant("1 GB at night", 1e9, 2),
    Plant("200 MB by day", 2e8, 11),
    Plant("1 GB by day", 1e9, 11),
    Plant("1 GB by day in 400 pieces", 1e9, 11, pieces=400),
    Plant("5 GB to the cloud that all use", 5e9, 2, known=True),
    Plant("4 MB a day, ten days", 4e6, 10, days=10),
    Plant("12 MB a day, 7 % more each day, ten days", 1.2e7, 10, days=10, growth=1.07),
    Plant("40 MB a day, ten days", 4e7, 10, days=10),
    Plant("40 MB a day, ten days, to the cloud that all use", 4e7, 10, days=10, known=True),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was said: detector -> rows from its threshold on, with ``score``, ``alert`` and ``summary``; who does what."""

    said: dict[str, pl.DataFrame]
    doing: dict[str, Plant]


def hosts_of(month: Month, rng: np.random.Generator) -> dict[str, Plant]:
    """Return the workstations that send, each with what."""
    stations = [month.company.addresses[i] for i in range(len(month.company.workstations))]
    chosen = rng.permutation(len(stations))[: EACH * len(PLANTED)]
    return {stations[i]: PLANTED[n % len(PLANTED)] for n, i in enumerate(chosen.tolist())}


def planted(month: Month, doing: dict[str, Plant], days: int, rng: np.random.Generator) -> EventBatch:
    """Return everything that is sent, as flows over TLS."""
    cloud = int(month.company.base[month.company.named("storage.filesync-drive.com")])
    rows = []
    for number, (host, plant) in enumerate(doing.items()):
        to = month.company.addresses[cloud] if plant.known else f"198.18.{number}.9"
        for day in range(FIRST, min(FIRST + plant.days, days)):
            whole = plant.size * plant.growth ** (day - FIRST)
            sizes = whole * rng.dirichlet(np.full(plant.pieces, 5.0))
            at = BEGIN + int((day * 24 + plant.hour) * 3.6e9) + np.sort(rng.integers(0, int(2.4e9), plant.pieces))
            rows += [(int(t), host, to, int(s), int(s / 60)) for t, s in zip(at, sizes, strict=True)]
    frame = pl.DataFrame(
        rows,
        schema={
            "time": pl.Int64,
            "src_endpoint.ip": pl.String,
            "dst_endpoint.ip": pl.String,
            "traffic.bytes_out": pl.Int64,
            "traffic.bytes_in": pl.Int64,
        },
        orient="row",
    )
    shape = SCHEMAS[KIND]
    made = {
        "connection_info.protocol_name": "tcp",
        "connection_info.direction_id": 2,
        "dst_endpoint.port": 443,
        "metadata.log_name": "planted",
    }
    return EventBatch(
        KIND,
        frame.with_columns(
            pl.from_epoch("time", time_unit="us").dt.replace_time_zone("UTC"),
            *(pl.lit(v, dtype=shape[c]).alias(c) for c, v in made.items()),
            pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
        ).sort("time"),
    )


def events(month: Month, more: EventBatch, days: int) -> Iterator[tuple[datetime, list[EventBatch]]]:
    """Yield the hours of the company's days, with what is planted in them."""
    border, stamps = Border(Config().network.internal), more.frame["time"]
    for day in range(days):
        for hour in month.day(day):
            until = datetime.fromtimestamp(0, UTC) + hour.until * MICROSECOND
            inside = more.frame.filter((stamps >= until - timedelta(hours=1)) & (stamps < until))
            yield until, [*(_directed(b, border) for b in hour.batches), EventBatch(KIND, inside)]


def _directed(batch: EventBatch, border: Border) -> EventBatch:
    side = border.direction(batch.frame["src_endpoint.ip"], batch.frame["dst_endpoint.ip"])
    return EventBatch(batch.kind, batch.frame.with_columns(side.alias("connection_info.direction_id")))


def watch(seed: int, days: int, hosts: int) -> Seen:
    """Let the company work and the thieves send; judge every window."""
    rng = np.random.default_rng([seed, 77])
    month = Month(days, hosts, seed, attacks=False)
    doing = hosts_of(month, rng)
    states = [(d(), WindowState(d.needs())) for d in DETECTORS]  # type: ignore[arg-type] # they have windows
    rows: dict[str, list[pl.DataFrame]] = {d.name: [] for d in DETECTORS}
    for until, batches in events(month, planted(month, doing, days, rng), days):
        for detector, state in states:
            for batch in batches:
                if batch.kind in state.features.kinds() and len(batch):
                    state.add(state.features.take(batch))
            rows[detector.name] += state.advance(until)
    said = {}
    for detector, state in states:
        whole = pl.concat([*rows[detector.name], *state.advance()])
        state.close()
        said[detector.name] = _said(detector, state, whole)
    return Seen(said, doing)


def _said(detector: LogOdds, state: WindowState, whole: pl.DataFrame) -> pl.DataFrame:
    judged = pl.concat(Profile(state.features).each(whole))
    hot = judged.with_columns(score=detector.score(judged)).filter(pl.col("score") >= detector.threshold)
    alert = not detector.corroborates
    return hot.select("src_endpoint.ip", "time", "score").with_columns(
        pl.Series("summary", detector.summaries(hot), dtype=pl.String),
        alert=(pl.col("score") >= detector.alert_from) & alert,
    )


def tables(seen: Seen, seed: int, days: int, hosts: int) -> str:
    """Return the page."""
    lines = [
        "# Uploads",
        "",
        f"Printed by `python -m tools.uploads --seed {seed} --days {days} --hosts {hosts}`, which says how it is made.",
        "",
        *NOTE.splitlines(),
        "",
        f"## What was sent out on purpose, by {EACH} hosts each",
        "",
        "| what | alert of `exfiltration` | building block | alert of `exfiltration_slow` | building block |",
        "|---|---|---|---|---|",
    ]
    for plant in PLANTED:
        hosts_ = {h for h, p in seen.doing.items() if p is plant}
        cells = [f"{n} of {len(hosts_)}" for d in DETECTORS[:2] for n in _counts(seen.said[d.name], hosts_)]
        lines.append(f"| {plant.name} | {' | '.join(cells)} |")
    lines += [
        "",
        "## What is said about everybody else",
        "",
        "| detector | alerts | building blocks | example |",
        "|---|---|---|---|",
    ]
    for detector in DETECTORS:
        rest = seen.said[detector.name].filter(~pl.col("src_endpoint.ip").is_in(list(seen.doing)))
        count = Counter(rest["alert"].to_list())
        example = rest.sort("alert", "score")["summary"][-1] if rest.height else "-"
        lines.append(f"| {detector.name} | {count[True]} | {count[False]} | {example} |")
    return "\n".join([*lines, ""])


def _counts(said: pl.DataFrame, hosts: set[str]) -> tuple[int, int]:
    """Return how many of the hosts have an alert, and how many of the others a building block."""
    ours = said.filter(pl.col("src_endpoint.ip").is_in(list(hosts)))
    alerts = set(ours.filter("alert")["src_endpoint.ip"])
    return len(alerts), len(set(ours["src_endpoint.ip"]) - alerts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.uploads", description=__doc__)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--days", type=int, default=21)
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}, too")
    given = parser.parse_args(arguments)
    page = tables(watch(given.seed, given.days, given.hosts), given.seed, given.days, given.hosts)
    print(page)
    if given.write:
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
