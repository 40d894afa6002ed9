from __future__ import annotations

from datetime import UTC

from vedette.abc import Origin


def test_an_input_of_which_nothing_is_known_is_in_utc_and_has_no_name() -> None:
    assert (Origin().name, Origin().modified, Origin().zone) == ("", None, UTC)
