"""One of our hosts that shows several signs of being in somebody else's hands."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.infected_host import InfectedHost as Rows
from vedette.features.infection_sign import KINDS
from vedette.model import Analytic, EntityKind, Severity

SHARED = 1 / 3
"""What a sign about a place counts, of its nats, where a stronger sign is about the same place: one honest oddity explains both."""


class InfectedHost(LogOdds):
    """Infected host: one of our hosts shows several kinds of signs in a day, so that chance hardly explains them together.

    What is normal: any host shows an odd thing now and then: a name that looks made up, a program that keeps time, a lone scan by a
    curious user. These come by themselves. A host that is in somebody else's hands shows different ones together: it looks for its master,
    keeps contact, explores, spreads, sends data out.

    The statistic: judgement by adding the evidence of independent signs to prior log-odds of one host-day in ten thousand (naive Bayes:
    I. J. Good, "Probability and the weighing of evidence", 1950; over stages of infection as BotHunter does: Gu et al., USENIX Security
    2007). Of each kind of sign the best finding counts, once: repeats prove nothing new. What a finding is worth is a table by detector
    plus the log-odds of its score; one kind alone never suffices, and neither do scans and attacks inside the network together: somebody's
    scanner does just that. Two signs about the same place outside have one cause: the weaker counts a third. A detector that the table does
    not know counts by its ATT&CK tactic. The judgement makes one incident of all that was found about the host; it adds no
    corroboration of its own. Windows are days.

    Known false positives:
        - resolvers, proxies, mail servers and NAT gateways: they show what all hosts behind them do
        - an IT department's scanner that is not named in ``network.scanners``, where another engine alerts on it too
        - a person who analyses malware or tests security

    Blind spots:
        - a host that shows one kind of sign alone, however strong: the detector of that sign alerts by itself
        - signs on different days; hosts whose address changes between them
        - what no detector finds

    Example: 10.0.0.5 asks for hundreds of generated names, then keeps contact with one address every five minutes.
    """

    name = "infected_host"
    title = "Host looks infected"
    needs = Rows
    analytic = Analytic.BEHAVIORAL
    techniques = ()
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "vedette.entity")
    prior: ClassVar[float] = -9.2
    limit: ClassVar[float] = 9.0

    def given(self) -> list[dict[str, pl.Expr]]:
        nats = {f"_nats.{kind}": pl.col(f"{kind}.nats").fill_nan(0.0).fill_null(0.0).clip(0.0) for kind in KINDS}
        return [nats, {f"_shared.{kind}": _shared(kind) for kind in KINDS}]

    def terms(self) -> list[Term]:
        return [_term(kind) for kind in KINDS]

    def sentence(self) -> pl.Expr:
        count = pl.sum_horizontal((_nats(kind) > 0).cast(pl.Int64) for kind in KINDS)
        signs = pl.concat_str(
            [pl.when(_nats(kind) > 0).then(pl.lit(words)) for kind, words in KINDS.items()],
            separator="; it ",
            ignore_nulls=True,
        )
        return pl.format("{} shows {} kinds of signs of an infection: it {}.", "vedette.entity", count, signs)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """The first technique of each sign's best finding."""
        held = rows.select(pl.col(f"{kind}.technique") for kind in KINDS).rows()
        return [tuple(dict.fromkeys(t for t in row if t)) for row in held]  # hits only: few


def _nats(kind: str) -> pl.Expr:
    return pl.col(f"_nats.{kind}")


def _shared(kind: str) -> pl.Expr:
    """Whether a stronger sign is about the same place."""
    order = list(KINDS)
    return pl.any_horizontal(
        (
            ((_nats(other) > _nats(kind)) | ((_nats(other) == _nats(kind)) & (order.index(other) < order.index(kind))))
            & (pl.col(f"{other}.to") == pl.col(f"{kind}.to"))
        ).fill_null(value=False)
        for other in KINDS
        if other != kind
    )


def _term(kind: str) -> Term:
    """The evidence of one kind of sign: less where a stronger one is about the same place."""
    before = pl.col(f"_shared.{kind}")
    said = pl.format(
        "it {} ({}): {}", pl.lit(KINDS[kind]), f"{kind}.detector", pl.col(f"{kind}.said").fill_null("no words")
    )
    return Term(
        pl.when(before).then(SHARED * _nats(kind)).otherwise(_nats(kind)),
        said + pl.when(before).then(pl.lit(" (the same place as a stronger sign)")).otherwise(pl.lit("")),
        f"{kind}.nats",
    )
