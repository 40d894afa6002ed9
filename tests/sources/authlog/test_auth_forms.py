from __future__ import annotations

import re

import polars as pl
import pytest

from vedette.sources.authlog.auth_forms import FAMILIES, FORMS, Form
from vedette.sources.authlog.auth_rows import GROUPS

ALL = [form for forms in FORMS.values() for form in forms]


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.pattern[:40])
def test_every_pattern_compiles_and_names_only_known_groups(form: Form) -> None:
    groups = re.findall(r"\?P<(\w+)>", form.pattern)
    assert set(groups) <= GROUPS
    assert len(pl.Series([""]).str.extract_groups(form.pattern).struct.fields) >= len(groups)


def test_every_family_has_forms() -> None:
    assert set(FAMILIES.values()) | {"pam"} == set(FORMS)
