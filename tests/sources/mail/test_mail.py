from __future__ import annotations

import pytest

from vedette.sources.mail import Mail
from vedette.testing.laws import Law, laws_of


@pytest.mark.parametrize("law", laws_of(Mail), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
