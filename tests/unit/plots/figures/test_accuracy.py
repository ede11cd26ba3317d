"""The figure of accuracies along training, by what it computes and what is on it."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.analysis import curves
from dropsweep.plots import Look
from dropsweep.plots.figures.accuracy import find_content
from dropsweep.plots.rendering import own_settings
from tests.factories import RATES, make_record, make_spec, make_sweep
from tests.figures import draw, figure_of, texts, view_of


@pytest.mark.parametrize("rates", [[0.5], [0.0, 0.5], RATES])
def test_one_line_per_rate_in_both_panels(rates: list[float]) -> None:
    """Each is a mean over seeds, and ends with its name."""
    records = make_sweep(rates)
    left, right = figure_of("accuracy", records).axes
    for axes, what in ((left, "train"), (right, "val")):
        lines = [line for line in axes.lines if len(np.asarray(line.get_xdata())) == 26]
        for line, curve in zip(lines, curves(records), strict=True):
            np.testing.assert_array_equal(line.get_xdata(), curve.epochs)
            means = [point.mean for point in getattr(curve, what)]
            np.testing.assert_array_equal(line.get_ydata(), means)
    names = [text.split()[0] for text in texts(left.texts)]
    assert sorted(names) == [f"{rate:.2f}" for rate in rates]


def test_the_chosen_rate_and_the_baseline_are_strong() -> None:
    """They have a name and a thick line beside the validation accuracies; others are pale."""
    records = make_sweep(RATES, 6)
    content = find_content(view_of(records))
    _, right = figure_of("accuracy", records).axes
    strong = [line for line in right.lines if line.get_linewidth() > 2]
    assert (content.baseline, len(strong)) == (0.0, 2)
    assert content.chosen in RATES
    assert right.get_title(loc="left") == f"Validation: {content.chosen:.2f} ends highest"


@pytest.mark.parametrize(("seeds", "bands", "thin"), [(1, 0, 0), (3, 0, 6), (5, 2, 0)])
def test_bands_need_five_seeds(seeds: int, bands: int, thin: int) -> None:
    """Of fewer, each seed is a thin line."""
    for axes in figure_of("accuracy", make_sweep([0.0, 0.5], seeds)).axes:
        assert len(axes.collections) == bands
        assert sum(line.get_linewidth() < 1 for line in axes.lines) == thin


def test_the_best_epoch_is_marked_and_the_last_is_ticked() -> None:
    """The star stands on the chosen rate's highest mean validation accuracy."""
    records = make_sweep([0.0, 0.5], 2, epochs=23)
    content = find_content(view_of(records))
    _, right = figure_of("accuracy", records).axes
    (star,) = [line for line in right.lines if line.get_marker() == "*"]
    (curve,) = [each for each in curves(records) if each.rate == content.chosen]
    assert np.asarray(star.get_xydata()).tolist() == [
        [content.best_epoch, max(point.mean for point in curve.val)]
    ]
    assert right.get_xticks()[-1] == 23


def test_a_diverged_run_is_dotted_and_crossed() -> None:
    """As far as it went."""
    records = [make_record(make_spec(0.0)), make_record(make_spec(0.5), points=4)]
    for axes in figure_of("accuracy", records).axes:
        (dotted,) = [
            line
            for line in axes.lines
            if line.get_linestyle() == ":" and len(np.asarray(line.get_xdata())) == 4
        ]
        (cross,) = [line for line in axes.lines if line.get_marker() == "x"]
        np.testing.assert_array_equal(
            np.asarray(cross.get_xydata())[0], np.asarray(dotted.get_xydata())[-1]
        )
    diverged = figure_of("accuracy", [make_record(make_spec(), points=2)])
    assert diverged.axes[1].get_title(loc="left") == "Validation accuracy: all diverged"


@pytest.mark.parametrize("count", [1, 7, 40])
@pytest.mark.parametrize("look", [Look(), Look(width=3.3, title=False)])
def test_names_never_overlap(count: int, look: Look) -> None:
    """However close the lines end."""
    view = view_of(make_sweep([at / count for at in range(count)], epochs=2), look=look)
    with own_settings(look):
        figure = draw("accuracy", view)
        figure.draw_without_rendering()
    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in axes.texts if text.get_fontweight() == "bold"]
        for at, box in enumerate(boxes):
            assert box.x1 <= figure.bbox.x1 + 1
            assert not any(box.overlaps(other) for other in boxes[at + 1 :])


def test_data_and_setting_stand_below() -> None:
    """Unless the figure is for a paper, whose caption says them."""
    setting = (("model.dtype", "float32"),)
    figure = figure_of("accuracy", make_sweep([0.5], 2, epochs=1), setting=setting)
    assert figure.get_supxlabel().replace("\n", " ") == (
        "CIFAR-10, 500 training and 1,000 validation images, 2 seeds, model.dtype = float32"
    )
    view = view_of(make_sweep([0.5], epochs=1), look=Look(title=False))
    untitled = draw("accuracy", view)
    assert untitled.get_supxlabel() == ""
    assert [axes.get_title(loc="left") for axes in untitled.axes] == ["", ""]
