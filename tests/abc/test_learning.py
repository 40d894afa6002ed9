from __future__ import annotations

import pytest

from vedette.abc import Dataset, Evasion


@pytest.mark.parametrize("kind", [Dataset, Evasion])
def test_a_kind_cannot_be_made_without_its_work(kind: type[Dataset] | type[Evasion]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        kind()
