"""Whether a rate differs from the lowest one by more than its seeds' noise: paired differences."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dropsweep.analysis.estimate import estimate
from dropsweep.analysis.summary import summarize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dropsweep.analysis.estimate import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.analysis.summary import Choice, RateSummary
    from dropsweep.records import RunRecord

SIGNIFICANCE = 0.05
"""A corrected p at or below it is called more than noise."""

_SIGN_FLIPS = 9999
"""All 2^n of them up to 13 seeds; beyond, so many drawn at random."""


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
    values: tuple[float, ...]
    """One a seed."""
    estimate: Estimate
    p: float | None = None
    """Two-sided, of the sign-flip permutation test; None with one seed."""
    p_holm: float | None = None
    """Corrected for all comparisons of the sweep, after Holm (1979)."""

    @property
    def is_more_than_noise(self) -> bool:
        """Whether the corrected p reaches `SIGNIFICANCE`."""
        return self.p_holm is not None and self.p_holm <= SIGNIFICANCE

    @property
    def is_gain(self) -> bool:
        """Whether it is more than noise, and in favour of the rate."""
        return self.is_more_than_noise and self.estimate.mean > 0


def differences(records: Sequence[RunRecord]) -> list[Difference]:
    """One for each setting and rate but the setting's baseline, in this order."""
    return compare(summarize(records))


def compare(summaries: Sequence[RateSummary]) -> list[Difference]:
    """The same, from summaries in the order of `summarize`."""
    found: list[Difference] = []
    for setting, of_setting in itertools.groupby(summaries, key=lambda each: each.setting):
        finished = [each for each in of_setting if each.outcomes]
        for other in finished[1:]:
            found += _difference(setting, finished[0], other)
    return list(_corrected(_tested(found)))


def rivals(summaries: Sequence[RateSummary], choice: Choice) -> list[Difference]:
    """The other rates of the chosen setting, as differences to the chosen one, tested likewise."""
    of_setting = [each for each in summaries if each.setting == choice.setting and each.outcomes]
    (chosen,) = (each for each in of_setting if each.rate == choice.rate)
    others = [each for each in of_setting if each is not chosen]
    found = [
        difference for other in others for difference in _difference(choice.setting, chosen, other)
    ]
    return list(_corrected(_tested(found)))


def smallest_p(seeds: int, comparisons: int = 1) -> float:
    """The smallest corrected p that so many paired seeds can give.

    2 of 2^n sign patterns are the most extreme; of patterns drawn at random, 2 of those drawn.
    """
    return min(1.0, comparisons * max(2.0 ** (1 - seeds), 2 / (_SIGN_FLIPS + 1)))


def fewest_seeds(comparisons: int = 1) -> int:
    """The least number of paired seeds whose smallest corrected p can reach `SIGNIFICANCE`."""
    return next(n for n in itertools.count(2) if comparisons * 2.0 ** (1 - n) <= SIGNIFICANCE)


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected p of each comparison: the i-th smallest of m times m - i, and never decreasing.

    i counts from 0. The chance that any true null falls at or below a level is then at most that
    level (Holm 1979).
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[at]))
        corrected[at] = highest
    return corrected


def sign_flip_p(series: Sequence[Sequence[float]]) -> list[float]:
    """Two-sided p that a mean is 0, for each of several equally long series.

    Among all sign patterns, the share whose mean is as extreme: under the null a difference is as
    likely as its negative. Exact up to 13 values.
    """
    import numpy as np
    from scipy.stats import permutation_test

    result = permutation_test(
        (np.array(series),),
        np.mean,
        permutation_type="samples",
        n_resamples=_SIGN_FLIPS,
        batch=1000,  # all at once is ten times slower, and takes memory
        axis=-1,
        vectorized=True,
        rng=np.random.default_rng(0),  # the same p from the same records, always
    )
    return [float(p) for p in result.pvalue]


def _difference(setting: Setting, baseline: RateSummary, other: RateSummary) -> list[Difference]:
    """One without its p, or none where no seed finished at both rates."""
    before = {outcome.seed: outcome.val for outcome in baseline.outcomes}
    pairs = {
        # accuracies are decimals: without rounding, ties would differ in their last bits
        outcome.seed: round(outcome.val - before[outcome.seed], 12)
        for outcome in other.outcomes
        if outcome.seed in before
    }
    if not pairs:
        return []
    values = tuple(pairs.values())
    return [Difference(setting, other.rate, baseline.rate, tuple(pairs), values, estimate(values))]


def _tested(found: Sequence[Difference]) -> list[Difference]:
    """With their p, those of equally many seeds at once."""
    p_values: dict[int, float] = {}
    for count in {len(each.values) for each in found} - {1}:
        places = [at for at, each in enumerate(found) if len(each.values) == count]
        p = sign_flip_p([found[at].values for at in places])
        p_values.update(zip(places, p, strict=True))
    return [replace(each, p=p_values.get(at)) for at, each in enumerate(found)]


def _corrected(found: Sequence[Difference]) -> Iterator[Difference]:
    """With Holm's p over all of them; those of a single seed are not tested."""
    corrected = iter(holm([each.p for each in found if each.p is not None]))
    for each in found:
        yield each if each.p is None else replace(each, p_holm=next(corrected))
