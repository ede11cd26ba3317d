"""The input of the figures: the axes of a grid, and the marks that a caption explains."""

from __future__ import annotations

import pytest

from dropsweep.analysis import by_setting
from dropsweep.plots import FIGURES
from dropsweep.plots.view import axes_of
from tests.factories import make_record, make_spec, make_sweep, varied
from tests.figures import USUAL_FIGURES, figure_of, figure_or_none, texts, view_of

FIXED = make_spec(0.5, epochs=1, hidden_sizes=(100, 50))
WIDENED = varied(FIXED, {"model.hidden_sizes": None, "model.kept_units": (100,)})


def test_both_ways_to_say_a_width_are_one_axis() -> None:
    """Fixed and widened layers stand side by side in one heat map, and nowhere else."""
    records = [make_record(FIXED, val=0.2), make_record(WIDENED, val=0.3)]
    (axis,) = axes_of(records)
    assert [axis.words(setting) for setting in by_setting(records)] == ["100, 50 units", "100 kept"]
    figure = figure_of("heat_map", records, axes=(axis,))
    axes = figure.axes[0]
    assert texts(axes.get_xticklabels()) == ["100, 50 units", "100 kept"]
    assert texts(axes.texts) == ["0.200", "0.300"]
    assert axes.get_xlabel() == "hidden units"
    assert axis.stem == "model.hidden_sizes+model.kept_units"


def test_a_width_said_in_one_way_is_a_key_like_others() -> None:
    """It is called what the config calls it, and its values are written as there."""
    records = [make_record(make_spec(epochs=1, hidden_sizes=(size,))) for size in (10, 20)]
    (axis,) = axes_of(records)
    assert (axis.name, axis.stem) == ("model.hidden_sizes", "model.hidden_sizes")
    assert [axis.words(setting) for setting in by_setting(records)] == ["[10]", "[20]"]


def test_one_column_is_no_heat_map() -> None:
    """Axes that change together leave each other one value, which compares with nothing."""
    records = [
        make_record(make_spec(epochs=1, train_size=size, hidden_sizes=(size,)))
        for size in (100, 200)
    ]
    assert [axis.name for axis in axes_of(records)] == ["dataset.train_size", "model.hidden_sizes"]
    assert [figure_or_none("heat_map", records, axes=(axis,)) for axis in axes_of(records)] == [
        None,
        None,
    ]


def test_what_a_figure_shows_is_found_in_its_runs() -> None:
    """The baseline is the lowest rate that finished, and a diverged seed makes no interval."""
    records = [make_record(make_spec(0.0, seed), points=1) for seed in (0, 1)]
    records += [make_record(make_spec(rate)) for rate in (0.25, 0.5)]
    view = view_of(records)
    assert (view.several, view.diverged, view.baseline) == (False, True, 0.25)
    view = view_of(make_sweep((0.0, 0.5), 2))
    assert (view.several, view.diverged, view.baseline) == (True, False, 0.0)


ONE = view_of(make_sweep((0.0, 0.5)))
SEVERAL = view_of(make_sweep((0.0, 0.5), 5))
LOST = view_of([make_record(make_spec(0.0)), make_record(make_spec(0.5), points=2)])
NOTHING = view_of([make_record(make_spec(rate), points=2) for rate in (0.0, 0.5)])


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_explained_that_is_not_there(name: str) -> None:
    """One seed has no means, bars, bands and dots; no cross stands where no run diverged."""
    said = FIGURES[name].caption(ONE)
    assert said.endswith(".")
    for word in ("interval", "seeds", "mean", "bars", "bands", "cross"):
        assert word not in said.lower()


@pytest.mark.parametrize("name", USUAL_FIGURES)
def test_intervals_are_explained(name: str) -> None:
    """Several seeds have intervals, which the caption names."""
    assert "95 % interval" in FIGURES[name].caption(SEVERAL)


@pytest.mark.parametrize("name", USUAL_FIGURES)
def test_crosses_are_explained(name: str) -> None:
    """Diverged runs have crosses, which the caption names."""
    assert "ross" in FIGURES[name].caption(LOST)


@pytest.mark.parametrize("name", ["final_accuracy", "heat_map"])
def test_nothing_is_best_where_all_diverged(name: str) -> None:
    """Only crosses and hatches are left to explain."""
    said = FIGURES[name].caption(NOTHING)
    assert "star" not in said.lower()
    assert "frame" not in said
    assert "ross" in said or "Crossed" in said
