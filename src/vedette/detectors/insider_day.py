"""A person whose day at work differs from the days before in several ways that go together when data is taken or harm is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.exfiltration_evidence import size
from vedette.features.person_day import QUARTERS, PersonDay
from vedette.features.person_evidence import KNOWN_DAYS, fresh, often, others, rare, rarest, rising, worth
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity

PUBLISHING = 1.0
"""Nats for sites that publish documents, beside how unusual they are here: hardly any work needs them."""
LOOKING = 0.35
"""Mean of log1p requests to job sites a day, above everyone's, from which somebody has been looking for work for a while."""
FEW = 2
"""Other people that use a computer or folder which is somebody's, or a few people's, own; of none it is the person's own new one."""
MANY = 4
LEAST, LARGEST = -2.0, 1.5
"""Nats that an amount counts for at the most, where it is little; and what folders count for."""
UNUSUAL, RARE = 0.1, 0.03
"""Chance on an honest day from which something is named in the summary; from which it is named as a technique."""
SURE = 0.97

_age = pl.col("age").fill_null(0)
_known = _age >= KNOWN_DAYS


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of act.

    Attributes:
        numbers: columns that tell of it; the most unusual counts.
        share: of the days on which data is taken or harm is done, those on which this is unusual: a judgement.
        text: what was done, in words.
        technique: what it would be, were it an attack; empty for none.
        rises: whether a rise over the last days counts too.
        more: nats beside, where it happened at all.
    """

    numbers: tuple[str, ...]
    share: float
    text: pl.Expr
    technique: str = ""
    rises: bool = False
    more: float = 0.0

    @property
    def happened(self) -> pl.Expr:
        """Whether there was any of it."""
        return pl.any_horizontal(pl.col(f) > 0 for f in self.numbers)

    def below(self, chance: float) -> pl.Expr:
        """Return whether there was more of it than there is with this chance on an honest day."""
        return self.happened & (rarest(self.mine) < chance)

    @property
    def mine(self) -> list[pl.Expr]:
        """How likely so much of each number is on an honest day of this person."""
        return [pl.col(f"_rare.{f}") for f in self.numbers]

    @property
    def theirs(self) -> list[pl.Expr]:
        """How likely so much of each number is on a day of the others."""
        return [pl.col(f"_others.{f}") for f in self.numbers]


KINDS = (
    Kind((*QUARTERS, "weekend"), 0.8, pl.format("active at {} o'clock UTC", joined("hours", 24)), "T1078"),
    Kind(
        ("media", "copied"),
        0.8,
        pl.format("{} drives attached, {} documents copied to drives", "media", number(pl.col("copied"))),
        "T1052.001",
        rises=True,
    ),
    Kind(
        ("mailed", "home"),
        0.8,
        pl.format(
            "{} attached to mail to other organisations, {} of it to private mailboxes",
            size(pl.col("mailed")),
            size(pl.col("home")),
        ),
        "T1048.003",
        rises=True,
    ),
    Kind(
        ("uploaded",),
        0.8,
        pl.format("{} sent to sites that keep files for anybody ({})", size(pl.col("uploaded")), joined("sites", 3)),
        "T1567.002",
        rises=True,
    ),
    Kind(
        ("leaks",),
        0.8,
        pl.format("{} requests to sites that publish documents ({})", "leaks", joined("sites", 3)),
        "T1567",
        rises=True,
        more=PUBLISHING,
    ),
    Kind(("jobs",), 0.5, pl.format("{} requests to job sites", "jobs"), rises=True),
    Kind(
        ("machines",), 0.65, pl.format("logged on to {} computers: {}", "machines", joined("at")), "T1078", rises=True
    ),
    Kind(("files",), 0.65, pl.format("{} documents opened", number(pl.col("files"))), "T1213"),
    Kind(("deleted",), 0.65, pl.format("{} documents deleted or encrypted", number(pl.col("deleted"))), "T1485"),
    Kind(("programs",), 0.5, pl.format("{} programs fetched: {}", "programs", joined("fetched", 3))),
    Kind(("recipients",), 0.65, pl.format("a mail to {} recipients", number(pl.col("recipients")))),
)
AMOUNTS: dict[str, tuple[float, float, float]] = {
    "uploaded": (5e6, 0.4, 1.5),
    "home": (1e6, 0.4, 1.5),
    "copied": (30.0, 0.4, 1.5),
    "deleted": (100.0, 1.2, 5.0),
}
"""Number -> how much of it speaks neither for nor against, nats per logarithm, and nats at the most: a few documents are hardly worth a
theft, and of deletions the amount is nearly all there is."""


class InsiderDay(LogOdds):
    """Insider day: a person's day at work differs, in several ways that go together, from that person's own days and from the others'.

    What is normal: people come at their hours, use their own computer, a few shares and the drives that their job needs; some always send
    much to customers, some always work at night. So every number is compared with the person's own days, and with those of people who
    work alike (peers are learned from what they do, ``docs/how-to/learn-what-is-normal.md``) while little is known of the person.
    Anybody does one new thing now and then: it takes several on one day.

    The statistic: for each kind of act how likely so much of it is on an honest day of this person: the share of own days with at least
    as much, completed by Cantelli's bound over the peers' days; as a likelihood ratio, added up in nats with prior log-odds (naive Bayes:
    I. J. Good, "Probability and the weighing of evidence", 1950). The kinds: hours at which the person is not active; drives, and documents
    copied to them; attachments to mailboxes outside; sends to sites that keep files for anybody; sites that publish documents; looking
    for another job (today, or for weeks: it makes the rest likelier); others' computers and folders; how many documents; deletions;
    programs fetched; mail to very many. To that, the amounts, and whether they have been rising. It reads any log that names accounts:
    logons, devices, files, mail, web, file services, shares. The kinds are those of published cases (Cappelli, Moore and Trzeciak, *The
    CERT Guide to Insider Threats*, 2012).

    What it says is that a day is unusual, never that somebody did wrong: ask before you conclude. Who may read such findings is a question
    for your rules on privacy.

    Known false positives:

    * a new task, a move to another team, the last week before a holiday, a deadline at night;
    * leaving with consent: people take their own papers and say good-bye to everybody;
    * somebody who cleans up a project, or copies it for an auditor.

    Blind spots:

    * what a person always did, from the first day that was watched;
    * little at a time (``insider_month`` looks at that); what no log names an account for;
    * a thief who does one unusual thing alone;
    * days are those of UTC: a night shift is two of them.

    Example: anna.berg logs on at 02:00, for the first time in 61 days; copies 240 documents to a drive; opens a site that publishes papers.
    """

    name = "insider_day"
    title = "Unusual day of a person"
    needs = PersonDay
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1052.001", "T1048.003", "T1567.002", "T1567", "T1485", "T1078", "T1213")
    severity = Severity.MEDIUM
    threshold = 0.2
    alert_from = 0.5
    actor = Role(EntityKind.USER, "person")
    prior: ClassVar[float] = -9.2
    limit: ClassVar[float] = 6.0

    def given(self) -> list[dict[str, pl.Expr]]:
        numbers = [f for k in KINDS for f in k.numbers]
        beside = {f"_others.{f}": others(f) for f in numbers}
        return [beside, {f"_rare.{f}": rare(f, pl.col(f"_others.{f}")) for f in numbers}]

    def terms(self) -> list[Term]:
        return [*map(_term, KINDS), _amounts(), _rise(), _looking(), _foreign_computers(), _foreign_folders()]

    def sentence(self) -> pl.Expr:
        said = pl.concat_str([pl.when(k.below(UNUSUAL)).then(k.text) for k in KINDS], separator="; ", ignore_nulls=True)
        return pl.format(
            "{}, {}, was unusual beside {} days before: {}.",
            "person",
            pl.col("time").dt.strftime("%Y-%m-%d"),
            number(_age),
            pl.when(said == "").then(pl.lit("several little things together")).otherwise(said),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        told = self.with_given(rows).select(k.below(RARE).alias(str(n)) for n, k in enumerate(KINDS)).collect().rows()
        return [
            tuple(dict.fromkeys(k.technique for k, yes in zip(KINDS, row, strict=True) if yes and k.technique))
            for row in told
        ]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.HIGH if s >= SURE else Severity.MEDIUM for s in self.score(rows)]  # hits only: few


def _term(kind: Kind) -> Term:
    told = often(kind.numbers[0])
    for f in kind.numbers[1:]:
        least = pl.min_horizontal(pl.col(f"_rare.{g}") for g in kind.numbers if g != f)
        told = pl.when(pl.col(f"_rare.{f}") < least).then(often(f)).otherwise(told)
    return Term(
        pl.when(kind.happened).then(worth(kind.mine, kind.theirs, kind.share) + kind.more),
        pl.format("{}: {}", kind.text, told),
        kind.numbers[0],
    )


def _amounts() -> Term:
    """The sheer amounts."""
    nats = pl.sum_horizontal(
        pl.when(pl.col(f) > 0).then((slope * (pl.col(f) / much).log()).clip(LEAST, most)).otherwise(0.0)
        for f, (much, slope, most) in AMOUNTS.items()
    )
    much = pl.when(nats > 0).then(pl.lit("amounts that are worth a theft")).otherwise(pl.lit("but little of it"))
    return Term(nats, much, "copied")


def _rise() -> Term:
    """Whether what happened has been rising; what people look for at job sites counts on any day."""
    nats = pl.sum_horizontal(
        pl.when(k.happened | pl.lit(k.numbers == ("jobs",))).then(rising(k.numbers)).otherwise(0.0)
        for k in KINDS
        if k.rises
    )
    return Term(nats, pl.lit("it has been rising over the last days, while the others do as ever"), "own.copied.drift")


def _looking() -> Term:
    """Whether the person looked for another job in the weeks before, more than people do here."""
    mine, usual = (pl.col(f"{level}.jobs.mean").fill_nan(None).fill_null(0.0) for level in ("own", "all"))
    return Term(
        pl.when(_known & (mine >= LOOKING + usual)).then(1.0),
        pl.lit("looked at job sites again and again in the weeks before"),
        "own.jobs.mean",
    )


def _foreign_computers() -> Term:
    """Whether a computer is new to the person and somebody's own; what many use is a meeting room."""
    foreign = pl.when(_known).then(fresh("at", 1, FEW)).fill_null(0)
    common = pl.when(_known).then(fresh("at", MANY, 1 << 40)).fill_null(0)
    few = pl.format("{} computers for the first time that one or two other people use", foreign)
    return Term(
        pl.when(foreign > 0).then(1.0).when(common > 0).then(-1.0),
        pl.when(foreign > 0).then(few).otherwise(pl.lit("a computer for the first time that many people use")),
        "at",
    )


def _foreign_folders() -> Term:
    """Whether folders are new to the person and hardly anybody else's."""
    folders = pl.when(_known).then(fresh("places", 1, FEW)).fill_null(0)
    return Term(
        pl.when(folders > 0).then((0.6 * folders.cast(pl.Float64).log1p()).clip(upper_bound=LARGEST)),
        pl.format("documents in {} folders for the first time that one or two other people use", folders),
        "places",
    )
