"""The finding of a single check, and those of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Statistic:
    """A mean or fraction over many units, held against probability theory."""

    kind: str
    rate: float | None
    """None where there is no dropout."""
    quantity: str
    expected: float
    observed: float
    z: float | None
    """(observed - expected) / standard error; None where chance has no part in it."""
    ok: bool

    @property
    def name(self) -> str:
        """Its subject, for a sentence."""
        where = self.kind if self.rate is None else f"{self.kind} at rate {self.rate}"
        return f"{where}: {self.quantity}"


@dataclass(frozen=True)
class GradientError:
    """Backward passes, held against central differences."""

    what: str
    error: float
    """Largest difference, relative to the largest gradient."""
    bound: float
    ok: bool

    @property
    def name(self) -> str:
        """Its subject, for a sentence."""
        return f"gradient of {self.what}"


@dataclass(frozen=True)
class PublishedNumber:
    """A number that others printed, and ours."""

    what: str
    published: float | str
    computed: float | str
    ok: bool

    @property
    def name(self) -> str:
        """Its subject, for a sentence."""
        return f"published {self.what}"


Check: TypeAlias = Statistic | GradientError | PublishedNumber


@dataclass(frozen=True)
class Verification:
    """The findings of all checks."""

    statistics: tuple[Statistic, ...]
    gradients: tuple[GradientError, ...]
    published: tuple[PublishedNumber, ...]

    @property
    def tables(self) -> tuple[tuple[Check, ...], ...]:
        """The checks of each sort."""
        return self.statistics, self.gradients, self.published

    @property
    def failed(self) -> list[str]:
        """Names of the checks that do not hold."""
        return [check.name for checks in self.tables for check in checks if not check.ok]
