from __future__ import annotations

import pytest

from vedette.detectors.arp_sweep import ArpSweep
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

HOSTS = [f"192.168.{i // 254}.{i % 254 + 1}" for i in range(1000)]
HOUR = 3600.0


def asked(n: int, answered: int, every: float) -> EventBatch:
    """Requests for ``n`` addresses, of which the first ``answered`` answer."""
    back = [1] * answered + [0] * (n - answered)
    return flows(
        n, every=every, dst=HOSTS[:n], proto="arp", sport=None, port=None, state="OTH", packets_in=back, bytes_in=back
    )


CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "a subnet in two seconds": ([asked(254, 12, 0.01)], True),
    "a quarter of it": ([asked(64, 3, 0.01)], True),
    "a subnet, two seconds each": ([asked(254, 12, 2.0)], True),
    "a gateway, all day, replies seen": ([asked(250, 200, 300.0)], False),
    "a gateway, all day, replies not seen": ([asked(250, 0, 300.0)], False),
    "a gateway in the morning": ([asked(60, 0, 20.0)], False),
    "a host starts": ([asked(8, 0, 0.1)], False),
    "one address, again and again": ([flows(3000, every=1.0, proto="arp", state="S0")], False),
    "announcements of oneself": ([flows(300, src=HOSTS[:300], dst=HOSTS[:300], proto="arp", state="S0")], False),
    "probes before an address is taken": ([flows(300, src="0.0.0.0", dst=HOSTS[:300], proto="arp", state="S0")], False),
    "echo requests are another's": (
        [flows(254, every=0.01, dst=HOSTS[:254], proto="icmp", sport=8, state="S0")],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_sweeps_and_what_looks_like_them(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(ArpSweep, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_reply_in_a_row_of_its_own_counts() -> None:
    requests = flows(100, every=0.01, dst=HOSTS[:100], proto="arp", state="S0", packets_in=None, bytes_in=None)
    replies = flows(100, every=0.01, dst=HOSTS[:100], proto="arp", state="SF", packets_in=None, bytes_in=None)
    assert hits_of(ArpSweep, requests).height
    assert not hits_of(ArpSweep, requests, replies).height


def test_a_summary_names_who_and_how_many() -> None:
    hit = hits_of(ArpSweep, asked(254, 12, 0.01)).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 looked for 254 local addresses in 2.5 s, such as 192.168.0.100, 192.168.0.101, 192.168.0.102: "
        "242 did not answer."
    )
