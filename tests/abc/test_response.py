from __future__ import annotations

import pytest

from vedette.abc import Action, Sink


@pytest.mark.parametrize("kind", [Action, Sink])
def test_a_kind_cannot_be_made_without_its_work(kind: type[Action] | type[Sink]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        kind()
