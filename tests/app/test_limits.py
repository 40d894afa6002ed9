from __future__ import annotations

import pytest

from vedette.app.limits import RATIO_FLOOR_BYTES, Budget, Limits
from vedette.errors import LimitError


def test_the_ratio_counts_from_the_floor_on() -> None:
    budget = Budget(Limits(max_ratio=2), packed_bytes=100)
    budget.unpack(RATIO_FLOOR_BYTES)
    with pytest.raises(LimitError, match="2 times its size"):
        budget.unpack(1)


def test_a_ratio_within_the_limit_is_fine() -> None:
    budget = Budget(Limits(max_ratio=2), packed_bytes=RATIO_FLOOR_BYTES)
    budget.unpack(2 * RATIO_FLOOR_BYTES)
    assert budget.unpacked_bytes == 2 * RATIO_FLOOR_BYTES


def test_all_members_count() -> None:
    budget = Budget(Limits(max_members=2, max_total_bytes=10))
    budget.member()
    budget.member()
    with pytest.raises(LimitError, match="more than 2 members"):
        budget.member()
    with pytest.raises(LimitError, match="more than 10 bytes"):
        budget.unpack(11)
