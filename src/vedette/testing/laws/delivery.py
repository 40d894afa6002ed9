"""The laws of deliveries."""

from __future__ import annotations

import re

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from vedette.abc import Delivery, Sink, Wanted
from vedette.plugins import discover

_SECRET = re.compile(r"(?:^|_)(?:token|password|secret|api_key|key)$")


def carries_formats_that_exist(delivery: type[Delivery]) -> None:
    """Every format that it names is one of the sinks."""
    unknown = set(delivery.formats) - set(discover(Sink))
    assert not unknown, f"{delivery.name} carries formats that there are not: {sorted(unknown)}"


def leaves_the_settings_of_all_alone(delivery: type[Delivery]) -> None:
    """None of its settings has the name of one that every table of sinks has."""
    both = set(delivery.options.model_fields) & set(Wanted.model_fields)
    assert not both, f"{delivery.name} takes settings that all sinks have: {sorted(both)}"


def keeps_its_secrets(delivery: type[Delivery]) -> None:
    """What is a secret shows nothing of itself, and can be said by the name of a variable or a file."""
    fields = delivery.options.model_fields
    for name, field in fields.items():
        if _SECRET.search(name) and not _is_path(field):
            assert field.annotation is SecretStr, f"{name} would stand in logs"
            assert {f"{name}_env", f"{name}_file"} <= set(fields), f"{name} can only stand in the settings themselves"


def _is_path(field: FieldInfo) -> bool:
    return "PEM file" in (field.description or "")


LAWS = (carries_formats_that_exist, leaves_the_settings_of_all_alone, keeps_its_secrets)
