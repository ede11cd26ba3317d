"""The heat map of a grid, by what is on it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from dropsweep.plots.view import Axis
from tests.factories import make_record, make_spec, make_sweep
from tests.unit.plots.drawn import figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.records import RunRecord

SIZE, HIDDEN = "dataset.train_size", "model.hidden_sizes"


def drawn(records: list[RunRecord], axis: str = SIZE) -> Figure:
    """The heat map along an axis."""
    return figure_of("heat_map", records, axes=(Axis((axis,)),))


def numbers(axes: Axes) -> dict[tuple[int, int], str]:
    """What is written in each square, by row from below and column."""
    return {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text()
            for text in axes.texts}  # fmt: skip


def patches(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """Row and column of frames and hatched squares, by hatch; a frame has none."""
    found: dict[str, list[tuple[float, float]]] = {}
    for patch in axes.patches:
        assert isinstance(patch, Rectangle)
        found.setdefault(patch.get_hatch() or "", []).append((patch.get_y(), patch.get_x()))
    return found


def make_grid() -> list[RunRecord]:
    """Two rates at three sizes, two seeds; validation is .2, .21, ... and best at .50 and 400."""
    return [
        make_record(
            make_spec(rate, seed, epochs=1, train_size=size), val=0.2 + 0.02 * at + 0.01 * seed
        )
        for at, (rate, size) in enumerate((r, n) for n in (50, 100, 400) for r in (0.0, 0.5))
        for seed in (0, 1)
    ]


def test_squares_are_means_over_seeds_in_order() -> None:
    """Rates grow upwards and values to the right, as numbers and not as words."""
    (axes, bar) = drawn(make_grid()).axes
    expected = {(0, 0): "0.205", (1, 0): "0.225", (0, 1): "0.245"} | {
        (1, 1): "0.265",
        (0, 2): "0.285",
        (1, 2): "0.305",
    }
    assert numbers(axes) == expected
    means = np.asarray(axes.collections[0].get_array()).reshape(2, 3)
    np.testing.assert_allclose(means, [[0.205, 0.245, 0.285], [0.225, 0.265, 0.305]])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["50", "100", "400"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0.00", "0.50"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (SIZE, "dropout rate")
    assert bar.get_ylabel() == "validation accuracy"


def test_the_best_square_is_framed_and_the_title_says_the_data() -> None:
    """Validation's choice; images as a range, for the axis changes them."""
    figure = drawn(make_grid())
    assert patches(figure.axes[0]) == {"": [(1, 2)] * 2}
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["best on validation"]
    assert figure.get_suptitle().splitlines() == [
        "Final validation accuracy by rate and dataset.train_size",
        "CIFAR-10, 50 to 400 training and 1,000 validation images, 2 seeds",
    ]


def test_other_axes_stay_where_validation_chose() -> None:
    """Nothing but seeds is averaged: the slice is that of the best setting, and is named."""
    records = [
        make_record(
            make_spec(0.5, epochs=1, train_size=size, hidden_sizes=(hidden,)),
            val=size / 1000 + hidden / 100,
        )
        for size in (100, 200)
        for hidden in (10, 20)
    ]
    figure = drawn(records)
    assert numbers(figure.axes[0]) == {(0, 0): "0.300", (0, 1): "0.400"}
    assert figure.get_suptitle().endswith("at model.hidden_sizes = [20], as validation chose")
    figure = drawn(records, HIDDEN)
    assert numbers(figure.axes[0]) == {(0, 0): "0.300", (0, 1): "0.400"}
    assert figure.get_suptitle().endswith("at dataset.train_size = 200, as validation chose")


def test_missing_and_diverged_squares_are_told_apart() -> None:
    """Both are hatched and named; a square where one seed diverged keeps its mean and says so."""
    records = [
        make_record(make_spec(0.0, epochs=1, train_size=100), val=0.25),
        make_record(make_spec(0.5, epochs=1, train_size=100), points=1),
        make_record(make_spec(0.0, 0, epochs=1, train_size=200), val=0.3),
        make_record(make_spec(0.0, 1, epochs=1, train_size=200), points=0),
    ]
    figure = drawn(records)
    assert patches(figure.axes[0]) == {"xx": [(1, 0)], "//": [(1, 1)], "": [(0, 1)] * 2}
    assert numbers(figure.axes[0]) == {(0, 0): "0.250", (0, 1): "0.300\n1 diverged"}
    (legend,) = figure.legends
    assert sorted(text.get_text() for text in legend.get_texts()) == [
        "all runs diverged",
        "best on validation",
        "no run",
    ]


def test_all_diverged() -> None:
    """A grid without a finished run is hatched all over, and nothing is best."""
    records = [make_record(make_spec(0.5, train_size=size), points=2) for size in (100, 200)]
    axes = drawn(records).axes[0]
    assert patches(axes) == {"xx": [(0, 0), (0, 1)]}
    assert numbers(axes) == {}


@pytest.mark.parametrize(
    "hidden", [[(5,), (9,)], [(10_000 + at, 1000, 1000, 1000) for at in range(5)]]
)
def test_names_of_values_stand_apart_inside_the_page(hidden: list[tuple[int, ...]]) -> None:
    """Long ones are turned upright, and the figure grows with them."""
    figure = drawn(
        [make_record(make_spec(0.5, epochs=1, hidden_sizes=each)) for each in hidden], HIDDEN
    )
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))
    (legend,) = figure.legends
    assert not any(legend.get_window_extent().overlaps(box) for box in boxes)
    assert min(box.y0 for box in boxes) > 0


def test_numbers_that_would_not_fit_are_left_out() -> None:
    """Thirty columns are told by their colour."""
    records = [each for size in range(30) for each in make_sweep([0.5], train_size=100 + size)]
    assert numbers(drawn(records).axes[0]) == {}


def test_numbers_are_read_on_every_colour() -> None:
    """White on the dark squares of low accuracy, black on the light ones."""
    colours = {text.get_text(): text.get_color() for text in drawn(make_grid()).axes[0].texts}
    assert (colours["0.205"], colours["0.305"]) == ("white", "black")
