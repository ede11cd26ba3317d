"""How to read a figure, by what is on it."""

from __future__ import annotations

import pytest

from dropsweep.plots import FIGURES, drawings
from dropsweep.plots.readings import Shown
from tests.factories import make_record, make_spec, make_sweep

PLAIN, SEEDS, LOST = Shown(False, False, 0.0), Shown(True, False, 0.0), Shown(False, True, 0.0)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_explained_that_is_not_there(name: str) -> None:
    """One seed has no means, bars, bands and dots; no cross stands where no run diverged."""
    said = FIGURES[name].reading(PLAIN)
    for word in ("interval", "seeds", "mean", "bars", "bands", "pale", "ross", "hatched"):
        assert word not in said.lower()


@pytest.mark.parametrize("name", ["final_accuracy", "differences", "gap", "accuracy"])
def test_intervals_are_explained(name: str) -> None:
    """Where there is more than one seed."""
    assert "95 % interval" in FIGURES[name].reading(SEEDS)


@pytest.mark.parametrize("name", ["final_accuracy", "gap", "accuracy"])
def test_crosses_are_explained(name: str) -> None:
    """Where a run diverged."""
    assert "ross" in FIGURES[name].reading(LOST)


@pytest.mark.parametrize("name", ["final_accuracy", "heat_map"])
def test_nothing_is_best_where_all_diverged(name: str) -> None:
    """Only crosses and hatches are left to explain."""
    said = FIGURES[name].reading(Shown(several=False, diverged=True, baseline=None))
    assert "ring" not in said
    assert "frame" not in said
    assert "ross" in said or "hatched" in said


def test_what_a_figure_shows_is_found_in_its_runs() -> None:
    """The baseline is the lowest rate that finished, and a diverged seed makes no interval."""
    records = [make_record(make_spec(0.0, seed), points=1) for seed in (0, 1)]
    records += [make_record(make_spec(rate)) for rate in (0.25, 0.5)]
    assert Shown.of(records) == Shown(several=False, diverged=True, baseline=0.25)
    assert Shown.of(make_sweep((0.0, 0.5), 2)) == SEEDS
    (drawing,) = drawings(records, names=["differences"])
    assert "minus that of rate 0.25" in drawing.reading


def test_bars_are_not_taken_for_the_test() -> None:
    """They are not corrected for the number of rates, and p is."""
    said = FIGURES["differences"].reading(SEEDS)
    assert "not corrected" in said
    assert "p is." in said
