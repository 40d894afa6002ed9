"""Settings of one plug-in, or of one section of ``vedette.toml``: checked before anything starts."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Settings with their words: the docstring below a field is its line in the reference. An unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
