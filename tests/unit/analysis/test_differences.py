"""Paired differences and their p, against scipy called directly and against hand-worked numbers."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dropsweep import analysis
from dropsweep.analysis import differences, find, holm, sign_flip_p, smallest_p
from tests.factories import RATES, make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def pairs(rate: float, vals: list[float], *, train_size: int = 500) -> list[RunRecord]:
    """A run a validation accuracy, of seeds 0, 1, ..."""
    return [
        make_record(make_spec(rate, seed, train_size=train_size), val=val)
        for seed, val in enumerate(vals)
    ]


def test_differences_worked_by_hand() -> None:
    """.02, .03, .01: mean .02, s.e. .01 / sqrt(3), t(2) = 4.303; 2 of 8 patterns are as extreme."""
    (found,) = differences([*pairs(0.0, [0.3, 0.31, 0.32]), *pairs(0.5, [0.32, 0.34, 0.33])])
    assert (found.rate, found.baseline, found.seeds) == (0.5, 0.0, (0, 1, 2))
    assert found.values == (0.02, 0.03, 0.01)
    assert found.estimate.mean == 0.02
    assert found.estimate.sd == pytest.approx(0.01)
    half = 4.302652729911275 * 0.01 / 3**0.5
    assert (found.estimate.low, found.estimate.high) == pytest.approx((0.02 - half, 0.02 + half))
    assert (found.p, found.p_holm) == (0.25, 0.25)


def test_sign_flips_worked_by_hand() -> None:
    """1, -1, 3 sum to 3; of the sums +-5, +-3, +-3, +-1 six of eight are as extreme."""
    assert sign_flip_p([[0.01, -0.01, 0.03], [0.01, 0.01, 0.01]]) == [0.75, 0.25]


@given(st.lists(st.integers(-80, 80), min_size=2, max_size=8))
def test_sign_flips_are_all_enumerated(images: list[int]) -> None:
    """The exact share of the 2^n patterns, ties among them, in whole images."""
    sums = [
        abs(sum(sign * each for sign, each in zip(signs, images, strict=True)))
        for signs in itertools.product((-1, 1), repeat=len(images))
    ]
    share = sum(each >= abs(sum(images)) for each in sums) / len(sums)
    (found,) = sign_flip_p([[round(each / 1000, 12) for each in images]])
    assert found == pytest.approx(min(1.0, share))


def test_p_and_interval_are_scipys() -> None:
    """Ten seeds of the seven-rate sweep: as scipy gives them, called for one rate at a time."""
    records = make_sweep(seeds=10)
    val = {(r.spec.rate, r.spec.seed): r.history.val_accuracy[-1] for r in records}
    found = differences(records)
    assert [each.rate for each in found] == list(RATES[1:])
    for each in found:
        paired = [val[each.rate, seed] - val[0.0, seed] for seed in range(10)]
        exact = stats.permutation_test(
            (np.round(paired, 12),), np.mean, permutation_type="samples", n_resamples=2**10
        )
        assert each.p == exact.pvalue
        ends = stats.ttest_1samp(paired, 0).confidence_interval(0.95)
        assert (each.estimate.low, each.estimate.high) == pytest.approx(ends)
        assert each.estimate.sd == pytest.approx(statistics.stdev(paired))


def test_many_seeds_are_drawn_the_same_every_time() -> None:
    """Beyond 13 seeds patterns are drawn at random, from a stream of their own."""
    series = [list(np.random.default_rng(5).normal(0.01, 0.03, 20))]
    (found,) = sign_flip_p(series)
    assert sign_flip_p(series) == [found]
    assert found == pytest.approx(stats.ttest_1samp(series[0], 0).pvalue, abs=0.03)


def test_holm_worked_by_hand() -> None:
    """.005 x 4, .01 x 3, .03 x 2, and .04 x 1 raised to the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.4, 0.3]) == [0.6, 0.6]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_lies_below_bonferroni(p_values: list[float]) -> None:
    """Corrected p are no smaller than raw ones, ordered as they are, and at most m p."""
    corrected = holm(p_values)
    for (raw, found), (other, beside) in itertools.product(zip(p_values, corrected), repeat=2):  # noqa: B905 of one length by what is tested
        assert raw <= found <= min(1.0, len(p_values) * raw) or found == 1.0
        assert beside <= found if other < raw else True


