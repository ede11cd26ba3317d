"""Exact sign-flip tests, against enumeration and scipy called directly."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dropsweep.analysis import FEWEST_SEEDS, SIGNIFICANCE, sign_flip_p, smallest_p
from dropsweep.analysis.sign_flips import better_p, joint_p

IMAGES = st.lists(st.integers(-80, 80), min_size=1, max_size=9)


def patterns(seeds: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Every row of +-1."""
    return np.array(list(itertools.product((-1, 1), repeat=seeds)))


def test_sign_flips_worked_by_hand() -> None:
    """1, -1, 3 sum to 3; of the sums +-5, +-3, +-3, +-1 six of eight are as extreme."""
    assert sign_flip_p([10, -10, 30]) == 0.75
    assert sign_flip_p([10, 10, 10]) == 0.25
    assert sign_flip_p([10, -10]) == 1
    assert sign_flip_p([0, 0, 0]) == 1


@given(IMAGES)
def test_sign_flips_are_all_counted(images: list[int]) -> None:
    """The exact share of the 2^n patterns, ties among them."""
    sums = abs(patterns(len(images)) @ images)
    assert sign_flip_p(images) == (sums >= abs(sum(images))).mean()


@pytest.mark.parametrize("seeds", range(2, 14))
def test_p_is_scipys_exact_one(seeds: int) -> None:
    """To 13 seeds, as scipy enumerates them."""
    images = np.random.default_rng(seeds).integers(-30, 60, seeds)
    exact = stats.permutation_test(
        (images.astype(float),), np.mean, permutation_type="samples", n_resamples=2**seeds
    )
    assert sign_flip_p(images.tolist()) == exact.pvalue


@given(IMAGES, st.integers(0, 8), st.integers(1, 50))
def test_p_falls_as_any_difference_grows(images: list[int], at: int, more: int) -> None:
    """Of a positive sum: no difference can grow and make p larger."""
    if sum(images) > 0:
        larger = list(images)
        larger[at % len(images)] += more
        assert sign_flip_p(larger) <= sign_flip_p(images)


def test_many_seeds_are_exact() -> None:
    """Sixty equal gains: two of 2^60 patterns."""
    assert sign_flip_p([7] * 60) == pytest.approx(2.0**-59)
    drawn = np.random.default_rng(5).normal(10, 30, 80).round().astype(int)
    t_test = stats.ttest_1samp(drawn, 0).pvalue
    assert sign_flip_p(drawn.tolist()) == pytest.approx(t_test, rel=0.3)


def naive_joint_p(d: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[float]:
    """Step-down max-T by its definition: one comparison after another, the most extreme first."""
    d = np.nan_to_num(d)
    size = np.sqrt((d**2).sum(axis=0))
    size[size == 0] = np.inf
    observed = abs(d.sum(axis=0)) / size
    flipped = abs(patterns(len(d)) @ d) / size
    left = list(range(d.shape[1]))
    found, highest = [0.0] * len(left), 0.0
    while left:
        first = max(left, key=lambda each: observed[each])
        share = (flipped[:, left].max(axis=1) >= observed[first] - 1e-9).mean()
        highest = found[first] = max(highest, float(share))
        left.remove(first)
    return found


@given(st.integers(1, 8), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_joint_p_is_step_down_max_t(seeds: int, comparisons: int, stream: int) -> None:
    """With missing pairs and comparisons without any difference."""
    rng = np.random.default_rng(stream)
    d = rng.integers(-12, 20, (seeds, comparisons)).astype(float)
    d[rng.random(d.shape) < 0.1] = np.nan
    d[:, rng.random(comparisons) < 0.1] = 0
    d[0] = rng.integers(-12, 20, comparisons)
    kept = d[~np.isnan(d).all(axis=1)]
    assert joint_p(d).tolist() == naive_joint_p(kept)


@given(st.integers(1, 8), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_better_p_is_one_sided_max_t(seeds: int, rates: int, stream: int) -> None:
    """For each rate, all differences taken to it, as the definition says."""
    rng = np.random.default_rng(stream)
    right = rng.integers(280, 300, (seeds, rates)).astype(float)
    expected = []
    for rate in range(rates):
        d = np.delete(right, rate, axis=1) - right[:, [rate]]
        size = np.sqrt((d**2).sum(axis=0))
        size[size == 0] = np.inf
        observed = (d.sum(axis=0) / size).max()
        flipped = (patterns(seeds) @ d / size).max(axis=1)
        expected.append(float((flipped >= observed - 1e-9).mean()))
    assert better_p(right).tolist() == expected


def test_the_corrected_p_of_one_comparison_is_its_exact_p() -> None:
    """By the two ways to count; above 16 seeds by a draw of 99,999 that is always the same."""
    rng = np.random.default_rng(3)
    for seeds in (6, 12, 16):
        images = rng.integers(-20, 40, seeds)
        (found,) = joint_p(images[:, None].astype(float))
        assert found == sign_flip_p(images.tolist())
    images = rng.integers(-20, 30, 25)
    (found,) = joint_p(images[:, None].astype(float))
    assert found == joint_p(images[:, None].astype(float))[0]
    exact = sign_flip_p(images.tolist())
    assert abs(found - exact) < 4 * (exact * (1 - exact) / 1e5) ** 0.5 + 1e-5


@pytest.mark.parametrize(("seeds", "smallest"), [(1, 1), (3, 0.25), (6, 0.03125), (17, 1e-5)])
def test_the_smallest_p_is_reached_where_all_seeds_agree(seeds: int, smallest: float) -> None:
    """For any number of comparisons, and six seeds are the first that can show something."""
    assert smallest_p(seeds) == smallest
    images = np.outer(np.full(seeds, 10.0), [1, 1, 1])
    assert joint_p(images).max() <= smallest + (2e-5 if seeds > 16 else 0)
    assert smallest_p(FEWEST_SEEDS) <= SIGNIFICANCE < smallest_p(FEWEST_SEEDS - 1)


def test_thirty_seeds_take_little_memory() -> None:
    """The patterns are worked on in blocks."""
    right = np.random.default_rng(1).normal(3000, 60, (30, 7)).round()
    tracemalloc.start()
    better_p(right)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30e6
