"""The axes of a grid as figures show them."""

from __future__ import annotations

from dataclasses import replace

from dropsweep.analysis import by_setting
from dropsweep.plots.axes import axes_of
from dropsweep.plots.heat_map import heat_map
from tests.factories import make_record, make_spec

FIXED = make_spec(0.5, epochs=1, hidden_sizes=(100, 50))
WIDENED = replace(FIXED, model=replace(FIXED.model, hidden_sizes=None, kept_units=(100,)))


def test_both_ways_to_say_a_width_are_one_axis() -> None:
    """Fixed and widened layers stand side by side in one heat map, and nowhere else."""
    records = [make_record(FIXED, val=0.2), make_record(WIDENED, val=0.3)]
    (axis,) = axes_of(records)
    assert [axis.words(setting) for setting in by_setting(records)] == ["100, 50 units", "100 kept"]
    figure = heat_map(records, axis)
    assert figure is not None
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["100, 50 units", "100 kept"]
    assert [text.get_text() for text in axes.texts] == ["0.200", "0.300"]
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
    assert [heat_map(records, axis) for axis in axes_of(records)] == [None, None]