@pytest.mark.parametrize(
    ("seeds", "comparisons", "smallest"),
    [(3, 1, 0.25), (5, 1, 0.0625), (6, 1, 0.03125), (8, 6, 0.046875), (7, 6, 0.09375), (1, 1, 1)],
)
def test_the_smallest_p_is_reached_where_all_seeds_agree(
    seeds: int, comparisons: int, smallest: float
) -> None:
    """The published floors; records whose seeds all gain reach them, and none goes below."""
    assert smallest_p(seeds, comparisons) == smallest
    if seeds > 1:
        records = pairs(0.0, [0.3] * seeds)
        for rate in range(comparisons):
            records += pairs(0.1 + rate / 10, [0.31 + 0.001 * seed for seed in range(seeds)])
        assert {each.p_holm for each in differences(records)} == {smallest}


def test_eight_seeds_are_the_fewest_for_seven_rates() -> None:
    """With Holm over six comparisons .05 takes 8 seeds; over one it takes 6."""
    assert analysis.fewest_seeds(6) == 8
    assert analysis.fewest_seeds(1) == 6


def test_one_seed_is_a_difference_without_p() -> None:
    """Nothing can be tested with one pair."""
    (found,) = differences([*pairs(0.0, [0.3]), *pairs(0.5, [0.33])])
    assert (found.values, found.p, found.p_holm) == ((0.03,), None, None)
    assert not found.is_more_than_noise


def test_only_seeds_of_both_rates_are_paired() -> None:
    """A seed that diverged or is missing at one rate is left out; without any there is nothing."""
    records = [*pairs(0.0, [0.3, 0.31, 0.32]), *pairs(0.5, [0.32, 0.34])]
    records.append(make_record(make_spec(0.5, 2), points=2))
    (found,) = differences(records)
    assert found.seeds == (0, 1)
    alone = [make_record(make_spec(0.0, 0)), make_record(make_spec(0.5, 1))]
    assert differences(alone) == []


def test_the_baseline_is_the_lowest_rate_that_finished() -> None:
    """Rate 0 where there is one; where all its runs diverged, the next."""
    records = [make_record(make_spec(0.0), points=1), *pairs(0.25, [0.3]), *pairs(0.5, [0.31])]
    assert [(each.rate, each.baseline) for each in differences(records)] == [(0.5, 0.25)]


def test_settings_have_baselines_of_their_own_and_one_correction() -> None:
    """Each setting is compared with its own lowest rate; Holm counts all settings' comparisons."""
    records = make_sweep([0.0, 0.25, 0.5], 6) + make_sweep([0.0, 0.5], 6, train_size=100)
    found = differences(records)
    assert [(dict(each.setting)["dataset.train_size"], each.rate) for each in found] == [
        (100, 0.5),
        (500, 0.25),
        (500, 0.5),
    ]
    assert [each.p_holm for each in found] == holm([each.p for each in found if each.p is not None])


def test_rivals_are_differences_to_the_chosen_rate() -> None:
    """Every other rate of the chosen setting, the choice as baseline, tested as ever."""
    records = [*pairs(0.5, [0.32, 0.33, 0.34]), *pairs(0.0, [0.30, 0.31, 0.32])]
    records += pairs(0.25, [0.33, 0.31, 0.32]) + pairs(0.25, [0.2, 0.2], train_size=100)
    findings = find(records)
    assert findings.choice is not None
    assert findings.choice.rate == 0.5
    assert [(each.rate, each.baseline) for each in findings.rivals] == [(0.0, 0.5), (0.25, 0.5)]
    assert findings.rivals[0].values == (-0.02, -0.02, -0.02)
    assert [each.p for each in findings.rivals] == [0.25, 0.5]
    assert [each.p_holm for each in findings.rivals] == [0.5, 0.5]


@pytest.mark.parametrize(("p_holm", "shown"), [(0.05, True), (0.051, False), (None, False)])
def test_the_level_itself_is_reached(p_holm: float | None, shown: bool) -> None:
    """A corrected p of .05 is enough; a loss is never a gain."""
    (found,) = differences([*pairs(0.0, [0.3]), *pairs(0.5, [0.33])])
    assert replace(found, p_holm=p_holm).is_more_than_noise == shown
    assert replace(found, p_holm=p_holm).is_gain == shown
    loss = replace(found, p_holm=p_holm, estimate=replace(found.estimate, mean=-0.03))
    assert not loss.is_gain
