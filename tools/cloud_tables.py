"""Audit logs of clouds through the product; writes docs/reference/cloud.md.

``python -m tools.cloud_tables [part ...]``; parts: ``stratus``, ``panther``, ``o365``, ``usual``, ``otrf``; ``--write`` writes the
page. Each recording is a scan of its own, with default settings and without a history. Names of the tool that made a recording are
taken out before it is read.
"""

from __future__ import annotations

import argparse
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from tools.cloud_usual import found

from vedette.abc import Detector, Origin, Source, WindowFeatures
from vedette.app.engine import Engine
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.cloud_act import CloudAct
from vedette.features.cloud_work import CloudWork
from vedette.features.window import WindowState
from vedette.incidents.correlate import correlate
from vedette.intel.attack import technique
from vedette.learning.registry import equip
from vedette.model import Finding, Incident
from vedette.plugins import discover

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data" / "host"
PAGE = ROOT / "docs" / "reference" / "cloud.md"
PARTS = ("stratus", "panther", "o365", "usual", "otrf")
MADE_BY = re.compile(r"stratus[-_ ]?red[-_ ]?team[-_]?|malicious-?", re.IGNORECASE)
"""What tells by its name that it is an attack: taken out of the recordings."""
LOG_TYPES = {
    "AWS.CloudTrail": "cloudtrail",
    "Okta.SystemLog": "okta",
    "GitHub.Audit": "github",
    "GCP.AuditLog": "gcp",
    "Amazon.EKS.Audit": "kubernetes",
    "Azure.Audit": "azure",
    "Azure.MonitorActivity": "azure",
    "Microsoft365.Audit.Exchange": "m365",
    "Microsoft365.Audit.AzureActiveDirectory": "m365",
}
"""Log types of the rules' unit tests -> the source that reads them."""
TIMES = {
    "cloudtrail": "eventTime",
    "okta": "published",
    "github": "@timestamp",
    "gcp": "timestamp",
    "kubernetes": "requestReceivedTimestamp",
    "azure": "time",
    "m365": "CreationTime",
}
"""Where each log has its time."""
PRODUCT_CASE = {
    "m365": (
        *(
            "ClientIP",
            "CreationTime",
            "ExternalAccess",
            "Id",
            "ObjectId",
            "Operation",
            "OrganizationId",
            "OrganizationName",
            "Parameters",
        ),
        *(
            "OriginatingServer",
            "RecordType",
            "ResultStatus",
            "UserId",
            "UserKey",
            "UserType",
            "Workload",
            "ModifiedProperties",
        ),
        *("ExtendedProperties", "Target", "Actor", "ActorIpAddress"),
    ),
    "okta": (
        "eventType",
        "displayMessage",
        "debugContext",
        "authenticationContext",
        "securityContext",
        "legacyEventType",
    ),
}
"""Keys as the product writes them, where tests have them in lower case."""
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recording gave."""

    name: str
    records: int
    rejects: int
    findings: tuple[Finding, ...]
    incidents: tuple[Incident, ...]


def scan(name: str, source: type[Source], data: bytes) -> Outcome:
    """Scan one recording."""
    engine, records, rejects = Engine(Config()), 0, 0
    for batch in source(Origin(name, datetime(2026, 1, 1, tzinfo=UTC))).read(io.BytesIO(data)):
        records += batch.records
        rejects += batch.records if batch.kind is EventClass.REJECT else 0
        engine.feed(batch, name)
    outcome = engine.close()
    if broke := [idle for idle in outcome.idle if idle.broke]:
        raise SystemExit(f"{name}: {broke}")
    engine.spool.close()
    return Outcome(name, records, rejects, outcome.findings, tuple(correlate(outcome.findings)))


def lines(rows: Iterable[str]) -> bytes:
    """Return records as JSON lines."""
    return ("\n".join(r for r in rows if r) + "\n").encode()


def stages_of(finding: Finding) -> set[str]:
    """Return every tactic that the techniques of a finding serve."""
    return {t for uid in finding.techniques if (known := technique(uid)) for t in known.tactics}


# --------------------------------------------------------------------------------------------------------------- stratus


def stratus() -> list[str]:
    """Return the table of attack techniques on AWS: what each recording gives."""
    source = discover(Source)["cloudtrail"]
    rows = pl.read_parquet(DATA / "stratus-detonation" / "detonation_logs.parquet")
    told, named, found, alone = [], 0, 0, 0
    for told_as in sorted(rows["technique"].unique()):
        raw = rows.filter(pl.col("technique") == told_as)["raw"]
        result = scan(told_as, source, lines(MADE_BY.sub("x", r) for r in raw))
        tactic = told_as.split(".")[1]
        hits = [f for f in result.findings if tactic in stages_of(f)]
        named += bool(hits)
        found += bool(result.findings)
        alone += any(f.alert for f in result.findings)
        what = "; ".join(f"{f.detector} {f.score:.2f} ({', '.join(f.techniques[:3])})" for f in result.findings) or "-"
        told.append(f"| {told_as.removeprefix('aws.')} | {len(raw)} | {'yes' if hits else 'no'} | {what} |")
    total = len(told)
    return [
        "## Attack techniques on AWS",
        "",
        f"`stratus-detonation`: {rows.height} events of {total} techniques, attack only; names of the tool are taken out.",
        f"With a finding: **{found} of {total}**; with one that shows the right tactic: **{named} of {total}**; with one that alerts by",
        f"itself: {alone}. The rest is told in the table; what is not found is not found.",
        "",
        "| technique | events | tactic shown | findings |",
        "|---|---|---|---|",
        *told,
        "",
    ]


# --------------------------------------------------------------------------------------------------------------- panther


def judged(batches: Iterable[EventBatch]) -> dict[str, float]:
    """Return the best score of each cloud detector over single records, without any history."""
    best: dict[str, float] = {}
    held = list(batches)
    for features in (CloudAct, CloudWork):
        rows = _rows(features, [b for b in held if b.kind in features.kinds()])
        for name, detector in _of(features).items() if rows.height else ():
            score = equip(detector).score(rows).max()
            best[name] = max(best.get(name, 0.0), float(str(score)))
    return best


def _of(features: type[WindowFeatures]) -> dict[str, type[Detector]]:
    return {name: d for name, d in discover(Detector).items() if d.needs is features}


def _rows(features: type[WindowFeatures], batches: list[EventBatch]) -> pl.DataFrame:
    """Return the rows of a feature set with an empty baseline."""
    made = features()
    state = WindowState(made)
    for batch in batches:
        state.add(made.take(batch.named("test")))
    frames = list(state.advance())
    if not frames or made.normal is None:
        return pl.DataFrame()
    empty = [pl.lit(None, dtype=d).alias(c) for c, d in made.normal.columns().items()]
    return pl.concat(frames).with_columns(empty)


def panther() -> list[str]:
    """Return the table of other people's unit tests: records that a rule of theirs should or should not fire on."""
    tests = pl.read_parquet(DATA / "panther-tests" / "tests.parquet").with_columns(
        pl.col("expected").cast(pl.String).str.to_lowercase() == "true",
        pl.col("log_label_conflict").cast(pl.String).str.to_lowercase() == "true",
    )
    sources = discover(Source)
    told = []
    for log_type, name in LOG_TYPES.items():
        some = tests.filter((pl.col("log_type") == log_type) & ~pl.col("log_label_conflict")).unique(
            "log", maintain_order=True
        )
        counts: dict[tuple[bool, str], int] = Counter()
        unread = 0
        for expected, log in some.select("expected", "log").rows():
            batches = list(sources[name](Origin("test")).read(io.BytesIO(_product_case(log, name))))
            unread += any(b.kind is EventClass.REJECT for b in batches)
            scores = judged(b for b in batches if b.kind is not EventClass.REJECT)
            best = max(scores.values(), default=0.0)
            counts[expected, "all"] += 1
            counts[expected, "seen"] += best >= 0.5
            counts[expected, "sure"] += best >= SURE
        yes, no = counts[True, "all"], counts[False, "all"]
        told.append(
            f"| {log_type} | {some['rule_id'].n_unique()} | {unread} | {counts[True, 'seen']} ({counts[True, 'sure']}) of {yes} "
            f"| {counts[False, 'seen']} ({counts[False, 'sure']}) of {no} |"
        )
    return [
        "## Other people's unit tests",
        "",
        "`panther-tests`: records written by hand for rules of another product, one at a time, without a history. Only information:",
        "many of those rules ask whether a policy of the house is kept (any change of a network, any sign-in of root, a list of allowed",
        "accounts), and a record that should not fire is often the same act by an account on their list, which Vedette does not know, or",
        f"one that was refused. In brackets: scores of {SURE} and more, which alert by themselves. Records that two rules want differently",
        "are left out. The tables of acts were written first and revised once after this was looked at: these are no held-out figures.",
        "Tests whose record may be of three logs (Kubernetes on three clouds) are not in it.",
        "",
        "| log | rules | unreadable | found where it should fire | found where it should not |",
        "|---|---|---|---|---|",
        *told,
        "",
    ]


