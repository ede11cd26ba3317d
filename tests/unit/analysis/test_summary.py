"""Means and choices, against numbers worked out by hand."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import pytest

from dropsweep import analysis
from dropsweep.analysis import estimate, select, summarize
from tests.factories import RATES, make_record, make_runs, make_spec, make_sweep

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def test_summary_averages_the_last_epoch() -> None:
    """Train, validation, gap and test are means over the seeds of a rate."""
    records = [
        make_record(make_spec(0.5, 1), train=0.94, val=0.32, test=0.31),
        make_record(make_spec(0.5, 0), train=0.96, val=0.30, test=0.29),
    ]
    (summary,) = summarize(records)
    assert (summary.setting, summary.rate, summary.runs, summary.diverged) == ((), 0.5, 2, 0)
    assert summary.seeds == (0, 1)
    assert summary.train is not None
    assert summary.val is not None
    assert summary.gap is not None
    assert summary.test is not None
    assert summary.train.mean == pytest.approx(0.95)
    assert summary.val.mean == pytest.approx(0.31)
    assert summary.gap.mean == pytest.approx(0.64)
    assert summary.test.mean == pytest.approx(0.30)
    # seed by seed .66 and .62: the gap's spread is its own, not that of its parts
    assert summary.gap.sd == pytest.approx(0.04 / math.sqrt(2))


def test_order_of_records_changes_nothing() -> None:
    """Summaries and curves come by rate and seed, whichever run finished first."""
    records = make_sweep(seeds=3, epochs=2)
    shuffled = records[1::2] + records[::-2]
    assert sorted(map(id, shuffled)) == sorted(map(id, records))
    assert summarize(shuffled) == summarize(records)
    assert analysis.curves(shuffled) == analysis.curves(records)
    assert [summary.rate for summary in summarize(shuffled)] == list(RATES)


def test_other_settings_are_never_averaged() -> None:
    """Runs of other epochs are another setting, even where rate and seed agree."""
    records = make_sweep([0.5], epochs=10) + make_sweep([0.5], epochs=9)
    assert [(each.setting, each.runs) for each in summarize(records)] == [
        ((("training.epochs", 9),), 1),
        ((("training.epochs", 10),), 1),
    ]
    assert [len(curve.epochs) for curve in analysis.curves(records)] == [10, 11]


def test_diverged_runs_are_counted_and_not_averaged() -> None:
    """A diverged run shows in the counts and in no mean."""
    records = [*make_runs({0.5: [0.3, None]}), make_record(make_spec(0.9), points=0)]
    half, most = summarize(records)
    assert (half.runs, half.diverged, half.seeds) == (2, 1, (0,))
    assert half.val == estimate([0.3])
    assert (most.runs, most.diverged, most.train, most.val) == (1, 1, None, None)
    assert (most.gap, most.test) == (None, None)


def test_select_takes_the_highest_mean_validation_accuracy() -> None:
    """Validation chooses; test accuracy is only reported, at what it chose."""
    records = [
        make_record(make_spec(0.0, 0), val=0.30, test=0.40),
        make_record(make_spec(0.5, 0), val=0.33, test=0.28),
        make_record(make_spec(0.5, 1), val=0.31, test=0.30),
        make_record(make_spec(0.9, 0), points=3, test=0.9),
    ]
    choice = select(summarize(records))
    assert choice is not None
    assert choice.rate == 0.5
    assert choice.val == estimate([0.33, 0.31])
    assert choice.test is not None
    over_seeds = estimate([0.28, 0.30])
    assert (choice.test.mean, choice.test.sd) == (over_seeds.mean, over_seeds.sd)
    assert over_seeds.high is not None
    half = ((over_seeds.high - 0.29) ** 2 + 1.959964**2 * 0.29 * 0.71 / 1000) ** 0.5
    assert choice.test.high == pytest.approx(0.29 + half)


def test_select_prefers_the_lowest_rate_among_equals() -> None:
    """Equal means choose the lowest rate, also where their last bits differ."""
    ends = {0.25: (0.280, 0.282, 0.282), 0.75: (0.280, 0.280, 0.284)}
    records = make_runs(ends)
    low, high = summarize(records)
    assert low.val is not None
    assert high.val is not None
    assert statistics.fmean(ends[0.25]) < statistics.fmean(ends[0.75])  # by one bit
    assert low.val.mean == high.val.mean
    for summaries in ([low, high], [high, low]):
        choice = select(summaries)
        assert choice is not None
        assert choice.rate == 0.25


def test_select_names_the_setting() -> None:
    """A choice among several settings says which setting it is."""
    records = [
        make_record(make_spec(0.5, train_size=100), val=0.25),
        make_record(make_spec(0.5, train_size=500), val=0.32, test=None),
    ]
    choice = select(summarize(records))
    assert choice is not None
    assert choice.setting == (("dataset.train_size", 500),)
    assert choice.test is None


@pytest.mark.parametrize("records", [[], [make_record(make_spec(), points=2)]])
def test_nothing_to_select(records: list[RunRecord]) -> None:
    """Without a finished run there is no choice."""
    assert select(summarize(records)) is None
