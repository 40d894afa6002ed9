"""SSH password guessing, as seen on the wire."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.ssh_source import SshSource
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class SshGuessing(LogOdds):
    """One address fails to log on over SSH, again and again or at host after host.

    What is normal: a mistyped password or two, and jobs that keep the clock. What is hostile: many connections that end without a
    logon, at machine speed.

    The statistic: failed connections as a negative binomial; one outcome per connection, failed or not, as a sequential test (Jung
    et al., IEEE S&P 2004; three in ten failed are ordinary, since Zeek guesses the outcome from the lengths of encrypted packets); the
    pace; time-keeping, which speaks for a job. Javed and Paxson, "Detecting stealthy, distributed SSH brute-forcing", CCS 2013,
    describe the attack.

    Known false positives:
        - a scanner of one's own that only reads the version
        - a job with an old key, when it does not keep the clock

    Blind spots:
        - a source of the events that does not know the outcome
        - a few tries a day from one address

    A success after the failures makes it high instead of medium: Zeek guesses successes, so it is no proof.
    """

    name = "ssh_guessing"
    title = "SSH password guessing"
    needs = SshSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1110.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts"),)

    def terms(self) -> list[Term]:
        n, gap = pl.col("failures"), pl.col("gap_seconds")
        scheduled = (gap >= _SCHEDULE_SECONDS) & (pl.col("clock_lock") > _LOCKED)
        return [
            Term(
                negative_binomial(n, pl.col("expected"), size=0.6).clip(upper_bound=12.0),
                pl.format("{} SSH connections without a logon ({} tries)", number(n), number(pl.col("tries"))),
                "failures",
            ),
            Term(
                bernoulli(n, pl.col("successes"), normal=0.3, hostile=0.95).clip(-20.0, 5.0),
                pl.format("{} connections let in", number(pl.col("successes"))),
                "successes",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((2.0 * (20.0 / gap.clip(lower_bound=0.05)).log()).clip(-3.0, 4.0)),
                pl.format("one each {} s", gap.round(1)),
                "gap_seconds",
            ),
            Term(
                pl.when(scheduled).then(-16.0 * pl.col("clock_lock")),
                pl.format("keeps the clock ({}): a job", pl.col("clock_lock").round(2)),
                "clock_lock",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} failed {} times to log on over SSH at {} hosts ({}), one each {} s; {} connections were let in.",
            "src_endpoint.ip",
            number(pl.col("failures")),
            number(pl.col("hosts_failed"), 128),
            joined("hosts", 3),
            pl.col("gap_seconds").round(1),
            number(pl.col("successes")),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.HIGH if let_in else self.severity for let_in in rows["in_after_failure"]]  # hits only: few


_SCHEDULE_SECONDS = 8.0
_LOCKED = 0.8
_ENOUGH = 5
