"""The smallest difference that seeds can show, against scipy's noncentral t."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from dropsweep.analysis import detectable_difference, find, usual_spread
from tests.factories import make_runs


@pytest.mark.parametrize(
    ("seeds", "difference"),
    [(6, 0.042), (8, 0.025), (10, 0.021), (15, 0.015), (20, 0.013), (30, 0.010), (50, 0.008)],
)
def test_the_published_differences(seeds: int, difference: float) -> None:
    """A spread of .015 and six comparisons."""
    found = detectable_difference(seeds, 6, 0.015)
    assert found is not None
    assert round(found, 3) == difference


@pytest.mark.parametrize(("seeds", "comparisons"), [(7, 1), (8, 6), (20, 12), (60, 600)])
def test_the_power_is_that_of_the_noncentral_t(seeds: int, comparisons: int) -> None:
    """Two-sided, at .05 over the comparisons: .8, by scipy's distribution."""
    found = detectable_difference(seeds, comparisons, 0.02)
    assert found is not None
    critical = stats.t.isf(0.025 / comparisons, seeds - 1)
    shift = found * math.sqrt(seeds) / 0.02
    assert stats.nct.sf(critical, seeds - 1, shift) == pytest.approx(0.8, abs=1e-6)


def test_fewer_than_six_seeds_show_nothing() -> None:
    """Two of 2^5 sign patterns are more than .05."""
    assert detectable_difference(5, 1, 0.01) is None
    assert detectable_difference(8, 0, 0.01) is None


@pytest.mark.parametrize(("images", "spread"), [(1000, 0.0181), (4000, 0.0136), (10000, 0.0125)])
def test_the_usual_spread_is_the_experiments(images: int, spread: float) -> None:
    """The root mean square over rates .25 to .9 of the seed experiment."""
    assert usual_spread(images) == pytest.approx(spread, abs=1e-4)


def test_the_spread_found_is_pooled_over_the_rates() -> None:
    """Two rates with deviations .01 and .02, eight seeds each: the root of their mean square."""
    signs = [1, -1] * 4
    vals = {
        rate: [0.3 + sign * images / 1000 for sign in signs]
        for rate, images in ((0.0, 0), (0.25, 10), (0.5, 20))
    }
    spread = math.sqrt((0.01**2 + 0.02**2) / 2 * 8 / 7)
    (result,) = find(make_runs(vals)).settings.values()
    assert result.detectable == pytest.approx(detectable_difference(8, 2, spread))
