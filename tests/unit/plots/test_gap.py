"""The figure of the generalization gap, by what is on it."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.analysis import summarize
from tests.factories import RATES, make_record, make_spec, make_sweep
from tests.unit.plots.drawn import figure_of, figure_or_none


@pytest.mark.parametrize("seeds", [1, 5])
def test_points_are_training_minus_validation(seeds: int) -> None:
    """One point a rate, on a line; seeds are dots beside them, where there are several."""
    records = make_sweep(seeds=seeds)
    figure = figure_of("gap", records)
    assert figure is not None
    (axes,) = figure.axes
    (means,) = axes.containers
    expected = [each.gap.mean for each in summarize(records) if each.gap is not None]
    np.testing.assert_array_equal(means[0].get_xydata(), np.transpose([RATES, expected]))
    dots = [line for line in axes.lines if line.get_marker() == "."]
    values = [
        record.history.train_accuracy[-1] - record.history.val_accuracy[-1]
        for rate in RATES
        for record in records
        if record.spec.rate == rate
    ]
    assert [list(np.asarray(line.get_ydata())) for line in dots] == [values] * (seeds > 1)


def test_bars_are_the_intervals_and_the_legend_says_so() -> None:
    """A bar spans the 95 % interval of the mean gap."""
    records = make_sweep([0.5, 0.9], 3)
    figure = figure_of("gap", records)
    assert figure is not None
    (means,) = figure.axes[0].containers
    ends = [(each.gap.low, each.gap.high) for each in summarize(records) if each.gap is not None]
    bars = [tuple(each[:, 1]) for each in means[2][0].get_segments()]
    np.testing.assert_allclose(bars, ends)  # type: ignore[arg-type] # three seeds have an interval
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["one seed", "gap, 95 % interval"]
    assert "1,000 validation images, 3 seeds" in figure.get_suptitle()


def test_a_negative_gap_is_seen() -> None:
    """Validation may be above training; zero is marked."""
    figure = figure_of("gap", [make_record(make_spec(), train=0.2, val=0.5)])
    assert figure is not None
    assert figure.axes[0].get_ylim()[0] < -0.3
    assert any(list(np.asarray(line.get_ydata())) == [0, 0] for line in figure.axes[0].lines)


def test_diverged_runs_are_crosses() -> None:
    """They have no gap, and are not forgotten."""
    figure = figure_of("gap", [make_record(make_spec(0.5)), make_record(make_spec(0.9), points=3)])
    assert figure is not None
    (cross,) = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
    assert list(np.asarray(cross.get_xdata())) == [0.9]
    assert figure_or_none("gap", [make_record(make_spec(), points=3)]) is None
