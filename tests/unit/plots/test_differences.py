"""The figure of paired differences, by what is on it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep import analysis
from dropsweep.analysis import format_p
from dropsweep.plots import differences as module
from dropsweep.plots import drawings
from tests.factories import RATES, make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dropsweep.records import RunRecord


def differences(records: list[RunRecord]) -> Figure | None:
    """The figure of a sweep of one setting."""
    return module.differences(records, (), analysis.differences(records))


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
    """Corrected, not the single test's."""
    records = make_sweep([0.0, 0.5, 0.99], 8)
    figure = differences(records)
    assert figure is not None
    (above,) = figure.axes[0].child_axes
    shown = [float(label.get_text().strip("< ")) for label in above.get_xticklabels()]
    corrected = [each.p_corrected for each in analysis.differences(records)]
    assert shown == pytest.approx(corrected, rel=0.05)
    assert corrected != [each.p for each in analysis.differences(records)]
    assert "corrected" in above.get_xlabel()


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ((0.0, 0.5), "3 seeds cannot give a p below 0.25; 6 are needed"),
        (RATES, "3 seeds cannot give a p below 0.25; 6 are needed"),
    ],
)
def test_where_no_p_could_be_small_it_is_that_which_is_said(
    rates: tuple[float, ...], said: str
) -> None:
    """A row of p that all are 1 would look like an answer; one seed more in each can change it."""
    figure = differences(make_sweep(rates, 3))
    assert figure is not None
    assert figure.axes[0].get_title() == said
    assert figure.axes[0].child_axes == []
    enough = differences(make_sweep(rates, 6))
    assert enough is not None
    assert enough.axes[0].get_title() == ""
    assert len(enough.axes[0].child_axes) == 1


def test_one_rate_with_enough_seeds_has_its_p() -> None:
    """Although another has only two."""
    records = [each for each in make_sweep((0.0, 0.5, 0.9), 8)
               if each.spec.rate < 0.9 or each.spec.seed < 2]  # fmt: skip
    figure = differences(records)
    assert figure is not None
    assert figure.axes[0].get_title() == ""
    assert len(figure.axes[0].child_axes) == 1


def test_p_is_that_of_the_sweep_s_table() -> None:
    """Corrected for the comparisons of every setting, though the figure shows one of them."""
    records = [*make_sweep([0.0, 0.5, 0.99], 9), *make_sweep([0.0, 0.25, 0.9], 9, train_size=200)]
    in_table = {
        each.setting: [format_p(one.p_corrected, "") for one in analysis.differences(records)
                    if one.setting == each.setting]
        for each in analysis.differences(records)
    }  # fmt: skip
    found = drawings(records, names=["differences"])
    assert len(found) == 2
    for drawing in found:
        figure = drawing.make()
        assert figure is not None
        labels = figure.axes[0].child_axes[0].get_xticklabels()
        assert [label.get_text() for label in labels] == in_table[drawing.setting]
    alone = analysis.differences(records[:27])
    assert in_table[found[1].setting] != [format_p(each.p_corrected, "") for each in alone]
    more = [*records, *make_sweep([0.0, 0.1, 0.3], 9, train_size=300)]
    again = drawings(more, names=["differences"])
    assert not {each.digest for each in found} & {each.digest for each in again}


def test_p_are_written_as_in_the_table() -> None:
    """Three decimals, whatever the number: the same p is never read as two."""
    records = make_sweep([0.0, 0.5, 0.99], 8)
    figure = differences(records)
    assert figure is not None
    shown = [label.get_text() for label in figure.axes[0].child_axes[0].get_xticklabels()]
    assert shown == [format_p(each.p_corrected, "") for each in analysis.differences(records)]


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
    figure = differences(make_sweep([at / count for at in range(count)], 12, epochs=1))
    assert figure is not None
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for of in (axes, axes.child_axes[0]):
        boxes = [label.get_window_extent() for label in of.get_xticklabels()]
        assert len(boxes) == count - 1
        assert all(left.x1 <= right.x0 for left, right in pairwise(boxes))
