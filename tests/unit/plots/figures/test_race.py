"""The figure of a race between rates, by what is on it."""

from __future__ import annotations

import numpy as np

from dropsweep.plots import FIGURES, drawings
from dropsweep.plots.view import Sweep, View, interval, verdict
from dropsweep.records import Decision, RunRecord
from tests.factories import make_sweep, one_wins
from tests.figures import draw, texts


def make_race(seeds: int = 14) -> View:
    """Rate .5 is far better than the others in every seed."""
    records = one_wins(seeds)
    return View(records, Sweep(records, Decision(auto=True)))


def test_bars_are_the_seeds_that_judged_each_rate() -> None:
    """Each with the seed after which the rate left; the title has the answer."""
    view = make_race()
    race = view.sweep.findings.races[()]
    (axes,) = draw("race", view).axes
    judged = {0.5: race.seeds, **{rate: seed + 1 for rate, seed in race.left}}
    widths = [patch.get_width() for patch in axes.patches]  # type: ignore[attr-defined] # rectangles
    assert widths == [judged[rate] for rate in (0.9, 0.5, 0.0)]
    assert axes.get_title(loc="left") == f"Settled after {race.seeds} seeds: rate 0.50"
    assert "the answer" in texts(axes.texts)
    assert f"rate 0.90: left after seed {dict(race.left)[0.9]}" in FIGURES["race"].alt(view)


def test_a_race_that_goes_on_says_so() -> None:
    """Nothing is an answer before the tests say it."""
    (axes,) = draw("race", make_race(3)).axes
    assert axes.get_title(loc="left") == "Not settled after 3 seeds: 3 rates in the race"


def test_a_fixed_number_of_seeds_is_no_race() -> None:
    """There is no such figure."""
    records: list[RunRecord] = make_sweep([0.0, 0.5], 8, epochs=1)
    assert drawings(records, names=["race"]) == []


def test_the_footer_counts_judged_seeds() -> None:
    """Not the runs that are there."""
    view = make_race()
    figure = draw("race", view)
    seeds = view.sweep.findings.races[()].seeds
    assert figure.get_supxlabel().replace("\n", " ").endswith(f", {seeds} seeds judged")


def test_bars_of_a_race_are_its_own_intervals() -> None:
    """They hold however often one looked; one that excludes nothing is no bar."""
    findings = make_race(12).sweep.findings
    for each in findings.differences:
        assert interval(each) == each.always_valid
    assert [verdict(each) for each in findings.differences] == ["better", "cannot tell"]
    assert [interval(each) for each in make_race(6).sweep.findings.differences] == [None, None]
    figure = draw("final_accuracy", make_race(12))
    bar = figure.axes[1].containers[0][2][0].get_segments()[0][:, 1]
    np.testing.assert_allclose(bar, 100 * np.array(findings.differences[0].always_valid))
