"""Findings that belong to one story become one incident.

First, findings are joined when one of these holds and the later starts at most ``gap`` after the earlier ended:

* the same actor; one that lures (a sender of mail, the domain of a URL: found by a model, item by item) also after hours, up to a day,
  and whoever then went to that domain;
* whoever went to the same site (a model's finding about a domain) within a day;
* senders of mail of one domain, unless that hands out mailboxes to everybody;
* a pivot: the target of one is the actor of a later one, where the first may have got in (credentials attacked, or entered); a host
  that was entered and then something done on it by a user counts as well. Being scanned or flooded makes nobody an attacker;
* things done by users on the same host;
* the same crowd: many actors, the same stage, the same victim;
* the same record, where learned detectors judge one item each: a mail, and a link in it.

Then stories that have only one stage, and have not entered, are joined when they are about the same victim (or sweep the same
network): a flood of one server by a thousand addresses, or its background scanning, is one incident. So are those of more than a crowd of
actors that scan or call in vain one soon after another, whoever the victims: an outage, an update or a worm is one cause. A story that got
further stays by itself, so it does not drown in the background.

What bounds the glue: an actor that stands in a large share of all findings (a NAT gateway), or is one of a crowd (sources may be
forged), joins only together with a second fact, the same stage or the same target; and it does not pivot. A host that is judged as a
whole (``stages.SUMS_UP``) is one story however much was found about it.

Building blocks (findings that do not alert) glue nothing and raise nothing alone: each is put to the one incident, if any, that is about
the same actor or target at the same time; there it corroborates, where it is more likely true than not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import chain

from vedette.features.mail_hosts import FREE_MAIL
from vedette.incidents.alike import GRAVEST, crowd, is_common
from vedette.incidents.chain import Chain
from vedette.incidents.risk import assess
from vedette.incidents.stages import CROWD, ENTERED, SUMS_UP, TRIED, stages
from vedette.incidents.story import tell
from vedette.incidents.words import network
from vedette.intel.attack import order, stage
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUSY_SHARE, BUSY_COUNT = 0.05, 256
"""An actor in more than this share of findings, and in more than this many, is busy."""
SAMPLE = 32
"""Entities of one finding that are looked at: findings hold bounded samples, this bounds those of others."""
SINGLE = 2
"""A finding of no more events than this is about those records; one of more shows but a sample of them."""
BLOCKS = 32
"""Building blocks that stand beside one story."""
_LIKELY = 0.5
_NONE = timedelta()
_PLACES = (EntityKind.ADDRESS, EntityKind.HOST)
_LURES = (EntityKind.EMAIL, EntityKind.DOMAIN)
_VICTIMS = (
    *_PLACES,
    EntityKind.DOMAIN,
    EntityKind.SERVICE,
    EntityKind.EMAIL,
    EntityKind.USER,
    EntityKind.URL,
    EntityKind.FILE,
)


def correlate(findings: Sequence[Finding], gap: timedelta = HOUR) -> list[Incident]:
    """Return the incidents, riskiest first; every alert is in exactly one. The order of ``findings`` does not matter."""
    ordered = sorted((f for f in findings if f.alert), key=_age)
    stories = [[ordered[i] for i in group] for group in _link_findings(ordered, gap)]
    for link in (_same_victim, _alike):
        stories = [sorted(chain.from_iterable(stories[i] for i in group), key=_age) for group in link(stories, gap)]
    merged = stories
    beside = _beside(merged, sorted((f for f in findings if not f.alert), key=_age), gap)
    return sorted(map(_incident, merged, beside), key=lambda i: (-i.risk, i.first_seen, i.uid))


def _age(finding: Finding) -> tuple[datetime, datetime, str]:
    return finding.first_seen, finding.last_seen, finding.uid


def _beside(stories: Sequence[Sequence[Finding]], weak: Sequence[Finding], gap: timedelta) -> list[list[Finding]]:
    """Return, for each story, the building blocks about its actors or targets: each goes to one story, the surest have room."""
    by_entity: dict[Entity, list[tuple[datetime, datetime, int]]] = {}
    for i, story in enumerate(stories if weak else ()):
        start, end = min(f.first_seen for f in story), max(f.last_seen for f in story)
        for entity in {e for f in story for e in (*f.actors[:SAMPLE], *f.targets[:SAMPLE])}:
            by_entity.setdefault(entity, []).append((start, end, i))
    out: list[list[Finding]] = [[] for _ in stories]
    for block in weak:
        near = (
            (max(start - block.last_seen, block.first_seen - end, _NONE), i)
            for entity in (*block.actors[:SAMPLE], *block.targets[:SAMPLE])
            for start, end, i in by_entity.get(entity, ())[:BUSY_COUNT]
        )
        distance, i = min(near, default=(gap, -1))
        if i >= 0 and distance < gap:
            out[i].append(block)
    return [sorted(sorted(blocks, key=lambda f: (-f.score, _age(f)))[:BLOCKS], key=_age) for blocks in out]


def _link_findings(ordered: Sequence[Finding], gap: timedelta) -> list[list[int]]:
    """Return groups of indices; the loop is over findings, which are few and are objects already."""
    weak = _weak(ordered)
    links = Chain(len(ordered), gap)
    for i, finding in enumerate(ordered):
        for key in set(_keys(finding, weak)):
            links.meet(i, key, finding.first_seen, finding.last_seen)
        for key in set(_lures(finding, weak)):
            links.meet(i, key, finding.first_seen, finding.last_seen, max(gap, DAY))
        for key in set(_lured(finding)):
            links.follow(i, key, finding.first_seen, max(gap, DAY))
        _pivot(links, i, finding, weak)
    return links.groups()


def _weak(findings: Sequence[Finding]) -> set[Entity]:
    """Return the actors that do not join by themselves."""
    counts = Counter(actor for f in findings for actor in set(f.actors[:SAMPLE]))
    bound = max(BUSY_COUNT, BUSY_SHARE * len(findings))
    crowds = {actor for f in findings if len(f.actors) > CROWD for actor in f.actors[:SAMPLE]}
    judged = {actor for f in findings if f.detector in SUMS_UP for actor in f.actors}
    return crowds | {actor for actor, n in counts.items() if n > bound} - judged


def _keys(finding: Finding, weak: set[Entity]) -> Iterator[Hashable]:
    targets = finding.targets[:SAMPLE]
    for actor in finding.actors[:SAMPLE]:
        for name in _names(actor, finding):
            if actor not in weak:
                yield "by", name
                continue
            yield "by, stage", name, stages(finding)
            yield from (("by, target", name, target) for target in targets)
    if len(finding.actors) > CROWD and (victim := _victim(targets)):
        yield "crowd", stages(finding), victim
    lures = any(actor.kind in _LURES for actor in finding.actors)
    if finding.analytic is Analytic.LEARNING and (lures or finding.event_count <= SINGLE):
        yield from (("record", e.log_name, e.sequence) for e in finding.evidence)
    for domain in {_mail_domain(a) for a in finding.actors[:SAMPLE] if a not in weak} - {"", *FREE_MAIL}:
        yield "mail from", domain
    if _local(finding):
        yield from (("on", place) for place in targets if place.kind in _PLACES)


def _lures(finding: Finding, weak: set[Entity]) -> Iterator[Hashable]:
    """Yield what a campaign is known by: it goes on for hours, a mail or a click at a time."""
    if finding.analytic is Analytic.LEARNING:
        yield from (("lures", a) for a in finding.actors[:SAMPLE] if a.kind in _LURES and a not in weak)
        if all(a.kind in _PLACES for a in finding.actors):
            yield from (("went to", t) for t in finding.targets[:SAMPLE] if t.kind is EntityKind.DOMAIN)


def _lured(finding: Finding) -> Iterator[Hashable]:
    """Yield the lures that somebody went to: he joins the mail that led there."""
    if finding.analytic is Analytic.LEARNING and all(a.kind in _PLACES for a in finding.actors):
        yield from (("lures", t) for t in finding.targets[:SAMPLE] if t.kind is EntityKind.DOMAIN)


def _mail_domain(entity: Entity) -> str:
    """Return the domain of a mail address; empty of anything else."""
    return entity.value.rpartition("@")[2].lower() if entity.kind is EntityKind.EMAIL else ""


def _local(finding: Finding) -> bool:
    """Say whether this is something that users do on a host."""
    return bool(finding.actors) and all(a.kind is EntityKind.USER for a in finding.actors)


def _names(entity: Entity, finding: Finding) -> list[tuple[Entity, str]]:
    """Return what an entity is known by: a user name means something only on a host, where one is named."""
    if entity.kind is not EntityKind.USER:
        return [(entity, "")]
    return [(entity, t.value) for t in finding.targets[:SAMPLE] if t.kind in _PLACES] or [(entity, "")]


def _pivot(links: Chain, i: int, finding: Finding, weak: set[Entity]) -> None:
    """Join to whoever attacked this finding's actors (or, for users, their host) before; then leave its own targets behind."""
    local = _local(finding)
    doers = [n for a in finding.actors[:SAMPLE] if a not in weak for n in _names(a, finding)]
    grounds = [(t, "") for t in finding.targets[:SAMPLE] if t.kind in _PLACES] if local else []
    for name in (*doers, *grounds):
        entered = links.follow(i, ("entered", name), finding.first_seen)
        if not entered and name not in grounds:
            links.follow(i, ("tried", name), finding.first_seen)
    for mark, tactics in (("entered", ENTERED), ("tried", TRIED)):
        if stages(finding) & tactics:
            for target in finding.targets[:SAMPLE]:
                for name in _names(target, finding):
                    links.leave(i, (mark, name), finding.last_seen)


