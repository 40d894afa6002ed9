from __future__ import annotations

import pytest

from vedette.errors import ContentError
from vedette.intel.content import content


def test_a_content_file_is_found() -> None:
    assert content("attack/enterprise.csv").is_file()


@pytest.mark.parametrize("name", ["attack/no-such.csv", "../pyproject.toml", "/etc/passwd"])
def test_what_is_not_content_is_refused_by_name(name: str) -> None:
    with pytest.raises(ContentError, match=r"no content"):
        content(name)
