from __future__ import annotations

import pytest
from pydantic import ValidationError

from vedette.abc import Settings


class _Own(Settings):
    port: int = 514
    """Its port."""


def test_an_unknown_key_is_an_error_and_words_are_kept() -> None:
    with pytest.raises(ValidationError, match="extra"):
        _Own.model_validate({"prot": 1})
    assert _Own.model_fields["port"].description == "Its port."


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        _Own().port = 1