def _same_victim(stories: Sequence[Sequence[Finding]], gap: timedelta) -> list[list[int]]:
    """Return groups of stories that are one stage against one victim."""
    links = Chain(len(stories), gap)
    for i, story in enumerate(stories):
        victim = _victim(dict.fromkeys(t for f in story for t in f.targets[:SAMPLE]))
        if victim and (stage_set := _one_stage(story)):
            links.meet(i, (stage_set, victim), story[0].first_seen, max(f.last_seen for f in story))
    return links.groups()


def _alike(stories: Sequence[Sequence[Finding]], gap: timedelta) -> list[list[int]]:
    """Return groups of stories that only try or call in vain, one soon after another, where they are of more than a crowd of actors."""
    links = Chain(len(stories), gap)
    for i in sorted(range(len(stories)), key=lambda i: _age(stories[i][0])):
        story = stories[i]
        if is_common(story):
            links.meet(i, "common", story[0].first_seen, max(f.last_seen for f in story))
    return [part for group in links.groups() for part in _parts(group, stories)]


def _parts(group: list[int], stories: Sequence[Sequence[Finding]]) -> list[list[int]]:
    """Return the group as it is where it is of more than a crowd; else each story by itself."""
    actors = {a for i in group for f in stories[i] for a in f.actors[:SAMPLE]}
    return [group] if len(actors) > CROWD else [[i] for i in group]


