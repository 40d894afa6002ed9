"""What is neither IP nor ARP is counted, once, by kind."""

from __future__ import annotations

import numpy as np
import pytest

from vedette.sources.pcap.container import Chunk
from vedette.sources.pcap.leftover import Leftover
from vedette.sources.pcap.link import LLC, UNKNOWN_LINK
from vedette.sources.pcap.pcapng import BROKEN

LLDP = 0x88CC


def chunk(times: list[int], sequence: int = 0) -> Chunk:
    none = np.zeros(len(times), np.int64)
    return Chunk(np.zeros(0, np.uint8), sequence, 0, none, none, none, np.array(times, np.int64), none)


def test_counts_go_on_over_chunks_whatever_the_order_of_time() -> None:
    leftover = Leftover()
    leftover.add(chunk([50, 10, 30]), np.array([LLDP, 0x0800, LLDP]), np.array([0, 2]))
    leftover.add(chunk([20, 90], 3), np.array([LLDP, LLC]), np.array([0, 1]))
    (batch,) = leftover.batches()
    frame = batch.frame
    assert frame["metadata.sequence"].to_list() == [0, 4]
    assert frame["count"].to_list() == [3, 1]
    assert frame["start_time"].dt.timestamp("us").to_list() == [20, 90]
    assert frame["time"].dt.timestamp("us").to_list() == [50, 90]
    assert batch.records == 4


def test_what_is_rejected_already_is_not_counted_again() -> None:
    leftover = Leftover()
    leftover.add(chunk([1, 2]), np.array([BROKEN + UNKNOWN_LINK, LLDP]), np.array([0]))
    leftover.add(chunk([]), np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert list(leftover.batches()) == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (LLDP, "1 packets of EtherType 0x88cc (LLDP), not IP"),
        (0x0005, "1 packets of EtherType 0x0005, not IP"),
        (LLC, "1 packets of IEEE 802.2 LLC, not IP"),
        (UNKNOWN_LINK + 105, "1 packets of link type 105, not IP"),
    ],
)
def test_each_kind_has_a_name(kind: int, message: str) -> None:
    leftover = Leftover()
    leftover.add(chunk([1]), np.array([kind]), np.array([0]))
    assert [b.frame["message"].item() for b in leftover.batches()] == [message]
