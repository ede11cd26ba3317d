"""The figure of averaged masked passes, by what is on it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.analysis import averagings
from dropsweep.plots import draw, style
from dropsweep.records import MonteCarlo
from tests.factories import RATES, make_sweep
from tests.figures import figure_of, figure_or_none, legend_of, legend_texts, texts

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.records import RunRecord

SAMPLES = (1, 2, 5, 10, 20, 50, 100)

sweep = partial(make_sweep, epochs=2, monte_carlo_samples=SAMPLES)


def drawn(records: list[RunRecord]) -> Figure:
    """The figure of records that have one."""
    return figure_of("monte_carlo", records)


def test_solid_lines_are_the_averages_and_dashed_ones_weight_scaling() -> None:
    """Each rate has both in one colour, at the values of its record."""
    records = sweep([0.5, 0.9])
    (axes,) = drawn(records).axes
    for record, dashed, solid in zip(records, axes.lines[::2], axes.lines[1::2], strict=True):
        assert (dashed.get_linestyle(), solid.get_linestyle()) == ("--", "-")
        assert dashed.get_color() == solid.get_color()
        np.testing.assert_array_equal(solid.get_xdata(), SAMPLES)
        np.testing.assert_array_equal(solid.get_ydata(), record.monte_carlo.val_accuracy)
        np.testing.assert_array_equal(dashed.get_ydata(), [record.best_val_accuracy] * 2)
    assert axes.get_xlabel() == "masked passes averaged"
    assert axes.get_ylabel() == "validation accuracy at the best epoch"


def test_the_axis_is_logarithmic_with_the_measured_numbers_as_ticks() -> None:
    """Ticks are what the config asked for, in figures as there."""
    (axes,) = drawn(sweep([0.5])).axes
    assert axes.get_xscale() == "log"
    assert texts(axes.get_xticklabels()) == list(map(str, SAMPLES))
    assert list(axes.get_xticks()) == list(SAMPLES)
    assert list(axes.get_xticks(minor=True)) == []


@pytest.mark.parametrize("samples", [(50,), tuple(range(1, 101)), (1, 10_000)])
def test_labels_of_ticks_stand_apart(samples: tuple[int, ...]) -> None:
    """However many passes were measured, no label touches the next."""
    figure = drawn(sweep([0.5], monte_carlo_samples=samples))
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]
    assert boxes
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_a_rate_has_the_colour_it_has_elsewhere() -> None:
    """Also where another rate diverged, and has no line here."""
    records = sweep([0.0, 0.5, 0.9])
    records[0] = replace(records[0], status="diverged")
    here = legend_of(drawn(records))
    colours = style.rate_colours([0.0, 0.5, 0.9], style.USUAL)
    solid = here.get_lines()[:2]
    assert [line.get_color() for line in solid] == [colours[0.5], colours[0.9]]


@pytest.mark.parametrize(("seeds", "bands"), [(1, 0), (3, 0), (5, 2)])
def test_bands_are_the_intervals_over_seeds(seeds: int, bands: int) -> None:
    """One per rate with five seeds or more, and the legend says what they are."""
    records = sweep([0.5, 0.9], seeds)
    figure = drawn(records)
    (axes,) = figure.axes
    assert len(axes.collections) == bands
    names = ["0.50", "0.90", "weight scaling", *["95 % interval"] * (seeds >= 5)]
    assert legend_texts(figure) == names
    for band, averaging in zip(axes.collections, averagings(records), strict=False):
        outline = np.asarray(band.get_paths()[0].vertices)
        for k, point in zip(SAMPLES, averaging.val, strict=True):
            ends = [y for x, y in outline if x == k]
            assert (min(ends), max(ends)) == (point.low, point.high)


def test_title_says_the_data() -> None:
    """Data set, training images and seeds."""
    title = drawn(sweep([0.5], 3)).get_suptitle()
    assert title.splitlines()[1] == ("CIFAR-10, 500 training and 1,000 validation images, 3 seeds")


def test_nothing_overlaps_or_leaves_the_page() -> None:
    """Title, axes and legend stand apart, inside the figure."""
    figure = drawn(sweep(RATES, 2))
    figure.draw_without_rendering()
    inside, beside = figure.axes[0].get_tightbbox(), legend_of(figure).get_window_extent()
    assert inside is not None
    assert not inside.overlaps(beside)
    for box in (inside, beside):
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1


def test_no_samples_no_figure(tmp_path: Path) -> None:
    """Runs that averaged nothing have no such figure, and no file of its name."""
    records = sweep([0.5], monte_carlo_samples=())
    assert figure_or_none("monte_carlo", records) is None
    assert not any("monte_carlo" in path.name for path in draw(records, tmp_path))
    assert not list(tmp_path.rglob("monte_carlo*"))


def test_its_files_follow_what_it_shows(tmp_path: Path) -> None:
    """Another accuracy of averaged passes, or of weight scaling, is drawn again."""
    (first,) = sweep([0.5])
    second = replace(first, monte_carlo=MonteCarlo(SAMPLES, (0.2,) * len(SAMPLES)))
    third = replace(second, best_val_accuracy=0.5)
    path = tmp_path / "plots" / "monte_carlo.svg"
    contents = set()
    for shown in (first, second, third):
        assert path in draw([shown], tmp_path)
        contents.add(path.read_bytes())
    assert len(contents) == 3
