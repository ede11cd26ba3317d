"""Paired differences between rates, seed by seed, and what they show."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.analysis.intervals import estimate, t_quantile
from dropsweep.analysis.sign_flips import SIGNIFICANCE, better_p, joint_p, sign_flip_p
from dropsweep.analysis.summary import candidates, summarize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from dropsweep.analysis.intervals import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.analysis.summary import Choice, RateSummary
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Difference:
    """Final validation accuracy of a rate minus that of its setting's baseline, seed by seed.

    Seeds pair them: runs of one seed begin with the same weights and see the same batches.
    """

    setting: Setting
    rate: float
    baseline: float
    """The rate compared with: 0, or the lowest that has a finished run."""
    seeds: tuple[int, ...]
    """Those that finished at both rates."""
    images: tuple[int, ...]
    """One per seed, in whole validation images."""
    values: tuple[float, ...]
    """The same as fractions of the validation images."""
    estimate: Estimate
    p: float | None = None
    """Two-sided and exact, of the sign-flip test; None with one seed, and of a race."""
    p_corrected: float | None = None
    """Corrected for all comparisons of the sweep: joint step-down max-T."""
    always_valid: tuple[float, float] | None = None
    """Ends of an interval that holds however often one looked; of a race (``seeds: auto``)."""

    @property
    def is_more_than_noise(self) -> bool:
        """The corrected p reaches `SIGNIFICANCE`."""
        return self.p_corrected is not None and self.p_corrected <= SIGNIFICANCE

    @property
    def is_gain(self) -> bool:
        """It is more than noise, and in favour of the rate."""
        return self.is_more_than_noise and self.estimate.mean > 0

    def is_within(self, margin: Fraction) -> bool:
        """The two rates are equally good within the margin: TOST, this comparison taken alone.

        The 90 % t interval of the difference lies inside +-margin (Schuirmann 1987).
        """
        mean, sd, count = self.estimate.mean, self.estimate.sd, self.estimate.count
        if sd is None:
            return False
        return abs(mean) + t_quantile(count - 1, 0.95) * sd / math.sqrt(count) < margin


def format_p(p: float | None, equals: str = "= ") -> str:
    """A probability in three decimals: ``= 0.012``, or ``< 0.001``; ``equals`` may be left out."""
    if p is None:
        return "-"
    return "< 0.001" if p < 0.001 else f"{equals}{p:.3f}"


def differences(records: Sequence[RunRecord]) -> list[Difference]:
    """One for each setting and rate but the setting's baseline, in this order, with p."""
    return tested(paired(summarize(records)))


def paired(summaries: Sequence[RateSummary]) -> list[Difference]:
    """The same without p, from summaries in the order of `summarize`."""
    found: list[Difference] = []
    for _, of_setting in itertools.groupby(summaries, key=lambda each: each.setting):
        finished = [each for each in of_setting if each.outcomes]
        for other in finished[1:]:
            found += _difference(finished[0], other)
    return found


def rivals(of_setting: Sequence[RateSummary], choice: Choice) -> list[Difference]:
    """The other finished rates of the choice's setting, as differences to it, without p."""
    (chosen,) = (each for each in of_setting if each.rate == choice.rate)
    return [
        difference
        for other in of_setting
        if other is not chosen and other.outcomes
        for difference in _difference(chosen, other)
    ]


def tested(found: Sequence[Difference]) -> list[Difference]:
    """With their p, corrected for all of them; those of a single seed are not tested."""
    several = [each for each in found if len(each.seeds) > 1]
    if not several:
        return list(found)
    images = [dict(zip(each.seeds, each.images, strict=True)) for each in several]
    corrected = iter(joint_p(_by_seed(images)))
    return [
        replace(each, p=sign_flip_p(each.images), p_corrected=float(next(corrected)))
        if len(each.seeds) > 1
        else each
        for each in found
    ]


def may_be_best(of_setting: Sequence[RateSummary]) -> tuple[float, ...]:
    """The rates of one setting that may be the best of it (95 %); it does not say they are equal.

    A rate is left out if the differences to it show that another is better: one-sided, joint max-T
    (after Hsu 1984). Up to 4 seeds no rate is. Where runs diverged, only rates with no diverged
    run take part, if there are any.
    """
    rates = candidates(of_setting)
    if len(rates) < 2:
        return tuple(each.rate for each in rates)
    p = better_p(_by_seed([{run.seed: run.right for run in each.outcomes} for each in rates]))
    return tuple(each.rate for each, found in zip(rates, p, strict=True) if found > SIGNIFICANCE)


def _by_seed(columns: Sequence[Mapping[int, int]]) -> NDArray[np.float64]:
    """Seeds x columns; NaN where a column lacks a seed."""
    seeds = sorted(set().union(*columns))
    return np.array([[column.get(seed, np.nan) for column in columns] for seed in seeds])


def _difference(baseline: RateSummary, other: RateSummary) -> list[Difference]:
    """One without its p, or none where no seed finished at both rates."""
    before = {outcome.seed: outcome.right for outcome in baseline.outcomes}
    pairs = {
        outcome.seed: outcome.right - before[outcome.seed]
        for outcome in other.outcomes
        if outcome.seed in before
    }
    if not pairs:
        return []
    images = tuple(pairs.values())
    values = tuple(each / other.dataset.val_size for each in images)
    return [
        Difference(
            other.setting,
            other.rate,
            baseline.rate,
            tuple(pairs),
            images,
            values,
            estimate(values),
        )
    ]