def _product_case(log: str, source: str) -> bytes:
    """Return a test's record as the product writes it: some have their keys in lower case, many have no time."""
    table = {n.lower(): n for n in PRODUCT_CASE.get(source, ())}
    record = {table.get(k.lower(), k): v for k, v in json.loads(log).items()}
    return json.dumps({**record, TIMES[source]: "2026-01-01T00:00:00Z"}).encode() + b"\n"


# ----------------------------------------------------------------------------------------------------------------- o365


def o365() -> list[str]:
    """Return what four months of a Microsoft 365 tenant give."""
    rows = pl.read_parquet(DATA / "o365-invictus" / "ual.parquet")
    result = scan("audit", discover(Source)["m365"], lines(rows["AuditData"].drop_nulls()))
    by_detector = Counter(f.detector for f in result.findings)
    actors: dict[str, set[str]] = defaultdict(set)
    for f in result.findings:
        actors[f.detector] |= {a.value for a in f.actors}
    table = [
        f"| {d} | {n} | {sum(f.alert for f in result.findings if f.detector == d)} | {len(actors[d])} |"
        for d, n in by_detector.most_common()
    ]
    per = 1000 * len(result.findings) / max(result.records, 1)
    return [
        "## A tenant of Microsoft 365",
        "",
        f"`o365-invictus`: {result.records:,} records ({result.rejects} unreadable) of 48 users over four months, a laboratory in which",
        f"attacks were played; there are no labels. {len(result.findings)} findings ({per:.1f} per 1,000 records),",
        f"{len(result.incidents)} incidents.",
        "",
        "We looked at each finding of the cloud detectors. All tell what was done: roles of administrators given, secrets added to",
        "applications, consents, rules that hide or forward mail, a copy of everybody's mail, mailboxes opened. Whether the makers",
        "of the set attacked or set up their laboratory (March) nobody can tell from the log. After the first look the service's own",
        "accounts were left out, and folder permissions that give nothing.",
        "",
        "| detector | findings | alerting | actors |",
        "|---|---|---|---|",
        *table,
        "",
        *(f"* {i.severity.name.lower()}: {_short(i.title)}" for i in result.incidents),
        "",
    ]


