"""The heat map of a grid, by what it computes and what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.plots.figures.heat_map import Content, find_content
from dropsweep.plots.view import Axis
from tests.factories import make_record, make_spec, make_sweep
from tests.figures import figure_of, legend_texts, view_of

if TYPE_CHECKING:
    from dropsweep.records import RunRecord

SIZE, HIDDEN = Axis(("dataset.train_size",)), Axis(("model.hidden_sizes",))


def make_grid(seeds: int = 8) -> list[RunRecord]:
    """Rate .5 is better by more with more images, and with 50 units; rate .25 is as rate 0."""
    return [
        make_record(
            make_spec(rate, seed, epochs=1, train_size=size, hidden_sizes=(hidden,)),
            val=round(
                0.2
                + size / 10_000
                + (0.02 + size / 10_000) * (rate == 0.5)
                + 0.001 * ((3 * seed + round(10 * rate)) % 4)
                + 0.01 * (hidden == 50),
                3,
            ),
        )
        for rate in (0.0, 0.25, 0.5)
        for size in (100, 200, 400)
        for hidden in (50, 80)
        for seed in range(seeds)
    ]


def content_of(records: list[RunRecord], *axes: Axis) -> Content:
    """The values of a heat map that there is."""
    content = find_content(view_of(records, axes=axes))
    assert content is not None
    return content


def test_squares_are_differences_to_the_baseline_of_their_setting() -> None:
    """Rates grow upwards and values to the right; other axes stay where validation chose."""
    content = content_of(make_grid(), SIZE)
    assert content.rows == ["0.00", "0.25", "0.50"]
    assert content.columns == ["100", "200", "400"]
    assert content.rest == (("model.hidden_sizes", (50,)),)
    top = [content.squares[2, at].difference or 0.0 for at in range(3)]
    np.testing.assert_allclose(top, [0.03, 0.04, 0.06], atol=0.002)
    assert [content.squares[0, at].difference for at in range(3)] == [None] * 3
    assert content.best == (2, 2)


def test_only_what_is_proven_is_not_hatched() -> None:
    """A rate as good as the baseline is hatched, one better in every seed is not."""
    content = content_of(make_grid(), SIZE)
    assert [content.squares[1, at].proven for at in range(3)] == [False] * 3
    assert [content.squares[2, at].proven for at in range(3)] == [True] * 3
    axes = figure_of("heat_map", make_grid(), axes=(SIZE,)).axes[0]
    hatched = {(patch.get_y(), patch.get_x()) for patch in axes.patches if patch.get_hatch()}  # type: ignore[attr-defined] # rectangles
    assert hatched == {(1, 0), (1, 1), (1, 2)}


def test_colours_are_centred_on_no_difference() -> None:
    """They span at least the largest difference, and never less than a percentage point."""
    mesh = figure_of("heat_map", make_grid(), axes=(SIZE,)).axes[0].collections[0]
    low, high = mesh.get_clim()
    assert low == -high
    assert high >= 0.06
    equal = [
        make_record(make_spec(rate, epochs=1, train_size=size), val=0.3)
        for rate in (0.0, 0.5)
        for size in (100, 200)
    ]
    assert content_of(equal, SIZE).span == 0.01


def test_two_axes_at_the_best_rate() -> None:
    """Both values of every square are named, and the rate is held."""
    content = content_of(make_grid(), SIZE, HIDDEN)
    assert (content.rows, content.columns) == (["100", "200", "400"], ["[50]", "[80]"])
    assert content.rest == (("dropout.rate", 0.5),)
    assert content.best == (2, 0)
    assert len(content.squares) == 6


def test_missing_and_diverged_squares_are_told_apart() -> None:
    """A diverged one is crossed, and one without a run is plain; both are in the legend."""
    records = [
        make_record(make_spec(0.0, epochs=1, train_size=100)),
        make_record(make_spec(0.0, epochs=1, train_size=200)),
        make_record(make_spec(0.5, epochs=1, train_size=200), points=1),
    ]
    content = content_of(records, SIZE)
    assert content.squares[1, 1].status == "all runs diverged"
    assert (1, 0) not in content.squares
    names = legend_texts(figure_of("heat_map", records, axes=(SIZE,)))
    assert names == ["all runs diverged", "no run", "best on validation"]


def test_all_diverged() -> None:
    """The title says so, and nothing is framed."""
    records = [make_record(make_spec(0.5, train_size=size), points=1) for size in (100, 200)]
    assert content_of(records, SIZE).best is None
    figure = figure_of("heat_map", records, axes=(SIZE,))
    assert figure.get_suptitle().startswith("Every run diverged")


@pytest.mark.parametrize("axes", [(SIZE,), (SIZE, HIDDEN)])
def test_one_value_is_no_heat_map(axes: tuple[Axis, ...]) -> None:
    """It compares with nothing."""
    assert find_content(view_of(make_sweep([0.0, 0.5]), axes=axes)) is None


def test_a_rate_s_squares_can_be_found_in_the_svg() -> None:
    """A page lights them by their ids: colours, hatching and numbers of the rate's row."""
    axes = figure_of("heat_map", make_grid(), axes=(SIZE,)).axes[0]
    of_rate = [each for each in axes.get_children() if str(each.get_gid()).startswith("rate-0.25_")]
    kinds = {type(each).__name__ for each in of_rate}
    assert kinds == {"QuadMesh", "Rectangle", "Text"}
    assert len({each.get_gid() for each in of_rate}) == len(of_rate)