def _one_stage(story: Sequence[Finding]) -> frozenset[str]:
    """Return the stages of a story whose findings all show the same, and that has not entered; empty of any other."""
    found = stages(story[0])
    return frozenset() if found & ENTERED or any(stages(f) != found for f in story) else found


def _victim(targets: Iterable[Entity]) -> Entity | str | None:
    """Return the one victim among ``targets``, or the one network that they lie in; None where they are several."""
    by_kind: dict[EntityKind, list[Entity]] = {}
    for target in targets:
        by_kind.setdefault(target.kind, []).append(target)
    of_kind = next((by_kind[k] for k in _VICTIMS if k in by_kind), [])
    if len(of_kind) == 1:
        return of_kind[0]
    return network(of_kind) or None


def _incident(findings: Sequence[Finding], beside: Sequence[Finding] = ()) -> Incident:
    ordered = tuple(sorted(findings, key=_age))
    judged = assess((*ordered, *(f for f in beside if f.score >= _LIKELY)))
    if crowd(ordered):
        judged = judged.at_most(GRAVEST)
    bare = Incident(
        uid=blake2b(ordered[0].uid.encode(), digest_size=8).hexdigest(),  # it stays while later findings join
        title="",
        story=(),
        next_steps=(),
        severity=judged.severity,
        risk=judged.risk,
        confidence=judged.confidence,
        first_seen=ordered[0].first_seen,
        last_seen=max(f.last_seen for f in ordered),
        actors=tuple(dict.fromkeys(a for f in ordered for a in f.actors)),
        targets=tuple(dict.fromkeys(t for f in ordered for t in f.targets)),
        techniques=tuple(sorted({t for f in ordered for t in f.techniques}, key=lambda t: (order(stage(t)), t))),
        findings=ordered,
    )
    told = tell(bare)
    story = told.sentences
    if beside:
        many = len(beside) > 1
        told_beside = f"{len(beside)} weaker finding{'s' * many} about the same actors or targets stand{'s' * (not many)} beside it."
        story = (*story, told_beside)
    found = tuple(sorted((*ordered, *beside), key=_age))
    return replace(bare, title=told.title, story=story, next_steps=told.next_steps, findings=found)
