"""What every kind of step shares: a title, the words of its fields, and that it plays."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from vedette.app.drill.stage import Stage


def _known(value: str, info: ValidationInfo) -> str:
    if value not in (info.context or {}).get("cast", ()):
        raise ValueError(f"nobody in the cast is called {value!r}")
    return value


def spoken(table: dict[str, object]) -> AfterValidator:
    """Return the check that a protocol is in ``table``."""

    def check(value: str) -> str:
        if value not in table:
            raise ValueError(f"no such protocol {value!r}; there are: {', '.join(sorted(table))}")
        return value

    return AfterValidator(check)


Who = Annotated[str, AfterValidator(_known)]
"""A name in the cast."""
Port = Annotated[int, Field(gt=0, lt=65_536)]
Range = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class Step(BaseModel):
    """One thing that happens; ``title`` says it to a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str

    def play(self, stage: Stage) -> None:
        """Let it happen on the stage."""
        raise NotImplementedError
