"""The values that keys of a config may have: numbers in ranges, names, lists of distinct items."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from dropsweep.config.strict_yaml import MOST_DIGITS

T = TypeVar("T", int, float)

COUNT, LIST, AUTO, RANGE = "<count>", "<list>", "<auto>", "<range>"
"""The ways to give seeds and rates, as they appear in pydantic's locations."""

MOST_STEPS = 10_000
"""Rates that a range makes at most."""

LONGEST_NAME = 100
"""Characters, so that file names made from it stay within what file systems take."""

NAME = re.compile(r"^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$")
"""Letters, digits, - _ . but not only dots."""


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    seen, again = set(), []
    for index, value in enumerate(map(_hashable, values)):
        if value in seen:
            again.append(index)
        seen.add(value)
    if again:
        raise PydanticCustomError("repeated", "repeated", {"inside": tuple(again)})
    return values


def _hashable(value: Any) -> Any:
    """Equal for equal values, also for the lists that a grid may hold."""
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, value))
    return frozenset(map(_hashable, value.items())) if isinstance(value, dict) else value


def _four_decimals(margin: float) -> float:
    if 10_000 % Fraction(repr(margin)).denominator:
        raise PydanticCustomError("too_many_decimals", "decimals")
    return margin


def _seeds_form(value: object) -> str:
    if isinstance(value, list | tuple):
        return LIST
    return AUTO if value == "auto" else COUNT


def _rates_form(value: object) -> str:
    return RANGE if isinstance(value, dict | Section) else LIST


# Strictness would ask for a tuple, which YAML cannot write; the items stay strict.
_LIST, _DISTINCT = Field(min_length=1, strict=False), AfterValidator(_distinct)

_POSITIVE_ZERO = AfterValidator(lambda value: value + 0.0)
"""Adding 0.0 makes -0.0 the 0.0 it equals, so that both name one run."""

Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]
"""Beyond a million epochs, units or images in a batch there are only slips of the finger."""

Positive: TypeAlias = Annotated[float, Field(gt=0)]
Rate: TypeAlias = Annotated[float, Field(ge=0, lt=1), _POSITIVE_ZERO]

Seed: TypeAlias = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]
Text: TypeAlias = Annotated[str, Field(min_length=1)]

Sizes: TypeAlias = Annotated[tuple[Count, ...], _LIST]
RateList: TypeAlias = Annotated[tuple[Rate, ...], _LIST, _DISTINCT]
SeedList: TypeAlias = Annotated[tuple[Seed, ...], _LIST, _DISTINCT]
Margin: TypeAlias = Annotated[float, Field(gt=0, lt=1), AfterValidator(_four_decimals)]
Seeds: TypeAlias = Annotated[
    Annotated[Count, Tag(COUNT)]
    | Annotated[SeedList, Tag(LIST)]
    | Annotated[Literal["auto"], Tag(AUTO)],
    Discriminator(_seeds_form),
]
KeepProb: TypeAlias = Annotated[float, Field(gt=0, le=1)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0), _POSITIVE_ZERO]
Factors: TypeAlias = Annotated[tuple[NotNegative, ...], _LIST]
KeepProbs: TypeAlias = Annotated[tuple[KeepProb, ...], _LIST, _DISTINCT]
SampleCounts: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=1, le=10_000)], ...], Field(strict=False), _DISTINCT
]
Grid: TypeAlias = dict[str, Annotated[tuple[Any, ...], _LIST, _DISTINCT]]


class Section(BaseModel):
    """A section of a config: no unknown keys, no conversions, no infinities."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class Range(Section):
    """Rates with equal steps between them, both ends included."""

    first: Rate = Field(alias="from")
    """The lowest rate."""
    to: Rate
    """The highest rate."""
    step: Positive
    """The difference of neighbouring rates."""

    @model_validator(mode="after")
    def _steps_lead_to_the_end(self) -> Range:
        _ = self.rates
        return self

    @property
    def rates(self) -> tuple[float, ...]:
        """Each rate as the decimal that would be written for it: 0.3, never 0.30000000000000004."""
        first, last, step = (Fraction(repr(each)) for each in (self.first, self.to, self.step))
        steps = (last - first) / step
        if steps < 0:
            context = {"inside": ("to",), "first": self.first}
            raise PydanticCustomError("range_backwards", "backwards", context)
        if steps.denominator != 1:
            end = float(first + int(steps) * step)
            context = {"inside": ("step",), "first": self.first, "last": self.to, "end": end}
            raise PydanticCustomError("range_uneven", "uneven", context)
        count = int(steps) + 1
        rates = [float(first + i * step) for i in range(min(count, MOST_STEPS))]
        if len(set(rates)) < count:
            raise PydanticCustomError(
                "range_long", "long", {"inside": ("step",), "count": count, "limit": MOST_STEPS}
            )
        return tuple(rates)


Rates: TypeAlias = Annotated[
    Annotated[RateList, Tag(LIST)] | Annotated[Range, Tag(RANGE)],
    Discriminator(_rates_form),
]
