from __future__ import annotations

from vedette.features.dns_tunnel_day import DAY, DnsTunnelDay
from vedette.testing.dns_tunnels import Exchange, seen
from vedette.testing.rows import rows_of


def at_hours(*hours: float) -> list[Exchange]:
    """Return one question at each hour after 08:00."""
    return [(3600 * h, f"{k}.relay.net", "TXT", ()) for k, h in enumerate(hours)]


def test_a_day_is_one_row_and_tells_its_busiest_part() -> None:
    rows = rows_of(DnsTunnelDay, seen(at_hours(0, 0.5, 1, 4.5, 13)))
    assert rows.select("window", "questions", "busiest", "parts").rows() == [(DAY, 5, 3, 3)]


def test_another_day_is_another_row() -> None:
    rows = rows_of(DnsTunnelDay, seen(at_hours(0, 20)))
    assert rows.select("questions", "parts").rows() == [(1, 1), (1, 1)]
