"""The figure of final accuracies, by what it computes and what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep import analysis
from dropsweep.plots import FIGURES, Look
from dropsweep.plots.figures.final_accuracy import find_content
from dropsweep.plots.rendering import own_settings
from dropsweep.plots.view import Sweep, View
from dropsweep.records import Decision
from tests.factories import RATES, make_record, make_runs, make_spec, make_sweep
from tests.figures import draw, figure_of, texts, view_of

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def clear_sweep(seeds: int = 8) -> list[RunRecord]:
    """Rate .5 is better in every seed, rate .9 worse, rate .25 as good as rate 0."""
    ends = {0.0: 0.3, 0.25: 0.3, 0.5: 0.34, 0.9: 0.2}
    return [
        make_record(
            make_spec(rate, seed, epochs=2),
            train=1 - rate / 2,
            val=round(end + 0.001 * ((seed * 7 + round(rate * 10)) % 5), 3),
        )
        for rate, end in ends.items()
        for seed in range(seeds)
    ]


def test_verdicts_are_those_of_the_findings() -> None:
    """Better and worse are said only where the corrected p shows it."""
    records = clear_sweep()
    content = find_content(view_of(records))
    assert content.verdicts == {0.25: "cannot tell", 0.5: "better", 0.9: "worse"}
    assert content.may_be_best == (0.5,)
    assert content.differences == analysis.find(records).differences


def test_stars_are_for_a_choice_between_rates() -> None:
    """With no rate left out, no rate has a star, and the caption says why."""
    figure = figure_of("final_accuracy", clear_sweep())
    assert "\u2605" in texts(figure.axes[1].texts)
    few = clear_sweep(3)
    figure = figure_of("final_accuracy", few)
    assert "\u2605" not in texts(figure.axes[1].texts)
    caption = FIGURES["final_accuracy"].caption
    assert "too few seeds to leave any rate out" in caption(view_of(few))
    assert "Stars are the rates" in caption(view_of(clear_sweep()))


def test_titles_say_what_the_data_support() -> None:
    """A finding where there is one; of one seed, that nothing can be told."""
    left, right = figure_of("final_accuracy", clear_sweep()).axes
    assert right.get_title(loc="left") == "Better than 0.00: 0.50"
    assert left.get_title(loc="left").startswith("Dropout narrows the gap: 0.70 to 0.3")
    left, right = figure_of("final_accuracy", make_sweep()).axes
    assert right.get_title(loc="left") == "1 seed cannot tell a rate from 0.00"
    assert left.get_title(loc="left").startswith("Gap from rate 0.00 to 0.99")


def test_a_race_says_that_each_mark_holds_by_itself() -> None:
    """Its intervals are not corrected for the number of rates; bars are not for a race."""
    ends = {0.0: 0.3, 0.5: 0.4, 0.9: 0.4}
    records = make_runs({rate: [end] * 9 for rate, end in ends.items()})
    view = View(records, Sweep(records, Decision(auto=True)))
    figure = draw("final_accuracy", view)
    assert figure.axes[1].get_title(loc="left") == "Better than 0.00 (each 95 %): 0.50, 0.90"
    caption = FIGURES["final_accuracy"].caption(view)
    assert "Each mark by itself holds with 95 %, however often one looked." in caption
    assert "intervals over seeds fixed beforehand." in caption


@pytest.mark.parametrize("seeds", [1, 3, 5])
def test_marks_are_the_means_and_bars_need_five_seeds(seeds: int) -> None:
    """Rates stand at equal distances; few seeds are dots, since an interval says little."""
    records = make_sweep(seeds=seeds)
    left, right = figure_of("final_accuracy", records).axes
    summaries = analysis.summarize(records)
    marks = [container[0].get_xydata()[0] for container in left.containers]
    expected = [(at, mean) for at, each in enumerate(summaries)
                for mean in (each.train.mean, each.val.mean)]  # type: ignore[union-attr]  # fmt: skip
    np.testing.assert_allclose(marks, expected)
    bars = [container for container in right.containers if len(container.get_children()) > 1]
    assert len(bars) == (len(RATES) - 1 if seeds >= 5 else 0)
    differences = analysis.differences(records)
    means = [container[0].get_ydata()[0] for container in right.containers]
    np.testing.assert_allclose(means, [100 * each.estimate.mean for each in differences])
    dots = [line for line in right.lines if len(np.asarray(line.get_xdata())) == 3]
    assert len(dots) == (len(RATES) - 1 if seeds == 3 else 0)
    assert texts(left.get_xticklabels())[:2] == ["0.00", "0.25"]


def test_one_rate_has_one_panel_and_all_diverged_says_so() -> None:
    """There is nothing to compare it with."""
    assert len(figure_of("final_accuracy", make_sweep([0.5], 2)).axes) == 1
    (axes,) = figure_of("final_accuracy", [make_record(make_spec(), points=3)]).axes
    assert axes.get_title(loc="left") == "Every run diverged"
    assert "\u00d7" in texts(axes.texts)


@pytest.mark.parametrize("count", [1, 7, 20])
@pytest.mark.parametrize("look", [Look(), Look(width=3.3)])
def test_nothing_leaves_the_page(count: int, look: Look) -> None:
    """Panels, names and footer are inside the figure, and no two panels touch."""
    view = view_of(make_sweep([at / count for at in range(count)], 2, epochs=1), look=look)
    with own_settings(look):
        figure = draw("final_accuracy", view)
        figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    for at, box in enumerate(boxes):
        assert box is not None
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.y1 <= figure.bbox.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[at + 1 :] if other is not None)


def test_the_alternative_text_has_the_numbers() -> None:
    """Each rate's accuracies, its gap, and its difference."""
    said = FIGURES["final_accuracy"].alt(view_of(clear_sweep()))
    assert "rate 0.50: training 0.750, validation 0.34" in said
    assert "rate 0.90: -10." in said
    assert "points, worse" in said
