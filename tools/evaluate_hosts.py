"""Windows recordings of attacks and of ordinary days through the product; writes docs/reference/evaluation-hosts.md.

``python -m tools.evaluate_hosts [part ...]``; parts: ``read``, ``attacks``, ``benign``, ``otrf``. Each recording is a scan of its own, with
default settings and without history. Sigma rules (`shared/data/host/sigma`) are unpacked to a temporary folder and asked of the same
batches. The page is written when all parts ran; ``--cache FOLDER`` keeps what each recording gave, so that a run can be taken up again.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import zstandard
from tools.host_data import DATA, SETS, Recording, recordings

from vedette.abc import Learned, Origin, Source
from vedette.app.engine import Engine, enabled
from vedette.config import Config
from vedette.detectors.sigma import SigmaDetector
from vedette.events.schema import EventClass
from vedette.features.sigma import SigmaHits
from vedette.incidents.correlate import correlate
from vedette.intel.attack import technique
from vedette.intel.sigma import Rule, read_rules
from vedette.model import Finding
from vedette.plugins import discover

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "evaluation-hosts.md"
TACTICS = {
    "Command and Control": "command-and-control",
    "Credential Access": "credential-access",
    "Defense Evasion": "defense-evasion",
    "Discovery": "discovery",
    "Execution": "execution",
    "Lateral Movement": "lateral-movement",
    "Persistence": "persistence",
    "Privilege Escalation": "privilege-escalation",
}
"""Folder of the attack samples -> tactic; other folders (mixed tools) have none."""
WRITTEN = datetime(2021, 1, 1, tzinfo=UTC)
"""When the recordings are said to have been written; it matters to records without a time of their own."""
LAB = frozenset({"log_cleared_windows"})
"""Who made the recordings cleared the logs before most of them: true, and no part of the attack."""
PARTS = ("read", "attacks", "benign", "otrf")


@dataclass(slots=True)
class Outcome:
    """What a recording gave.

    Attributes:
        found: detector, techniques, alert or not, learned or not, seconds after the first event; of each finding.
        sigma: rule, techniques, level, hits; of each rule that holds of an event.
        incidents: severity, title, detectors that alert.
    """

    name: str
    label: dict[str, str]
    records: int
    rows: dict[str, int] = field(default_factory=dict)
    rejects: int = 0
    found: list[tuple[str, list[str], bool, bool, float]] = field(default_factory=list)
    sigma: list[tuple[str, list[str], str, int]] = field(default_factory=list)
    incidents: list[tuple[str, str, list[str]]] = field(default_factory=list)
    cpu_seconds: float = 0.0


def sigma_rules() -> list[Rule]:
    """Return the rules of the shared data that can be used."""
    with (DATA / "sigma" / "sigma-rules.tar.zst").open("rb") as packed:
        data = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(packed).read())
    with tempfile.TemporaryDirectory(prefix="vedette-sigma-") as folder, tarfile.open(fileobj=data) as archive:
        archive.extractall(folder, filter="data")
        return [rule for rule in read_rules([folder], {}).rules if not rule.silent]


def source_of(data: bytes, name: str) -> type[Source] | None:
    """Return the source that the product would read it with."""
    return next((s for s in discover(Source).values() if s.sniff(data[:4096], name)), None)


def run(recording: Recording, rules: dict[str, Rule], sigma: SigmaHits | None) -> Outcome:
    """Scan one recording."""
    clock = time.process_time()
    outcome = Outcome(recording.name, recording.label, recording.records)
    source = source_of(recording.data, recording.name)
    if source is None:
        return outcome
    held: Counter[str] = Counter()
    began: datetime | None = None
    engine = Engine(Config(), [d for d in enabled(Config()) if d is not SigmaDetector])
    for batch in source(Origin(recording.name, WRITTEN)).read(io.BytesIO(recording.data)):
        if batch.kind is EventClass.REJECT:
            outcome.rejects += batch.records
            continue
        outcome.rows[batch.kind.name] = outcome.rows.get(batch.kind.name, 0) + batch.records
        first = batch.frame["time"].min()
        if isinstance(first, datetime):
            began = min(first, began or first)
        engine.feed(batch, recording.name)
        if sigma is not None:
            hits = sigma.prepare(sigma.take(batch)).collect()
            held.update(dict(hits["rule"].value_counts().rows()))
    closed = engine.close()
    if broke := [idle for idle in closed.idle if idle.broke]:
        print(f"{recording.name}: {broke}", flush=True)
    outcome.found = [_told(f, began) for f in closed.findings]
    outcome.incidents = [
        (i.severity.name, i.title, sorted({f.detector for f in i.findings if f.alert}))
        for i in correlate(closed.findings)
    ]
    engine.spool.close()
    outcome.sigma = [(rules[u].title, list(rules[u].techniques), rules[u].level, n) for u, n in held.items()]
    outcome.cpu_seconds = time.process_time() - clock
    return outcome


def _told(finding: Finding, began: datetime | None) -> tuple[str, list[str], bool, bool, float]:
    learned = finding.detector in {d.name for d in enabled(Config()) if issubclass(d, Learned)}
    after = (finding.first_seen - began).total_seconds() if began else 0.0
    return finding.detector, list(finding.techniques), finding.alert, learned, after


def tactics(uids: Iterable[str]) -> set[str]:
    """Return every tactic that one of the techniques serves."""
    return {t for uid in uids if (known := technique(uid)) for t in known.tactics}


def family(uids: Iterable[str]) -> set[str]:
    """Return techniques with their parents."""
    return {part for uid in uids for part in (uid, uid.partition(".")[0])}


VIEWS = ("any finding", "alerts", "learned", "without cleared logs", "sigma, any level", "sigma, high or critical")


def views(outcome: Outcome) -> dict[str, set[str]]:
    """Return techniques by who found them."""
    ours = outcome.found
    return {
        "any finding": {t for _, ts, _, _, _ in ours for t in ts},
        "alerts": {t for _, ts, alert, _, _ in ours for t in ts if alert},
        "learned": {t for _, ts, _, learned, _ in ours for t in ts if learned},
        "without cleared logs": {t for d, ts, _, _, _ in ours for t in ts if d not in LAB},
        "sigma, any level": {t for _, ts, _, _ in outcome.sigma for t in ts},
        "sigma, high or critical": {
            t for _, ts, level, _ in outcome.sigma for t in ts if level in {"high", "critical"}
        },
    }


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    names = list(head)
    return [_row(names), _row("---" for _ in names), *map(_row, rows), ""]


def page_of_attacks(outcomes: list[Outcome]) -> list[str]:
    """Return the share of recordings with the right tactic."""
    labelled = [o for o in outcomes if o.label["tactic"] in TACTICS]
    right = {id(o): {v: TACTICS[o.label["tactic"]] in tactics(ts) for v, ts in views(o).items()} for o in labelled}

    def shares(group: list[Outcome]) -> list[str]:
        return [
            f"{sum(right[id(o)][v] for o in group)} ({sum(right[id(o)][v] for o in group) / max(1, len(group)):.0%})"
            for v in VIEWS
        ]

    rows = [
        (name, len(group), *shares(group))
        for name in TACTICS
        if (group := [o for o in labelled if o.label["tactic"] == name])
    ]
    incidents = sum(len(o.incidents) for o in outcomes)
    quiet = sum(not o.incidents for o in outcomes)
    by = Counter(d for o in labelled for d in {f[0] for f in o.found if f[2]})
    return [
        "## Attack samples",
        "",
        f"{len(outcomes)} recordings, {sum(o.records for o in outcomes):,} events; {len(labelled)} lie in a folder that is a tactic.",
        "Recordings in which a technique of the folder's tactic is named. *Learned* are the detectors with a model; *without cleared logs*",
        "leaves out `log_cleared_windows`, since whoever made the recordings cleared the logs before many of them.",
        "",
        *_table(("tactic", "recordings", *VIEWS), [*rows, ("all", len(labelled), *shares(labelled))]),
        f"{incidents} incidents; {quiet} recordings have none. Alerts by detector (recordings): {_counted(by)}.",
        "",
    ]


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.most_common()) or "none"


def page_of_benign(outcomes: list[Outcome]) -> list[str]:
    """Return the incidents on events that nobody calls an attack, one by one."""
    events = sum(o.records for o in outcomes)
    told = [(o.name, *i) for o in outcomes for i in o.incidents]
    above = sum(severity in {"HIGH", "CRITICAL"} for _, severity, _, _ in told)
    loud = Counter(level for o in outcomes for _, _, level, _ in o.sigma)
    hits = Counter[str]()
    for o in outcomes:
        for _, _, level, n in o.sigma:
            hits[level] += n
    by_level = ", ".join(f"{level} {n} rules, {hits[level]:,} hits" for level, n in loud.most_common()) or "none"
    per = 100_000 / max(1, events)
    rows = [(name, severity.lower(), title.replace("|", "\\|"), ", ".join(by)) for name, severity, title, by in told]
    return [
        "## Ordinary days",
        "",
        f"{len(outcomes)} files, {events:,} events, labelled by nobody: {len(told)} incidents ({len(told) * per:.0f} per 100,000 events),",
        f"{above} of them high or critical ({above * per:.0f}). Sigma on the same events, rules that hold and hits by level: {by_level}.",
        "",
        *_table(("file", "severity", "incident", "detectors"), rows),
    ]


def page_of_otrf(outcomes: list[Outcome]) -> list[str]:
    """Return how often the technique is named, and how soon."""
    known = [o for o in outcomes if set(o.label["technique"].split(",")) - {"", "T0000"}]
    asked = {id(o): set(o.label["technique"].split(",")) - {"", "T0000"} for o in known}
    rows = []
    for view in VIEWS:
        exact = sum(bool(asked[id(o)] & views(o)[view]) for o in known)
        near = sum(bool(family(asked[id(o)]) & family(views(o)[view])) for o in known)
        tactic = sum(bool(tactics(asked[id(o)]) & tactics(views(o)[view])) for o in known)
        rows.append((view, *(f"{n} ({n / max(1, len(known)):.0%})" for n in (exact, near, tactic))))
    counts = sorted(len(o.incidents) for o in outcomes)
    first = sorted(
        min(times) for o in outcomes if (times := [at for d, _, alert, _, at in o.found if alert and d not in LAB])
    )
    middle = f"{first[len(first) // 2]:,.0f} s" if first else "-"
    events = sum(o.records for o in outcomes)
    seconds = sum(o.cpu_seconds for o in outcomes)
    return [
        "## OTRF",
        "",
        f"{len(outcomes)} recordings of an attack amid a laboratory's background, {events:,} events; {len(known)} name a technique.",
        "",
        *_table(("view", "technique named", "it or its parent", "a technique of its tactic"), rows),
        f"Incidents a recording: median {counts[len(counts) // 2] if counts else 0}, most {counts[-1] if counts else 0}.",
        f"First alert after the first event (cleared logs aside): median {middle}, in {len(first)} recordings.",
        f"{events / max(seconds, 1e-9):,.0f} events per CPU second with all detectors and all Sigma rules.",
        "",
        *_table(
            ("recording", "label", "events", "incidents", "alerts by", "sigma, high or critical"),
            [
                (
                    o.name.rsplit("/", 1)[-1].removesuffix(".jsonl"),
                    o.label["technique"] or "-",
                    f"{o.records:,}",
                    len(o.incidents),
                    ", ".join(sorted({f[0] for f in o.found if f[2]})) or "-",
                    sum(level in {"high", "critical"} for _, _, level, _ in o.sigma),
                )
                for o in outcomes
            ],
        ),
    ]


def page_of_read() -> list[str]:
    """Return which source reads each set, and what became of its records; sets whose recordings have pages of their own are told there."""
    rows = []
    for name in sorted(set(SETS) - {"otrf", "evtx-attack-samples", "evtx-benign"}):
        files, records, accounted, rejects = 0, 0, 0, 0
        sources: Counter[str] = Counter()
        for recording in recordings(name):
            source = source_of(recording.data, recording.name)
            files, records = files + 1, records + recording.records
            sources[source.name if source else "none"] += 1
            for batch in source(Origin(recording.name, WRITTEN)).read(io.BytesIO(recording.data)) if source else ():
                accounted += batch.records
                rejects += batch.records if batch.kind is EventClass.REJECT else 0
        rows.append((name, files, f"{records:,}", f"{accounted:,}", f"{rejects:,}", _counted(sources)))
    head = ("set", "files", "records", "accounted for", "unreadable", "read by (files)")
    return [
        "## Other sets",
        "",
        "What is read by `none` are licences, tables of labels, sequences without times, and records of products without a source.",
        "",
        *_table(head, rows),
    ]


def account(outcomes: list[Outcome]) -> str:
    """Return what became of the records of a set."""
    read = sum(sum(o.rows.values()) for o in outcomes)
    return f"Of {sum(o.records for o in outcomes):,} records {read:,} were read, {sum(o.rejects for o in outcomes):,} are unreadable."


def outcomes_of(
    name: str, sigma: bool, cache: Path | None, only: str = "", kept_only: bool = False
) -> Iterator[Outcome]:
    """Scan every recording of a set, or take what an earlier run kept; ``kept_only``: nothing else."""
    made = sigma_rules() if sigma and not kept_only else []
    hits = SigmaHits(made) if made else None
    rules = {r.uid: r for r in made}
    for recording in recordings(name, only):
        kept = cache / name / f"{recording.name.replace('/', '__')}.json" if cache else None
        if kept and kept.exists():
            yield Outcome(**json.loads(kept.read_text()))
            continue
        if kept_only:
            continue
        outcome = run(recording, rules, hits)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(asdict(outcome)))
        yield outcome


def main() -> None:
    """Run the parts asked for; write the page when all ran."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--only", default="", help="recordings whose name holds this")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--no-sigma", action="store_true")
    parser.add_argument(
        "--kept-only", action="store_true", help="of the cache alone: a page of a run that was cut short, and says so"
    )
    asked = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit("the shared data sets are not beside this checkout")
    pages = {
        "attacks": ("evtx-attack-samples", page_of_attacks),
        "benign": ("evtx-benign", page_of_benign),
        "otrf": ("otrf", page_of_otrf),
    }
    lines: list[str] = []
    for part in asked.parts:
        if part == "read":
            lines += page_of_read()
        else:
            name, page = pages[part]
            found = list(outcomes_of(name, not asked.no_sigma, asked.cache, asked.only, asked.kept_only))
            told = page(found)
            whole = sum(1 for _ in recordings(name)) if asked.kept_only else len(found)
            cut = [f"The run was cut short: {len(found)} of {whole} recordings.", ""] if len(found) < whole else []
            lines += [*told[:2], *cut, account(found), "", *told[2:]]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = "\n".join(
        ["# Evaluation: hosts", "", *INTRODUCTION.splitlines(), "", *lines, f"Peak memory of the run: {peak:,.0f} MB."]
    )
    print(text)
    if set(asked.parts) == set(PARTS) and not asked.only:
        PAGE.write_text(text + "\n", "utf-8")


INTRODUCTION = """\
Made by `python -m tools.evaluate_hosts`; each recording is a scan of its own, with default settings and without history: baselines begin
empty, so what rests on habit (rare programs, unusual logons) cannot show what it does on a network that it knows. Labels are per recording,
not per event. Sigma rules are those of SigmaHQ in the shared data; they are asked of the same batches and are not part of the product.
The tables of signs (`host_change`, `process_start`, `process_access`, `command`) were written while these recordings were looked at, so
their share here is not what they find of attacks never seen.
"""


if __name__ == "__main__":
    main()
