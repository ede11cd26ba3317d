"""Rules that say when enough seeds are enough: dropsweep's race and those it is compared with.

Each rule takes the validation images named right in an array (seeds, rates), seed by seed in the
order in which they would be trained, and returns what it would have done. It looks at no entry
that it has not counted as a run. The rules of Optuna and irace are written from their
documentation, with the default settings that they publish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import special, stats

from dropsweep.analysis import POWER, Race
from dropsweep.records import Decision

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    Right = NDArray[np.int64]

_ERROR = 0.05
"""Largest chance of a wrong answer that dropsweep's race and the fixed number of seeds allow."""


class Outcome(NamedTuple):
    """One use of a rule."""

    answer: int
    """Place of the rate that it would recommend."""
    runs: int
    """Runs trained until then."""
    settled: bool
    """The rule makes its claim: with fixed seeds and in dropsweep's race, that no rate is better by
    the margin; in irace's, that one rate is left. Optuna makes none."""


def race(right: Right, val_size: int, margin: Fraction) -> Outcome:
    """``seeds: auto``; the best mean of the rates left where it has not settled after all seeds."""
    seeds, rates = right.shape
    runner = Race(range(rates), val_size, Decision(margin, auto=True, max_seeds=seeds))
    runs = 0
    while missing := runner.state().missing:
        runs += len(missing)
        for rate, seed in missing:
            runner.add(rate, seed, int(right[seed, int(rate)]))
    state = runner.state()
    if state.answer is not None:
        return Outcome(int(state.answer), runs, settled=True)
    means = right[: state.seeds].mean(axis=0)
    return Outcome(max(map(int, state.in_race), key=lambda rate: float(means[rate])), runs, False)


def seeds_needed(spread: float, margin: float, comparisons: int) -> int:
    """The fewest seeds with which a fixed number of them shows a difference of the margin.

    A paired t test, one-sided, at level .05 / ``comparisons``: the level of a test in the race of
    `race`; with a chance of .8 (noncentral t).

    Parameters
    ----------
    spread
        Standard deviation of a paired difference of two rates.
    """
    seeds = 2
    while True:
        critical = stats.t.ppf(1 - _ERROR / comparisons, seeds - 1)
        shift = margin / spread * np.sqrt(seeds)
        if 1 - special.nctdtr(seeds - 1, shift, critical) >= POWER:
            return seeds
        seeds += 1


def fixed(right: Right, seeds: int, margin: float) -> Outcome:
    """So many seeds of every rate, and the best mean.

    It is settled if paired t tests show for every other rate that it is not better by the margin.

    Parameters
    ----------
    margin
        In images.
    """
    used = right[:seeds]
    best = int(used.mean(axis=0).argmax())
    others = np.delete(used, best, axis=1)
    p = t_p(used[:, [best]] - others + margin)
    return Outcome(best, used.size, bool((p <= _ERROR / others.shape[1]).all()))


def t_p(differences: NDArray[Any]) -> NDArray[np.float64]:
    """Student's one-sided p of each column, against higher ones; 1 where all are 0."""
    seeds = len(differences)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = differences.mean(axis=0) / (differences.std(axis=0, ddof=1) / np.sqrt(seeds))
    return np.asarray(stats.t.sf(np.nan_to_num(t, nan=-np.inf), seeds - 1))


def signed_rank_p(differences: Right) -> float:
    """Wilcoxon's one-sided p that differences are symmetric about 0, against lower ones.

    Exact also with ties: the distribution of the rank sum is built one difference after another.
    Zeros are ranked, and half of each rank counts as positive.
    """
    ranks = (2 * stats.rankdata(np.abs(differences))).astype(int)
    ways = np.ones(1)
    for rank in ranks[differences != 0]:
        longer = np.zeros(len(ways) + rank)
        longer[: len(ways)] = ways
        longer[rank:] += ways
        ways = longer / 2
    return float(ways[: int(ranks[differences > 0].sum()) + 1].sum())


