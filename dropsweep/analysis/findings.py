"""All that a sweep's records say about its question, found once for every reader."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.differences import compare, rivals
from dropsweep.analysis.fit import fits
from dropsweep.analysis.summary import select, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.differences import Difference
    from dropsweep.analysis.fit import Fit
    from dropsweep.analysis.settings import Setting
    from dropsweep.analysis.summary import Choice, RateSummary
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Findings:
    """Which rate was best, by how much, how sure that is, and how the nets fit."""

    records: Sequence[RunRecord]
    """What they were found in."""
    summaries: list[RateSummary]
    choice: Choice | None
    """None where no run finished."""
    differences: list[Difference]
    fits: list[Fit]
    rivals: list[Difference]
    """Of the chosen setting's other rates to the chosen one."""

    @property
    def comparisons(self) -> int:
        """How many differences are tested; where all are of a single seed, how many there are."""
        return sum(each.p is not None for each in self.differences) or len(self.differences)

    @property
    def axes(self) -> tuple[str, ...]:
        """Dotted keys that tell settings apart."""
        return tuple(key for key, _ in self.summaries[0].setting) if self.summaries else ()

    def summary(self, setting: Setting, rate: float) -> RateSummary:
        """That of one rate in one setting."""
        return next(each for each in self.summaries if (each.setting, each.rate) == (setting, rate))

    def difference(self, setting: Setting, rate: float) -> Difference | None:
        """That of one rate in one setting; None of a baseline."""
        return self._difference_of.get((setting, rate))

    def fit(self, setting: Setting, rate: float) -> Fit | None:
        """That of one rate in one setting; None where no run finished."""
        return self._fit_of.get((setting, rate))

    @functools.cached_property
    def _difference_of(self) -> dict[tuple[Setting, float], Difference]:
        return {(each.setting, each.rate): each for each in self.differences}

    @functools.cached_property
    def _fit_of(self) -> dict[tuple[Setting, float], Fit]:
        return {(each.setting, each.rate): each for each in self.fits}


def find(records: Sequence[RunRecord]) -> Findings:
    """Everything, from the records of a sweep."""
    summaries = summarize(records)
    choice = select(summaries)
    return Findings(
        records,
        summaries,
        choice,
        compare(summaries),
        fits(records),
        [] if choice is None else rivals(summaries, choice),
    )
