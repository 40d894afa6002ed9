"""What the peers' level of the baselines is worth for hosts that have just come: the soak, where a part of the company joins in the middle.

Run it as ``python -m tools.young_hosts``. Only detectors that judge against a baseline run. An attack counts as one of a young host where
its doer joined; it begins a day after they came, at the earliest. A false incident counts as one of a young host where one of its
findings that alert has such a host as its actor.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from bench.soak.company import Company
from bench.soak.run import Result, run
from tools.ablation import EVERYONE, LEVELS, OWN, PEERS, leaving_out

from vedette.abc import Detector
from vedette.app.engine import learns
from vedette.model import Finding
from vedette.plugins import discover

COMPARED = ("nothing", PEERS, OWN, EVERYONE)
JOINING = 0.4


@dataclass(frozen=True, slots=True)
class Score:
    """What a run comes to, of young hosts and of the others.

    Attributes:
        planted: attacks; ``found``: those with a finding that alerts; ``weak``: those with any finding.
        false: incidents with no attack behind them; ``alerts``: the findings that alert in them; ``signs``: findings that only corroborate.
    """

    planted: tuple[int, int]
    found: tuple[int, int]
    weak: tuple[int, int]
    false: tuple[int, int]
    alerts: tuple[int, int]
    signs: tuple[int, int]


def score(result: Result, young: frozenset[str]) -> Score:
    """Return what a run comes to; ``young`` are the addresses that joined."""

    def split(flags: Sequence[bool]) -> tuple[int, int]:
        return sum(flags), len(flags) - sum(flags)

    def actors(findings: Sequence[Finding]) -> bool:
        return any(e.value in young for f in findings for e in f.actors)

    told = [(t, t.attack.hosts[0] in young) for t in result.told]
    alerts = [f for i in result.false for f in i.findings if f.alert]
    judge = result.judge
    signs = [f for f in result.findings if not f.alert and judge.about(f) is None and judge.near(f) is None]
    return Score(
        planted=split([y for _, y in told]),
        found=split([y for t, y in told if t.alerts]),
        weak=split([y for t, y in told if t.alerts or t.weak]),
        false=split([actors([f for f in i.findings if f.alert]) for i in result.false]),
        alerts=split([actors([f]) for f in alerts]),
        signs=split([actors([f]) for f in signs]),
    )


def lines(what: str, scores: Sequence[Score]) -> str:
    """Return the line of the table for what is left out, summed over the seeds."""

    def total(name: str) -> list[int]:
        return [sum(pair) for pair in zip(*(getattr(s, name) for s in scores), strict=True)]

    planted, cells = total("planted"), []
    for at in (0, 1):
        cells += [f"{total(name)[at]} of {planted[at]}" for name in ("found", "weak")]
        cells += [f"{total(name)[at]}" for name in ("false", "alerts", "signs")]
    return f"| {what} | " + " | ".join(cells) + " |"


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.young_hosts", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--without", nargs="*", default=list(COMPARED), choices=COMPARED)
    given = parser.parse_args()
    disabled = tuple(n for n, d in discover(Detector).items() if not learns(d))
    scores: dict[str, list[Score]] = {}
    for seed in given.seeds:
        company = Company(seed, given.hosts, JOINING)
        young = frozenset(company.addresses[i] for i in company.workstations[company.young])
        for what in given.without:
            with leaving_out(LEVELS[what]):
                result = run(given.days, given.hosts, seed, joining=JOINING, disabled=disabled, step=24)
            scores.setdefault(what, []).append(score(result, young))
            print(seed, len(young), what, scores[what][-1], flush=True)
    kinds = [
        f"{who}: {c}" for who in ("young", "others") for c in ("found", "seen", "false incidents", "alerts", "signs")
    ]
    print("| left out | " + " | ".join(kinds) + " |\n" + "|---" * (len(kinds) + 1) + "|")
    for what, held in scores.items():
        print(lines(what, held))


if __name__ == "__main__":
    main()
