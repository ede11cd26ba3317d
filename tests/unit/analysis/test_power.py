"""How many seeds a difference takes, against published tables and against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dropsweep.analysis import MOST_SEEDS, estimate, power, seeds_needed
from dropsweep.analysis.estimate import Estimate


def seen(mean: float, sd: float | None) -> Estimate:
    """A difference that was seen."""
    return Estimate(mean, None, None, sd, 5)


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_for_cohens_effects(effect: float, pairs: int) -> None:
    """Small, medium and large effects at level .05 and power .8: Cohen's paired t test."""
    assert seeds_needed(seen(effect * 0.03, 0.03), 1) == pairs
    assert seeds_needed(seen(-effect * 0.03, 0.03), 1) == pairs


@pytest.mark.parametrize(("effect", "seeds", "level"), [(0.9, 10, 0.05), (1.2, 12, 0.05 / 6)])
def test_power_is_the_share_of_simulated_tests(effect: float, seeds: int, level: float) -> None:
    """Of 20,000 simulated paired t tests as many show the difference as the formula says."""
    draws = np.random.default_rng(3).normal(effect, 1, (20_000, seeds))
    tests = stats.ttest_1samp(draws, 0, axis=1)
    share = np.mean((tests.pvalue <= level) & (tests.statistic > 0))
    assert power(effect, seeds, level) == pytest.approx(share, abs=4 * 0.5 / 20_000**0.5)


def test_never_fewer_than_the_permutation_test_takes() -> None:
    """A difference without any noise still takes 8 seeds with six comparisons, and 6 with one."""
    assert seeds_needed(seen(0.02, 0.0), 6) == 8
    assert seeds_needed(seen(0.02, 1e-6), 6) == 8
    assert seeds_needed(seen(0.02, 0.0), 1) == 6


def test_more_comparisons_take_more_seeds() -> None:
    """Each of more rates has to be surer."""
    counts = [seeds_needed(seen(0.02, 0.02), comparisons) for comparisons in (1, 2, 6, 20)]
    assert counts == sorted(set(counts), key=lambda count: count or 0)


def test_hopeless_and_unknown() -> None:
    """A tiny difference takes more than anyone trains; no spread or no difference, no number."""
    assert seeds_needed(seen(0.0001, 0.03), 6) == MOST_SEEDS + 1
    assert seeds_needed(seen(0.0, 0.03), 6) is None
    assert seeds_needed(estimate([0.02]), 6) is None


def test_power_is_a_number_everywhere() -> None:
    """No effect and no number of seeds gives NaN, which would end the search anywhere."""
    found = [
        power(10.0**exponent, seeds, 0.05 / 6)
        for exponent in range(-4, 4)
        for seeds in (2, 3, 10, 100, 300, 1000)
    ]
    assert all(0 <= each <= 1 for each in found)