def wilcoxon_pruner(
    right: Right, seeds: int, order: NDArray[np.int64], threshold: float = 0.1, startup: int = 2
) -> Outcome:
    """Optuna's `WilcoxonPruner` with a trial per rate and a step per seed.

    Rates are tried one after another. After each seed a trial is compared with the best finished
    one by a one-sided signed-rank test over the seeds of both, and is given up at p below the
    threshold, unless its own mean is as high as the other's.

    Parameters
    ----------
    order
        Places of the rates in the order in which they are tried.
    """
    best, *others = map(int, order)
    runs = seeds
    for rate in others:
        for seen in range(1, seeds + 1):
            runs += 1
            mine, theirs = right[:seen, rate], right[:seen, best]
            if seen < startup or mine.mean() >= right[:seeds, best].mean():
                continue
            if signed_rank_p(mine - theirs) < threshold:
                break
        else:
            if right[:seeds, rate].mean() > right[:seeds, best].mean():
                best = rate
    return Outcome(best, runs, settled=False)


def near_best(right: Right, level: float) -> NDArray[np.bool_]:
    """Rates that Friedman's test and Conover's comparisons after it do not set apart from the best.

    Where Friedman's test rejects, these are the rates whose rank sum is within Conover's least
    significant difference of the best one's (Conover 1999, *Practical Nonparametric Statistics*,
    pages 369 to 371); otherwise all.
    """
    seeds, rates = right.shape
    ranks = stats.rankdata(-right, axis=1)
    sums = ranks.sum(axis=0)
    if not np.ptp(ranks, axis=1).any() or stats.friedmanchisquare(*right.T).pvalue >= level:
        return np.ones(rates, dtype=bool)
    freedom = (seeds - 1) * (rates - 1)
    spread = 2 * (seeds * (ranks**2).sum() - (sums**2).sum()) / freedom
    least = stats.t.ppf(1 - level / 2, freedom) * np.sqrt(spread)
    return np.asarray(sums - sums.min() <= least)


def irace_friedman(right: Right, seeds: int, first: int = 5, level: float = 0.05) -> Outcome:
    """The race of irace by ranks: from the fifth seed on, rates far from the best rank sum leave.

    Two rates are compared by the Wilcoxon test. The race ends with one rate, or after so many
    seeds; of several rates that are left then, the one with the best mean is the answer.
    """
    alive, runs = np.arange(right.shape[1]), 0
    for seen in range(1, seeds + 1):
        runs += len(alive)
        used = right[:seen, alive]
        if seen < first:
            continue
        if len(alive) > 2:
            alive = alive[near_best(used, level)]
        else:
            sides = [signed_rank_p(used[:, 1 - at] - used[:, at]) for at in (0, 1)]
            if min(sides) < level / 2:
                alive = alive[[int(np.argmin(sides))]]
        if len(alive) == 1:
            break
    best = alive[int(right[:seen, alive].mean(axis=0).argmax())]
    return Outcome(int(best), runs, len(alive) == 1)


def irace_t(right: Right, seeds: int, first: int = 5, level: float = 0.05) -> Outcome:
    """The race of irace by paired t tests, uncorrected, against the rate with the best mean.

    A rate that is at no seed better than that one leaves without a test.
    """
    alive, runs = np.arange(right.shape[1]), 0
    for seen in range(1, seeds + 1):
        runs += len(alive)
        if seen < first:
            continue
        used = right[:seen, alive]
        best = int(used.mean(axis=0).argmax())
        differences = np.delete(used[:, [best]] - used, best, axis=1)
        p = 2 * t_p(differences)
        p[(differences >= 0).all(axis=0) & differences.any(axis=0)] = 0
        alive = alive[np.insert(p >= level, best, True)]
        if len(alive) == 1:
            break
    best = int(right[:seen, alive].mean(axis=0).argmax())
    return Outcome(int(alive[best]), runs, len(alive) == 1)
