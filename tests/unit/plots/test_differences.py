"""The figure of paired differences, by what is on it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dropsweep import analysis
from dropsweep.plots.differences import differences
from tests.factories import RATES, make_record, make_spec, make_sweep


def test_each_rate_has_its_mean_interval_and_seeds() -> None:
    """At equal distances, named by the axis; the baseline is the zero line."""
    records = make_sweep(seeds=5)
    found = analysis.differences(records)
    figure = differences(records)
    assert figure is not None
    axes = figure.axes[0]
    (means,) = axes.containers
    places = range(len(RATES) - 1)
    np.testing.assert_array_equal(
        means[0].get_xydata(), np.transpose([places, [each.estimate.mean for each in found]])
    )
    bars = [tuple(each[:, 1]) for each in means[2][0].get_segments()]
    ends = [(each.estimate.low, each.estimate.high) for each in found]
    np.testing.assert_allclose(bars, ends)  # type: ignore[arg-type] # five seeds have an interval
    (dots,) = [line for line in axes.lines if line.get_marker() == "."]
    assert list(np.asarray(dots.get_ydata())) == [one for each in found for one in each.values]
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        f"{rate:.2f}" for rate in RATES[1:]
    ]
    zero = axes.lines[0]
    assert (list(np.asarray(zero.get_ydata())), zero.get_label()) == ([0, 0], "baseline: rate 0.00")


def test_what_is_said() -> None:
    """Baseline, images, seeds, and what bars and dots are."""
    figure = differences(make_sweep([0.25, 0.5], 4))
    assert figure is not None
    assert figure.get_suptitle().splitlines() == [
        "Final validation accuracy minus that of rate 0.25",
        "CIFAR-10, 500 training and 1,000 validation images, 4 seeds",
    ]
    (legend,) = figure.legends
    assert sorted(text.get_text() for text in legend.get_texts()) == [
        "baseline: rate 0.25",
        "mean over seeds, 95 % interval",
        "one seed, paired",
    ]


def test_every_rate_has_its_corrected_p() -> None:
    """Holm's, not the single test's, in two digits."""
    records = make_sweep([0.0, 0.5, 0.99], 8)
    figure = differences(records)
    assert figure is not None
    (above,) = figure.axes[0].child_axes
    shown = [float(label.get_text().strip("< ")) for label in above.get_xticklabels()]
    corrected = [each.p_holm for each in analysis.differences(records)]
    assert shown == pytest.approx(corrected, rel=0.05)
    assert corrected != [each.p for each in analysis.differences(records)]
    assert "Holm" in above.get_xlabel()


def test_one_seed_has_neither_p_nor_interval() -> None:
    """A single difference says nothing of its own uncertainty."""
    figure = differences(make_sweep([0.0, 0.5]))
    assert figure is not None
    assert figure.axes[0].child_axes == []
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["baseline: rate 0.00", "one seed"]


def test_one_rate_no_figure() -> None:
    """Nor where the other rates diverged."""
    assert differences(make_sweep([0.5], 3)) is None
    assert differences([make_record(make_spec(0)), make_record(make_spec(0.5), points=2)]) is None


@pytest.mark.parametrize("count", [7, 12, 13, 40])
def test_labels_stand_apart(count: int) -> None:
    """However many rates there are, neither their names nor their p touch."""
    figure = differences(make_sweep([at / count for at in range(count)], 2, epochs=1))
    assert figure is not None
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for of in (axes, axes.child_axes[0]):
        boxes = [label.get_window_extent() for label in of.get_xticklabels()]
        assert len(boxes) == count - 1
        assert all(left.x1 <= right.x0 for left, right in pairwise(boxes))
