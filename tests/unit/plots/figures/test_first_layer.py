"""The figure of what training changed in the first layer, by what is on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.factories import make_sweep
from tests.figures import figure_of, figure_or_none

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from dropsweep.records import NetArrays, RunRecord

GREY = 0.5

sweep = partial(make_sweep, epochs=2, keep_parameters=True)


def noise(record: RunRecord) -> NetArrays:
    """Weights of 20 units, others for each run."""
    rng = np.random.default_rng([record.spec.seed, round(1000 * record.spec.rate)])
    return {"W1.change": rng.normal(size=(3072, 20)).astype(np.float32)}


def drawn(records: list[RunRecord], weights: NDArray[np.float64] | None = None) -> Figure:
    """The figure of runs that all have these weights, or noise."""
    return figure_of(
        "first_layer",
        records,
        kept=noise
        if weights is None
        else lambda _: {"W1.change": weights, "W1": np.ones_like(weights)},
    )


def pixels(axes: Axes) -> NDArray[np.float64]:
    """Colours of a row: 32 high, and as wide as its units and the gaps."""
    (image,) = axes.images
    return np.asarray(image.get_array())


def unit(axes: Axes, at: int) -> NDArray[np.float64]:
    """One image of a row."""
    return pixels(axes)[:, 35 * at : 35 * at + 32]


def test_a_change_is_drawn_where_its_pixel_is_in_its_pixel_s_colour() -> None:
    """Changes come as planes of red, green and blue, row by row; 0 is grey, the largest full."""
    weights = np.zeros((3072, 1))
    weights[0 * 1024 + 3] = 0.2  # red, first row, fourth column
    weights[1 * 1024 + 32] = -0.4  # green, second row, first column
    weights[2 * 1024 + 1023] = 0.1  # blue, last row, last column
    image = unit(drawn(sweep([0.5]), weights).axes[0], 0)
    np.testing.assert_allclose(image[0, 3], [0.75, GREY, GREY])
    np.testing.assert_allclose(image[1, 0], [GREY, 0, GREY])
    np.testing.assert_allclose(image[31, 31], [GREY, GREY, 0.625])
    assert (image == GREY).all(axis=2).sum() == 1024 - 3


def test_units_that_changed_most_come_first() -> None:
    """Twelve of them, by the norm of all their changes; fewer where there are fewer."""
    weights = np.zeros((3072, 20))
    for at in range(20):
        weights[at, at] = 1 + (7 * at) % 20  # norms 1 to 20 in a jumbled order
    axes = drawn(sweep([0.5]), weights).axes[0]
    order = sorted(range(20), key=lambda at: -((7 * at) % 20))[:12]
    for place, which in enumerate(order):
        assert unit(axes, place)[0, which, 0] == 1
    few = drawn(sweep([0.5]), weights[:, :2]).axes[0]
    assert (pixels(few)[:, 35 * 2 :] == 1).all()  # white paper


def test_units_that_did_not_change_are_grey() -> None:
    """A unit that a penalty has silenced divides by nothing."""
    assert (unit(drawn(sweep([0.5]), np.zeros((3072, 1))).axes[0], 0) == GREY).all()


def test_a_row_for_each_rate_of_its_lowest_seed() -> None:
    """Its name stands beside it, and the figure says which seed."""
    records = sweep([0.9, 0.0, 0.5], seeds=[7, 3])
    figure = drawn(records)
    assert [axes.get_ylabel() for axes in figure.axes] == ["0.00", "0.50", "0.90"]
    alone = drawn(sweep([0.5], seeds=[3]))
    np.testing.assert_array_equal(pixels(figure.axes[1]), pixels(alone.axes[0]))
    assert "seed 3\n" in figure.get_supxlabel()
    assert "grey is 0" in figure.get_supxlabel()
    assert figure.get_suptitle().endswith("1 seed")


def test_of_many_rates_eight_are_shown() -> None:
    """Evenly spread from the first to the last, and the figure says so; eight are all shown."""
    rates = [at / 30 for at in range(29)]
    figure = drawn(sweep(rates))
    shown = [axes.get_ylabel() for axes in figure.axes]
    assert len(shown) == 8
    assert (shown[0], shown[-1][:6]) == ("0.00", "0.9333")
    assert "8 of 29 rates" in figure.get_supxlabel()
    assert "rates" not in drawn(sweep(rates[:8])).get_supxlabel()


def test_what_is_lost_is_left_out() -> None:
    """The next seed stands in for one whose file is lost; a rate without any has no row."""
    records = sweep([0.0, 0.5], seeds=[0, 1])
    lost = {(0.0, 0), (0.0, 1), (0.5, 0)}
    figure = figure_of(
        "first_layer",
        records,
        kept=lambda record: None if (record.spec.rate, record.spec.seed) in lost else noise(record),
    )
    assert [axes.get_ylabel() for axes in figure.axes] == ["0.50"]
    assert "seed 1" in figure.get_supxlabel()
    assert "1 of 2 rates" in figure.get_supxlabel()


def test_nothing_kept_no_figure() -> None:
    """Runs that kept nothing have no such figure."""
    assert figure_or_none("first_layer", sweep([0.5]), kept=lambda _: None) is None


@pytest.mark.parametrize("rates", [1, 8])
def test_nothing_overlaps_or_leaves_the_page(rates: int) -> None:
    """Title, rows and what is said below stand apart, inside the figure."""
    figure = drawn(sweep([at / 10 for at in range(rates)]))
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    for at, box in enumerate(boxes):
        assert box is not None
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y0 >= 0
        assert box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[at + 1 :] if other is not None)


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"W1": np.ones((3072, 2))},
        {"W1.change": np.ones((100, 2))},
        {"W1.change": np.ones(3072)},
    ],
)
def test_a_file_without_the_change_is_as_good_as_none(arrays: NetArrays) -> None:
    """Such as an empty archive, or one of another program: the other rates are drawn."""
    records = sweep([0.0, 0.5])
    figure = figure_of(
        "first_layer",
        records,
        kept=lambda record: arrays if record.spec.rate == 0 else noise(record),
    )
    assert [axes.get_ylabel() for axes in figure.axes] == ["0.50"]
