from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_uploads import CLOUD, GB, MB, THIEF, office, sent

from vedette.detectors.exfiltration import Exfiltration
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.rows import hits_of, rows_of

NIGHT = 24 * 9 + 2
NIGHTLY = [24.0 * d + 2 + n / 20 for d in range(10) for n in range(3)]


def _call() -> EventBatch:
    return sent([NIGHT - 7.5], 2 * GB, bytes_in=[int(1.6 * GB)], proto="udp")


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "two gigabytes at night": (lambda: sent([NIGHT, NIGHT + 0.1], GB), True),
    "in forty pieces": (lambda: sent([NIGHT + n / 50 for n in range(40)], 50 * MB), True),
    "by day": (lambda: sent([NIGHT + 10], 4 * GB), True),
    "to the office's cloud": (lambda: sent([NIGHT], 2 * GB, dst=CLOUD), False),
    "ten megabytes": (lambda: sent([NIGHT], 10 * MB), False),
    "a call": (_call, False),
    "read, not sent": (lambda: sent([NIGHT], GB // 25, bytes_in=[2 * GB]), False),
    "nobody answers: a flood": (lambda: sent([NIGHT], 2 * GB, bytes_in=[0], packets_in=[0], proto="udp"), False),
    "between hosts of ours": (lambda: sent([NIGHT], 2 * GB, dst="10.0.1.9", direction=3), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(Exfiltration, *office(), made())
    assert bool(hits.height) is notable, hits.select("uploaded", "to", "score", "summary").to_dicts()
    assert set(hits["src_endpoint.ip"]) <= {"10.0.0.5"}


def test_it_says_how_much_to_whom_and_what_is_normal() -> None:
    hit = hits_of(Exfiltration, *office(), sent([NIGHT, NIGHT + 0.1], 2.1 * GB)).row(0, named=True)
    assert hit["summary"].startswith(
        f"10.0.0.5 sent 4.1 GB, mostly to {THIEF}, between 02:00 and 03:00 UTC; normal for it are "
    )
    assert hit["summary"].endswith("in such an hour, and no other host sends to that network.")
    assert hit["severity"] == Severity.HIGH
    assert hit["score"] >= Exfiltration.alert_from


def test_a_backup_of_every_night_alerts_on_no_night() -> None:
    hits = hits_of(Exfiltration, *office(), sent(NIGHTLY, 5 * GB, src="10.0.0.90", dst="203.0.113.200"))
    assert hits.filter(hits["score"] >= Exfiltration.alert_from).height == 0
    later = hits.filter(hits["age"] >= 5)
    assert later.height == 0, "it goes on being found when it is known"


def test_without_a_history_it_does_not_alert() -> None:
    hits = hits_of(Exfiltration, *office(days=1), sent([14.0], 5 * GB))
    assert hits.filter(hits["score"] >= Exfiltration.alert_from).height == 0


def test_reasons_name_what_is_normal_and_add_up() -> None:
    rows = rows_of(Exfiltration.needs, *office(), sent([NIGHT, NIGHT + 0.1], GB))
    made = Exfiltration()
    hit = rows.filter(made.score(rows) >= made.threshold)
    reasons = made.reasons(hit)[0]
    assert sum(r.weight for r in reasons) == pytest.approx(made.score(hit)[0])
    texts = [r.text for r in reasons]
    assert any("hours of its own" in t for t in texts), texts
    assert "none of the 29 other hosts that send anything ever sent there" in texts
    assert "it never sends anything at this hour" in texts


def test_once_it_is_what_the_host_does_it_is_less_and_less_news() -> None:
    evenings = sent([24.0 * 8 + 20, 24.0 * 8 + 22, 24.0 * 9 + 20, 24.0 * 9 + 22], 3 * GB)
    rows = rows_of(Exfiltration.needs, *office(), evenings)
    ours = rows.filter((rows["src_endpoint.ip"] == "10.0.0.5") & (rows["to"] == THIEF))
    scores = Exfiltration().score(ours)
    assert scores[0] >= Exfiltration.alert_from
    assert scores.is_sorted(descending=True)
    assert scores[-1] < Exfiltration.threshold


def test_a_little_sent_before_clears_nothing() -> None:
    tried = sent([24.0 * 8 + 3], 20 * MB)
    hits = hits_of(Exfiltration, *office(), tried, sent([NIGHT, NIGHT + 0.1], 2.1 * GB))
    assert (hits["uploaded"] > 4 * GB).any()
    assert (hits["score"] >= Exfiltration.alert_from).any()