def _short(title: str) -> str:
    """Return a heading without the tenant's name."""
    return re.sub(r"@[\w.-]+", "", title)


# ---------------------------------------------------------------------------------------------------------------- usual


def usual() -> list[str]:
    """Return what the cloud detectors say of a made-up fortnight without attacks."""
    table = []
    for seed in (1, 2, 3):
        calls, told = found(seed)
        findings, alerts = (sum(counts[i] for counts in told.values()) for i in (0, 1))
        what = ", ".join(f"{name} {n}" for name, (n, _) in told.items()) or "-"
        table.append(f"| {seed} | {calls:,} | {findings} | {alerts} | {what} |")
    return [
        "## A made-up fortnight without attacks",
        "",
        "`python -m tools.cloud_usual`: 28 accounts that call AWS for two weeks. It is simpler than life, and `cloud_recon` was changed",
        "after an earlier form of it gave 30 alerts: no proof.",
        "",
        "| seed | calls | findings | alert by themselves | by |",
        "|---|---|---|---|---|",
        *table,
        "",
    ]


# ----------------------------------------------------------------------------------------------------------------- otrf


def otrf() -> list[str]:
    """Return what the recordings of clouds among OTRF's sets give."""
    told = []
    for name, source, data in _otrf():
        result = scan(name, discover(Source)[source], data)
        what = "; ".join(f"{f.detector} {f.score:.2f}" for f in result.findings) or "-"
        told.append(f"| {name} | {result.records} | {result.rejects} | {what} |")
    return [
        "## Recordings of attacks in clouds",
        "",
        "`otrf`; its table of alerts on a bucket (`aws_s3_honeybucket`) is no log of a product, and no source reads it. The theft",
        "through a proxy is reading by stolen credentials of a machine, all of it allowed: nothing here shows it without a history.",
        "",
        "| recording | records | unreadable | findings |",
        "|---|---|---|---|",
        *told,
        "",
    ]


def _otrf() -> Iterator[tuple[str, str, bytes]]:
    for file in ("aws_linux", "compound_small"):
        rows = pl.read_parquet(DATA / "otrf" / f"{file}.parquet")
        for dataset in rows["dataset"].unique(maintain_order=True):
            name = dataset.rpartition("/")[2].rpartition(".")[0]
            source = (
                "cloudtrail"
                if "/aws/" in dataset
                else {"AADAuditEvents": "azure", "OfficeActivityEvents": "m365"}.get(name)
            )
            if source:
                yield name, source, lines(rows.filter(pl.col("dataset") == dataset)["raw"])


def main() -> None:
    """Run the parts that were asked for, print them, and write the page where all ran."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], metavar="part", help=", ".join(PARTS))
    parser.add_argument("--write", action="store_true", help="write docs/reference/cloud.md")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    made = {"stratus": stratus, "panther": panther, "o365": o365, "usual": usual, "otrf": otrf}
    text = [line for part in parts for line in made[part]()]
    print("\n".join(text))
    if asked.write:
        head = [
            "# Clouds",
            "",
            "Made by `python -m tools.cloud_tables --write`. The sets, and what they are worth, are told in the headings.",
            "",
        ]
        PAGE.write_text("\n".join([*head, *text]).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
