"""What each detector and each level of the baselines adds, and what it costs: over the labelled captures and the soak.

Run it as ``python -m tools.ablation``; it needs the shared data sets. ``--write`` puts the tables into docs/reference/ablation.md.

A detector is left out by dropping its findings: no detector reads another's, but ``infected_host``, which is judged anew each time. (The
alert budget is shared by learned detectors and is left as it was.) A level of the baselines is left out while the engine runs:

* *own*: what an entity did before: its numbers, its hours, the members it had, its age;
* *peers*: the numbers of its peer group;
* *everyone*: the numbers of all entities beyond the prior, how many others ever had a member, how many entities there are;
* *all levels*: all three, and how much was learned at all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from bench.soak.judge import Judge
from bench.soak.run import Result as Soak
from bench.soak.run import run as soak
from tools.evaluate import ROOT, SETS, Result, evaluate, is_read, shows

from vedette.abc import Detector, Normal
from vedette.app.engine import Engine, learns
from vedette.config import Config
from vedette.detectors.infected_host import InfectedHost
from vedette.incidents.correlate import correlate
from vedette.incidents.record import own_findings_batch
from vedette.model import Finding, Incident, Severity
from vedette.plugins import discover
from vedette.store.profiles import Profile
from vedette.store.profiles.moments import Moments
from vedette.store.profiles.numbers import PRIOR_WINDOWS, Numbers
from vedette.store.profiles.peers import Peers

PAGE = ROOT / "docs" / "reference" / "ablation.md"
OWN, PEERS, EVERYONE = "own", "peers", "everyone"
LEVELS: dict[str, frozenset[str]] = {
    "nothing": frozenset(),
    OWN: frozenset({OWN}),
    PEERS: frozenset({PEERS}),
    EVERYONE: frozenset({EVERYONE}),
    "all levels": frozenset({OWN, PEERS, EVERYONE}),
}
"""What is left out -> the levels."""
LEFT_OUT = ("pcap-tcpdump-malformed",)
"""Sets without labels."""
SHORT = ("zeek-labelled", "slips-dataset", "rita-test-data")
"""Sets over which the levels are compared: the engine runs anew for each."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a set of findings comes to.

    Attributes:
        found: attacks found, by name.
        false: incidents above informational where there is no attack; ``grave``: above medium.
    """

    found: frozenset[str]
    false: int
    grave: int


def judged_together(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with what ``infected_host`` makes of them, and not of others."""
    parts = [f for f in findings if f.detector != InfectedHost.name]
    if not parts:
        return []
    engine = Engine(Config(), [InfectedHost])
    engine.feed(own_findings_batch(parts))
    outcome = engine.close()
    engine.spool.close()
    return [*parts, *outcome.findings]


def captures(results: Sequence[Result], without: str = "") -> Score:
    """Return what the labelled captures come to, without the findings of one detector."""
    found, false, grave = set(), 0, 0
    for r in results:
        incidents = r.incidents
        if any(f.detector == without for f in r.findings):
            left = [f for f in r.findings if f.detector != without]
            incidents = correlate(left if without == InfectedHost.name else judged_together(left))
        if expected := r.label.get("expect"):
            if any(shows(f, expected) for i in incidents for f in i.findings):
                found.add(r.name)
        elif r.label.get("benign"):
            false += _above(incidents, Severity.INFORMATIONAL)
            grave += _above(incidents, Severity.MEDIUM)
    return Score(frozenset(found), false, grave)


def month(run: Soak, without: str = "") -> Score:
    """Return what the soak comes to, without the findings of one detector."""
    findings, incidents, judge = list(run.findings), run.incidents, run.judge
    if any(f.detector == without for f in findings):
        findings = [f for f in findings if f.detector != without]
        findings = findings if without == InfectedHost.name else judged_together(findings)
        incidents = correlate(findings)
    return _score(judge, findings, incidents)


def _score(judge: Judge, findings: Sequence[Finding], incidents: Sequence[Incident]) -> Score:
    told = judge.told(findings, incidents, lambda f: f.last_seen)
    false = judge.false(incidents)
    found = frozenset(t.attack.name for t in told if t.alerts)
    return Score(found, _above(false, Severity.INFORMATIONAL), _above(false, Severity.MEDIUM))


def _above(incidents: Sequence[Incident], severity: Severity) -> int:
    return sum(i.severity > severity for i in incidents)


