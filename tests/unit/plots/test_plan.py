"""The figures that a sweep gets, and the names of their files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.plots import (
    FIGURE_NAMES,
    FIGURES,
    drawings,
    file_stem,
    plan,
    settings_without_figures,
)
from dropsweep.records import MonteCarlo
from tests.factories import make_record, make_spec, make_sweep
from tests.figures import USUAL_FIGURES

if TYPE_CHECKING:
    import pytest

    from dropsweep.records import NetArrays, RunRecord


def make_settings(count: int) -> list[RunRecord]:
    """A grid of that many training-set sizes; the second is best on validation."""
    return [
        make_record(
            make_spec(rate, epochs=1, train_size=100 * (at + 1)), val=0.4 if at == 1 else 0.3
        )
        for at in range(count)
        for rate in (0.0, 0.5)
    ]


def test_each_setting_has_its_own_figures() -> None:
    """Settings are never drawn as if they were seeds; what compares them stands first."""
    assert [each.stem for each in drawings(make_settings(2))] == [
        "heat_map_dataset.train_size",
        *[f"{name}_dataset.train_size=100" for name in USUAL_FIGURES],
        *[f"{name}_dataset.train_size=200" for name in USUAL_FIGURES],
    ]


def test_many_settings_are_represented_by_the_chosen_one() -> None:
    """Beyond six settings, one has figures of its own: that with the best validation accuracy."""
    assert settings_without_figures(make_settings(6)) == 0
    assert len({each.setting for each in drawings(make_settings(6))}) == 1 + 6
    assert settings_without_figures(make_settings(7)) == 6
    assert [each.stem for each in drawings(make_settings(7))] == [
        "heat_map_dataset.train_size",
        *[f"{name}_dataset.train_size=200" for name in USUAL_FIGURES],
    ]


def test_a_figure_asked_for_is_drawn_of_every_setting() -> None:
    """However many there are."""
    found = drawings(make_settings(8), names=["accuracy"])
    assert [each.name for each in found] == ["accuracy"] * 8
    assert len({each.stem for each in found}) == 8


def test_every_axis_has_a_heat_map() -> None:
    """A grid of two axes has two, and one of both."""
    records = [
        make_record(make_spec(0.5, epochs=1, train_size=size, hidden_sizes=hidden))
        for size in (100, 200)
        for hidden in ((5,), (9,))
    ]
    assert [each.stem for each in drawings(records, names=["heat_map"])] == [
        "heat_map_dataset.train_size",
        "heat_map_model.hidden_sizes",
        "heat_map_dataset.train_size_model.hidden_sizes",
    ]


def test_figures_of_parameters_ask_for_what_was_kept() -> None:
    """Without parameters there is no such figure; with them, the runs of the setting are asked."""
    records = make_sweep([0.0, 0.5], epochs=1)
    assert drawings(records, names=["first_layer"]) == []
    asked = []

    def kept(record: RunRecord) -> NetArrays:
        asked.append(record.run_id)
        return {"W1.change": np.ones((3072, 20)), "b1": np.ones(20)}

    (drawing,) = drawings(records, kept, names=["first_layer"])
    assert drawing.name == "first_layer"
    assert set(asked) == {record.run_id for record in records}


def test_every_drawing_explains_itself() -> None:
    """A question, and a sentence on how to read the answer."""
    for kind in FIGURES.values():
        assert kind.question.endswith("?")
    for drawing in drawings(make_settings(2)):
        assert drawing.caption.endswith(".")


def test_every_file_of_figures_is_one() -> None:
    """The command line knows their names, and needs no matplotlib for them."""
    assert sorted(FIGURES) == list(FIGURE_NAMES)
    places = [kind.place for kind in FIGURES.values()]
    assert len(set(places)) == len(places)


def test_file_names_are_safe() -> None:
    """Any value makes a name for every file system, and no two values the same."""
    assert file_stem("accuracy", ()) == "accuracy"
    assert file_stem("a", (("model.hidden_sizes", (500, 100)),)) == "a_model.hidden_sizes=500-100"
    awkward = ["../x", "..-x", "a:b", "a*b", "\u00e4", "x" * 300, "x" * 301]
    stems = [file_stem("a", (("k", value),)) for value in awkward]
    assert len(set(stems)) == len(awkward)
    for stem in stems:
        assert not set(stem) & set('/\\:*?"<>| \0')
        assert stem.isascii()
        assert len(stem) < 150


def test_all_that_figures_show_is_in_their_digest() -> None:
    """Weight scaling's accuracy and those of averaged passes are measured apart from the curves."""
    record = make_record(make_spec(epochs=1, monte_carlo_samples=(1, 5)))
    others = [
        replace(record, best_val_accuracy=0.9),
        replace(record, monte_carlo=MonteCarlo((1, 5), (0.1, 0.2))),
    ]
    digests = [drawings([each], names=["monte_carlo"])[0].digest for each in (record, *others)]
    assert len(set(digests)) == 3


def test_another_way_to_draw_is_another_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of an earlier version are drawn again."""
    (before,) = drawings(make_sweep([0.5], epochs=1), names=["accuracy"])
    monkeypatch.setattr(plan, "VERSION", 99)
    (after,) = drawings(make_sweep([0.5], epochs=1), names=["accuracy"])
    assert before.digest != after.digest
