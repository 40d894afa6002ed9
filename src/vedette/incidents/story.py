"""An incident in words: a heading, what happened in what order, what to do; ten seconds to understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter

from vedette.incidents.alike import crowd
from vedette.incidents.guidance import FORECAST, GUIDANCE, OF_PEOPLE, Guidance
from vedette.incidents.guidance_host import MANY_SIGNS
from vedette.incidents.stages import SUMS_UP, furthest, progress
from vedette.incidents.words import FEW, date, names, period, visible
from vedette.intel.attack import stage
from vedette.model import Entity, EntityKind, Evidence, Finding, Incident

STEPS = 8
"""Kinds of finding that a story tells; weaker ones are counted."""
APART = 3
"""Up to so many actors of one kind of finding are told apart; more are told as one."""
REASONS = 2
TITLE_WORDS = 10
"""Words of a heading, at the most (``Incident.title``)."""
CHECKS = 6
_LATE = {EntityKind.DOMAIN: 1, EntityKind.USER: 2}
_ITEM_BY_ITEM = (EntityKind.EMAIL, EntityKind.DOMAIN)
"""Who is judged item by item: what is said of one mail or URL holds of the others of the finding."""
SAYS_NOTHING = ("all other ", "everything else")
"""How entries begin that sum up what is not told one by one."""
NOBODY = "targets without a name"
SENTENCE_LIMIT = 400
"""Characters of one detector's sentence that are shown."""


