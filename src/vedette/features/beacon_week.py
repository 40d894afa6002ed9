"""Who of ours comes back to whom outside, over a week: for rhythms of hours."""

from __future__ import annotations

from datetime import timedelta

from vedette.abc import Normal
from vedette.features.beacon_pair import BeaconPair

WEEK = timedelta(days=7)


class BeaconWeek(BeaconPair):
    """A row per source, destination, port and week, of TCP and UDP flows that leave our network: as of ``beacon_pair``."""

    name = "beacon_week"
    windows = (WEEK,)
    normal = Normal(WEEK, sets=("place",), half_life=timedelta(days=56))
