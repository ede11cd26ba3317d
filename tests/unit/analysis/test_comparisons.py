"""Paired differences and their p, against scipy called directly and against hand-worked numbers."""

from __future__ import annotations

import statistics
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from dropsweep.analysis import differences, find, format_p
from dropsweep.records import Decision
from tests.factories import RATES, make_record, make_runs, make_spec, make_sweep

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def test_differences_worked_by_hand() -> None:
    """.02, .03, .01: mean .02, s.e. .01 / sqrt(3), t(2) = 4.303; 2 of 8 patterns are as extreme."""
    (found,) = differences(make_runs({0.0: [0.3, 0.31, 0.32], 0.5: [0.32, 0.34, 0.33]}))
    assert (found.rate, found.baseline, found.seeds) == (0.5, 0.0, (0, 1, 2))
    assert found.values == (0.02, 0.03, 0.01)
    assert found.estimate.mean == 0.02
    assert found.estimate.sd == pytest.approx(0.01)
    half = 4.302652729911275 * 0.01 / 3**0.5
    assert (found.estimate.low, found.estimate.high) == pytest.approx((0.02 - half, 0.02 + half))
    assert (found.p, found.p_corrected) == (0.25, 0.25)


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


def test_one_seed_is_a_difference_without_p() -> None:
    """Nothing can be tested with one pair."""
    (found,) = differences(make_runs({0.0: [0.3], 0.5: [0.33]}))
    assert (found.values, found.p, found.p_corrected) == ((0.03,), None, None)
    assert not found.is_more_than_noise


def test_only_seeds_of_both_rates_are_paired() -> None:
    """A seed that diverged or is missing at one rate is left out; without any there is nothing."""
    (found,) = differences(make_runs({0.0: [0.3, 0.31, 0.32], 0.5: [0.32, 0.34, None]}))
    assert found.seeds == (0, 1)
    alone = [make_record(make_spec(0.0, 0)), make_record(make_spec(0.5, 1))]
    assert differences(alone) == []


def test_the_baseline_is_the_lowest_rate_that_finished() -> None:
    """Rate 0 where there is one; where all its runs diverged, the next."""
    records = make_runs({0.0: [None], 0.25: [0.3], 0.5: [0.31]})
    assert [(each.rate, each.baseline) for each in differences(records)] == [(0.5, 0.25)]


def test_settings_have_baselines_of_their_own_and_one_correction() -> None:
    """Each setting is compared with its own lowest rate; p is corrected for all settings."""
    records = make_sweep([0.0, 0.25, 0.5], 6) + make_sweep([0.0, 0.5], 6, train_size=100)
    found = differences(records)
    assert [(dict(each.setting)["dataset.train_size"], each.rate) for each in found] == [
        (100, 0.5),
        (500, 0.25),
        (500, 0.5),
    ]
    alone = differences(make_sweep([0.0, 0.5], 6, train_size=100))
    assert alone[0].p == found[0].p == alone[0].p_corrected
    assert found[0].p_corrected is not None
    assert found[0].p is not None
    assert found[0].p_corrected >= found[0].p


def test_rivals_are_differences_to_the_chosen_rate() -> None:
    """Every other rate of the chosen setting, with the choice as baseline."""
    records = make_runs(
        {0.5: [0.32, 0.33, 0.34], 0.0: [0.30, 0.31, 0.32], 0.25: [0.33, 0.31, 0.32]}
    )
    records += make_runs({0.25: [0.2, 0.2]}, train_size=100)
    findings = find(records)
    assert findings.choice is not None
    assert findings.choice.rate == 0.5
    assert [(each.rate, each.baseline) for each in findings.rivals] == [(0.0, 0.5), (0.25, 0.5)]
    assert findings.rivals[0].values == (-0.02, -0.02, -0.02)


@pytest.mark.parametrize(("p_corrected", "shown"), [(0.05, True), (0.051, False), (None, False)])
def test_the_level_itself_is_reached(p_corrected: float | None, shown: bool) -> None:
    """A corrected p of .05 is enough; a loss is never a gain."""
    (found,) = differences(make_runs({0.0: [0.3], 0.5: [0.33]}))
    assert replace(found, p_corrected=p_corrected).is_more_than_noise == shown
    assert replace(found, p_corrected=p_corrected).is_gain == shown
    loss = replace(found, p_corrected=p_corrected, estimate=replace(found.estimate, mean=-0.03))
    assert not loss.is_gain


def results(of_rates: dict[float, list[int]]) -> list[RunRecord]:
    """Runs with so many of 1000 validation images right, of seeds 0, 1, ..."""
    return make_runs({rate: [each / 1000 for each in right] for rate, right in of_rates.items()})


def test_the_rates_that_may_be_best() -> None:
    """A rate that loses in each of six seeds is left out; with four seeds none is."""
    right = {
        0.0: [300, 305, 310, 290, 295, 300],
        0.25: [330, 345, 340, 325, 320, 331],
        0.5: [335, 340, 338, 330, 325, 328],
    }
    (result,) = find(results(right)).settings.values()
    assert result.may_be_best == (0.25, 0.5)
    four = {rate: each[:4] for rate, each in right.items()}
    (result,) = find(results(four)).settings.values()
    assert result.may_be_best == (0.0, 0.25, 0.5)


def test_the_chosen_rate_may_always_be_best() -> None:
    """The rate of the highest mean, with all rates sharing their seeds, is never left out."""
    for seed in range(30):
        rng = np.random.default_rng(seed)
        right = rng.normal(300, 15, (4, 7)).round().astype(int).tolist()
        found = find(results(dict(zip((0.0, 0.25, 0.5, 0.75), right, strict=True))))
        assert found.choice is not None
        assert found.choice.rate in found.settings[()].may_be_best


def test_equal_within_the_margin() -> None:
    """The 90 % t interval of the difference lies inside the margin, as scipy finds it."""
    base = [300, 310, 305, 296, 302, 307]
    close = [303, 308, 305, 299, 301, 309]
    records = results({0.0: base, 0.25: close, 0.5: [each - 8 for each in base]})
    for margin in (Fraction(1, 1000), Fraction(1, 200), Fraction(1, 100)):
        found = find(records, Decision(margin=margin))
        assert found.chosen is not None
        expected = []
        for rival in found.rivals:
            ends = stats.ttest_1samp(rival.values, 0).confidence_interval(0.9)
            if max(-float(ends.low), float(ends.high)) < margin:
                expected.append(rival.rate)
        assert found.chosen.equivalent == tuple(expected)
        assert (0.0 in expected) == (margin >= Fraction(1, 200))


def test_one_seed_is_equal_to_nothing() -> None:
    """Without a spread there is no interval, however close the rates are."""
    (result,) = find(results({0.0: [300], 0.5: [300]})).settings.values()
    assert (result.equivalent, result.may_be_best) == ((), (0.0, 0.5))


def test_p_in_words() -> None:
    """Three decimals, or a bound."""
    assert (format_p(0.0123), format_p(0.0123, ""), format_p(0.0001)) == (
        "= 0.012",
        "0.012",
        "< 0.001",
    )
    assert format_p(None) == "-"
