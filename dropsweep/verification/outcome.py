"""All checks together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.verification.gradients import gradient_errors
from dropsweep.verification.published import published_numbers
from dropsweep.verification.statistics import mask_statistics

if TYPE_CHECKING:
    from dropsweep.verification.checks import Check, GradientError, PublishedNumber, Statistic


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


def verify() -> Verification:
    """Check the mathematics on this machine; takes a few seconds."""
    return Verification(
        tuple(mask_statistics()), tuple(gradient_errors()), tuple(published_numbers())
    )