@contextmanager
def leaving_out(levels: frozenset[str]) -> Iterator[None]:
    """Let baselines say nothing of these levels; they learn as ever."""
    each, judge = Profile.each, Numbers._judge  # noqa: SLF001 - what is taken away is inside

    def judged(self: Profile, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        for frame in each(self, rows):
            yield frame.with_columns(*blanked(self.normal, levels))

    def of_numbers(self: Numbers, ids: Any, x: Any, fade: Any, at: float, slot: int) -> dict[str, Any]:  # noqa: ANN401
        kept = self.all, self.all_at
        if EVERYONE in levels:
            self.all, self.all_at = _prior(self), 0.0
        told = judge(self, ids, x, np.zeros_like(fade) if OWN in levels else fade, at, slot)
        self.all, self.all_at = kept
        return told

    def of_nobody(self: Peers, ids: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
        empty = np.zeros((len(ids), self.width))
        return empty, empty, empty

    with ExitStack() as changed:
        if levels:
            changed.enter_context(patch.object(Profile, "each", judged))
            changed.enter_context(patch.object(Numbers, "_judge", of_numbers))
        if PEERS in levels:
            changed.enter_context(patch.object(Peers, "moments", of_nobody))
        yield


def _prior(numbers: Numbers) -> Moments:
    """Return what is expected before anything was learned."""
    all_ = Moments(numbers.width)
    for name, (typical, spread) in numbers.normal.prior.items():
        i = numbers.normal.numbers.index(name)
        all_.count[i], all_.mean[i], all_.var[i] = PRIOR_WINDOWS, np.log1p(typical), spread**2
    return all_


def blanked(normal: Normal, levels: frozenset[str]) -> list[pl.Expr]:
    """Return the columns of a baseline, beyond the means that it combines, as they are without these levels."""
    out: list[pl.Expr] = []
    if OWN in levels:
        own = [c for c in normal.columns() if c.startswith(("own.", "hour."))]
        out += [pl.lit(0.0 if c.endswith(".count") else None, pl.Float64).alias(c) for c in own]
        out += [pl.col(f"had.{s}").list.eval(pl.element() & pl.lit(value=False)) for s in normal.sets]
        out += [pl.lit(0, pl.Int64).alias("age"), pl.col("time").alias("since")]
    if EVERYONE in levels:
        out += [pl.col(f"others.{s}").list.eval(pl.element() * 0) for s in normal.sets]
        out += [pl.lit(1, pl.Int64).alias(c) for c in ("entities", "actors")]
    if levels >= {OWN, PEERS, EVERYONE}:
        out.append(pl.lit(0, pl.Int64).alias("windows"))
    return out


def detectors_table(whole: Sequence[tuple[str, Callable[[str], Score]]], names: Sequence[str]) -> list[str]:
    """Return the table of detectors: what is lost without each, and how many false incidents go."""
    heads = [
        h for name, _ in whole for h in (f"{name}: lost without it", "false incidents gone", "of them above medium")
    ]
    lines = ["| detector | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    full = [score("") for _, score in whole]
    silent = []
    for detector in names:
        cells = []
        for (_, score), before in zip(whole, full, strict=True):
            after = score(detector)
            lost = ", ".join(sorted(_short(n) for n in before.found - after.found)) or "-"
            cells += [lost, f"{before.false - after.false}", f"{before.grave - after.grave}"]
        if set(cells) <= {"-", "0"}:
            silent.append(detector)
            continue
        lines.append(f"| {detector} | " + " | ".join(cells) + " |")
    told = [
        f"{name}: {len(s.found)} found, {s.false} false incidents, {s.grave} above medium"
        for (name, _), s in zip(whole, full, strict=True)
    ]
    lines += ["", f"With all of them: {'; '.join(told)}.", ""]
    return [*lines, "Neither gain nor cost here, alone: " + ", ".join(f"`{n}`" for n in silent) + ".", ""]


def _short(name: str) -> str:
    return name.rsplit("/", 1)[-1].partition(".pcap")[0][:48]


def levels_table(rows: Sequence[tuple[str, Sequence[Score]]], names: Sequence[str]) -> list[str]:
    """Return the table of levels."""
    heads = [h for n in names for h in (f"{n}: found", "false incidents", "above medium", "lost")]
    lines = ["| left out | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    full = rows[0][1]
    for what, scores in rows:
        cells = [
            c
            for s, f in zip(scores, full, strict=True)
            for c in (
                f"{len(s.found)}",
                f"{s.false}",
                f"{s.grave}",
                ", ".join(sorted(_short(n) for n in f.found - s.found)) or "-",
            )
        ]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def main() -> None:
    """Run everything and print the page; ``--write`` it."""
    parser = argparse.ArgumentParser(prog="python -m tools.ablation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", nargs="*", default=[s for s in SETS if s not in LEFT_OUT])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    import yaml

    labels = yaml.safe_load((ROOT / "tools" / "labels.yaml").read_text())

    def scanned(sets: Sequence[str]) -> list[Result]:
        return [r for name in sets for r in evaluate(name, labels) if is_read(r)]

    def lived() -> Soak:
        return soak(given.days, given.hosts, given.seed, step=24)

    run, results = lived(), scanned(given.sets)
    names = sorted(discover(Detector))
    whole = [("captures", lambda d: captures(results, d)), ("soak", lambda d: month(run, d))]
    lines = [
        "# Ablation",
        "",
        (
            f"Made by `python -m tools.ablation --write --days {given.days} --hosts {given.hosts}`: what each detector and each level of "
            "the baselines adds, and what it costs."
        ),
        f"Captures: the labelled ones of {', '.join(given.sets)}. Soak: {given.days} days of {given.hosts} hosts, seed {given.seed}.",
        "",
        "## Detectors",
        "",
        "*Lost*: attacks that no other detector finds. A detector that loses nothing here may still be the only one for an attack that",
        "these data do not hold.",
        "",
        *detectors_table(whole, names),
    ]
    print("\n".join(lines), flush=True)
    short = [r for r in results if r.name.split("/", 1)[0] in SHORT]
    rows: list[tuple[str, Sequence[Score]]] = [("nothing", (captures(short), month(run)))]
    for what, levels in list(LEVELS.items())[1:]:
        with leaving_out(levels):
            rows.append((what, (captures(scanned(SHORT)), month(lived()))))
        print(what, rows[-1][1], flush=True)
    judging = sorted(n for n, d in discover(Detector).items() if learns(d))
    lines += [
        "## Levels of the baselines",
        "",
        f"Detectors that judge against a baseline: {', '.join(f'`{n}`' for n in judging)}.",
        f"Captures here: {', '.join(SHORT)}; they last a day at the most, so only prevalence within the capture tells anything there.",
        "",
        *levels_table(rows, ("captures", "soak")),
    ]
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