@dataclass(frozen=True, slots=True)
class Story:
    """The words of an incident."""

    title: str
    sentences: tuple[str, ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Findings of one kind: the strongest speaks for all of them; ``findings`` are in order of time."""

    finding: Finding
    findings: tuple[Finding, ...]

    @property
    def weight(self) -> tuple[bool, float, int, int]:
        """How much it has to say.

        Whether it sums up the others; gravity, in steps that a reader sees; whether it names a victim, best a place; how far it got.
        """
        places = (EntityKind.ADDRESS, EntityKind.HOST)
        victim = max((2 if t.kind in places else t.kind is not EntityKind.URL for t in self.finding.targets), default=0)
        gravity = self.finding.severity * round(self.finding.score, 1)
        return self.finding.detector in SUMS_UP, gravity, victim, progress(furthest(self.finding))


def tell(incident: Incident) -> Story:
    """Put an incident (all but its words filled in) into words."""
    steps = _steps(incident.findings)
    attacker, victim = _attackers(incident), _victims(incident, steps)
    worst = max(steps, key=lambda s: s.weight)
    deed = "with" if incident.targets and all(t.kind is EntityKind.URL for t in incident.targets) else "against"
    whom = "" if victim == NOBODY and all(a.kind is EntityKind.USER for a in incident.actors) else f" {deed} {victim}"
    scene = f"{attacker}{whom}"
    if victim in (NOBODY, attacker) and {a.kind for a in incident.actors} == {EntityKind.HOST}:
        attacker, victim = "somebody", attacker  # a host's own log tells what was done on it, not by whom
        scene = f"on {victim}"
    sentences = (
        f"{period(incident.first_seen, incident.last_seen)}: {scene}.",
        *_told(steps),
        *_alike(incident),
        *_why(
            max((s for s in steps if s.finding.detector not in SUMS_UP), key=lambda s: s.weight, default=worst).finding
        ),
        *_ending(worst.finding, _step_actors(worst) or attacker, _step_victims(worst) or victim),
    )
    return Story(_title(steps, worst, attacker, victim), sentences, _checks(steps, attacker, victim))


def _steps(findings: Sequence[Finding]) -> list[_Step]:
    """Return the kinds of finding, in the order in which the strongest of each began."""
    kinds: dict[tuple[str, str], dict[tuple[Entity, ...], list[Finding]]] = {}
    for f in findings:
        kinds.setdefault((f.detector, f.title), {}).setdefault(f.actors, []).append(f)
    parts = [part for by_actors in kinds.values() for part in _told_apart(by_actors)]
    steps = [_Step(max(fs, key=lambda f: (f.severity * f.score, f.event_count)), tuple(fs)) for fs in parts]
    return sorted(steps, key=lambda s: (s.finding.first_seen, s.finding.detector not in SUMS_UP))


def _told_apart(by_actors: dict[tuple[Entity, ...], list[Finding]]) -> list[list[Finding]]:
    together = list(by_actors.values())
    return together if len(together) <= APART else [list(chain.from_iterable(together))]


def _attackers(incident: Incident) -> str:
    """Name who started it: actors that are not targets, users last, and before them the domains that a mail leads to."""
    targets = set(incident.targets)
    free = [a for a in incident.actors if a not in targets] or list(incident.actors)
    free.sort(key=lambda a: _LATE.get(a.kind, 0))
    return names(free, sampled=any(len(f.actors) >= FEW for f in incident.findings))


def _victims(incident: Incident, steps: Sequence[_Step]) -> str:
    """Name whom it hit, by the targets of the step that weighs most and has any."""
    ranked = sorted(steps, key=lambda s: s.weight, reverse=True)
    return next((v for v in map(_step_victims, ranked) if v), NOBODY if incident.actors else "somebody")


def _step_victims(step: _Step) -> str:
    """Name the targets of one kind of finding, places before anything else; empty where there are none."""
    targets = list(dict.fromkeys(t for f in step.findings for t in f.targets))
    targets.sort(key=lambda t: (t.kind is EntityKind.URL, t.kind not in (EntityKind.ADDRESS, EntityKind.HOST)))
    sampled, ends = any(len(f.targets) >= FEW for f in step.findings), any(f.targets_are_ends for f in step.findings)
    return names(targets, sampled=sampled, ends=ends) if targets else ""


def _step_actors(step: _Step) -> str:
    actors = list(dict.fromkeys(a for f in step.findings for a in f.actors))
    return names(actors, sampled=any(len(f.actors) >= FEW for f in step.findings)) if actors else ""


def _title(steps: Sequence[_Step], worst: _Step, attacker: str, victim: str) -> str:
    """Return a heading: the first act, and the gravest where that is another; the gravest alone where both are too long."""
    began = steps[0].finding.first_seen
    opening = max((s for s in steps if s.finding.first_seen == began), key=lambda s: s.weight)
    first, last = _guidance(opening.finding), _guidance(worst.finding)
    came_alone = opening is worst or any(
        str(a) in attacker for a in worst.finding.actors
    )  # else a host that was taken did it
    met = victim if came_alone else _step_victims(opening) or victim
    both = f"{attacker} {first.did.format(v=met)}, then {last.then}"
    at_once = began == worst.finding.first_seen  # two detectors of one mail
    summed_up = worst.finding.detector in SUMS_UP
    if first == last or at_once or summed_up or len(both.split()) > TITLE_WORDS:
        doer = attacker if came_alone else _step_actors(worst) or attacker
        return _sign(worst.finding, doer) or _heading(f"{doer} {last.did.format(v=victim)}")
    return _heading(both)


def _sign(finding: Finding, doer: str) -> str:
    """Return a heading by what was seen, of a detector that knows many signs: its own words would be the same for all of them."""
    reasons = sorted((r for r in finding.reasons if r.weight > 0), key=lambda r: -r.weight)
    if finding.detector not in MANY_SIGNS or not reasons:
        return ""
    host = next((e for e in (*finding.actors, *finding.targets) if e.kind is EntityKind.HOST), None)
    words = f"{names([host]) if host else doer}: {visible(reasons[0].text.partition(':')[0], SENTENCE_LIMIT)}".split()
    return " ".join(words[:TITLE_WORDS]) + " …" * (len(words) > TITLE_WORDS)


def _heading(text: str) -> str:
    """Begin with a capital where the first word is ours ("many addresses"), not a name."""
    return text[0].upper() + text[1:] if text.startswith(("many ", "somebody ")) else text


def _guidance(finding: Finding) -> Guidance:
    """Return the words for a finding's detector (and the kind of its actor), or those for its furthest technique."""
    uid = max(finding.techniques, key=lambda t: progress(stage(t)), default="")
    doer = f"{finding.detector} {finding.actors[0].kind}" if finding.actors else ""
    keys = (doer, finding.detector, uid, uid.partition(".")[0], stage(uid))
    return next((GUIDANCE[k] for k in keys if k in GUIDANCE), GUIDANCE[""])


def _told(steps: Sequence[_Step]) -> list[str]:
    kept = _kept(steps)
    day, told = min(s.findings[0].first_seen for s in steps).date(), []
    for step in (s for s in steps if s in kept):
        start = step.finding.first_seen
        when = f"{start:%H:%M:%S}" if start.date() == day else f"{date(start)}, {start:%H:%M:%S}"
        told.append(f"{when}  {visible(step.finding.summary, SENTENCE_LIMIT)}{_repeats(step)}")
        day = start.date()
    if left := len(steps) - len(told):
        told.append(
            f"{left} weaker kind{'s' if left > 1 else ''} of finding belong{'s' if left == 1 else ''} to it too."
        )
    return told


def _kept(steps: Sequence[_Step]) -> list[_Step]:
    """Return the steps worth telling: the gravest of each stage before others, so that the story has no hole; what says the same last."""
    ranked = sorted(steps, key=lambda s: s.weight, reverse=True)
    said: set[tuple[datetime, Evidence]] = set()
    echoes: set[int] = set()
    first: dict[str, _Step] = {}
    for step in ranked:
        events = {(f.first_seen, e) for f in step.findings for e in f.evidence}
        if events and events <= said:
            echoes.add(id(step))
            continue
        said |= events
        first.setdefault(furthest(step.finding), step)
    return sorted(ranked, key=lambda s: (id(s) in echoes, first.get(furthest(s.finding)) is not s))[:STEPS]


def _alike(incident: Incident) -> list[str]:
    """Say that many do the same, each to others."""
    actors = crowd(incident.findings)
    cause = "an outage, an update or a program that all of them run is likelier than so many attackers"
    worm = f"if it is a worm, {visible(str(actors[0]))} was the first" if actors else ""
    return [f"{len(actors)} do the same at the same time: {cause}; {worm}."] if actors else []


def _repeats(step: _Step) -> str:
    more = sum(f.event_count if any(a.kind in _ITEM_BY_ITEM for a in f.actors) else 1 for f in step.findings) - 1
    if not more:
        return ""
    since, until = min(f.first_seen for f in step.findings), max(f.last_seen for f in step.findings)
    return f" ({more:,} more like it, {since:%H:%M:%S} to {until:%H:%M:%S}.)"


def _why(finding: Finding) -> list[str]:
    """Return the heaviest reasons of the gravest finding."""
    found = (
        r for r in finding.reasons if r.weight > 0 and r.attribute != "bias" and not r.text.startswith(SAYS_NOTHING)
    )  # where every item starts is no reason
    reasons = sorted(found, key=lambda r: -r.weight)[:REASONS]
    return (
        ["What stands out: " + "; ".join(visible(r.text, SENTENCE_LIMIT).rstrip(".") for r in reasons) + "."]
        if reasons
        else []
    )


def _ending(worst: Finding, attacker: str, victim: str) -> list[str]:
    """Return how it ended, as far as the gravest finding shows, and what usually comes next."""
    outcome = _guidance(worst).outcome.format(a=attacker, v=victim)
    parents = (uid.partition(".")[0] for uid in worst.techniques)
    likely = next((FORECAST[p] for p in parents if p in FORECAST), FORECAST.get(furthest(worst), ""))
    likely = "" if worst.detector in OF_PEOPLE else likely
    return [outcome] * bool(outcome) + [f"Likely next: {likely}"] * bool(likely)


def _checks(steps: Sequence[_Step], attacker: str, victim: str) -> tuple[str, ...]:
    """Return what to do: the first two checks of the gravest kind, then the first of every other, then the rest."""
    ranked = sorted(steps, key=lambda s: s.weight, reverse=True)
    checks = [
        (max(0, n - (rank == 0)), s, c)
        for rank, s in enumerate(ranked)
        for n, c in enumerate(_guidance(s.finding).check)
    ]
    told = (
        c.format(a=_step_actors(s) or attacker, v=_step_victims(s) or victim)
        for _, s, c in sorted(checks, key=itemgetter(0))
    )
    return tuple(dict.fromkeys(told))[:CHECKS]
