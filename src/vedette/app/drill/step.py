"""What every kind of step shares: a title, the words of its fields, and that it plays."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from vedette.app.drill.stage import Stage


def _known(value: str, info: ValidationInfo) -> str:
    if value not in (info.context or {}).get("cast", ()):
        raise ValueError(f"nobody in the cast is called {value!r}")
    return value


def _rising(value: tuple[int, int]) -> tuple[int, int]:
    if value[0] > value[1]:
        raise ValueError(f"{value[0]} to {value[1]} is no range: the least comes first")
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
Range = Annotated[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]], AfterValidator(_rising)]
"""The least and the most, both included."""
Words = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Text that stays on its line of a log."""
DomainName = Annotated[str, Field(max_length=253, pattern=r"^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$")]
"""A name that fits into a DNS message (RFC 1035, 2.3.4)."""


class Step(BaseModel):
    """One thing that happens; ``title`` says it to a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str

    def play(self, stage: Stage) -> None:
        """Let it happen on the stage."""
        raise NotImplementedError
