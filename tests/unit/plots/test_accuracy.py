"""The figure of accuracy by epoch, by what is on it."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.analysis import curves, select, summarize
from tests.factories import RATES, make_record, make_spec, make_sweep
from tests.unit.plots.drawn import figure_of, legend_texts


@pytest.mark.parametrize("rates", [(0.75,), (0.0, 0.5, 0.9), RATES])
def test_one_line_a_rate_in_both_panels(rates: tuple[float, ...]) -> None:
    """Each panel has a line a rate, in one colour over panels and legend."""
    figure = figure_of("accuracy", make_sweep(rates))
    (legend,) = figure.legends
    assert len(figure.axes) == 2
    for axes in figure.axes:
        assert len(axes.lines) == len(rates)
        assert [line.get_color() for line in axes.lines] == [
            line.get_color() for line in legend.get_lines()
        ]
        assert axes.get_legend() is None
    assert legend_texts(figure) == [f"{rate:.2f}" for rate in rates]
    assert legend.get_title().get_text() == "dropout rate"


def test_lines_are_the_histories() -> None:
    """Training above validation, at the epochs they were measured."""
    record = make_record(make_spec(epochs=5))
    above, below = figure_of("accuracy", [record]).axes
    for axes, values in (
        (above, record.history.train_accuracy),
        (below, record.history.val_accuracy),
    ):
        (line,) = axes.lines
        assert list(line.get_xdata()) == list(record.history.epoch)  # type: ignore[arg-type] # an array or a list
        assert list(line.get_ydata()) == list(values)  # type: ignore[arg-type] # the same
        low, high = axes.get_ylim()
        assert low <= min(values)
        assert high >= max(values)
    assert above.get_ylabel() == "training accuracy"
    assert below.get_ylabel() == "validation accuracy"
    assert below.get_xlabel() == "epoch"


@pytest.mark.parametrize(("seeds", "bands"), [(1, 0), (5, 3)])
def test_bands_need_two_seeds(seeds: int, bands: int) -> None:
    """Each rate has a band where seeds differ, and the legend says what it is."""
    figure = figure_of("accuracy", make_sweep([0.0, 0.5, 0.9], seeds))
    assert [len(axes.collections) for axes in figure.axes] == [bands, bands]
    assert ("95 % interval" in legend_texts(figure)) == bool(bands)


def test_of_many_rates_two_have_bands() -> None:
    """The lowest and the chosen one, and the legend names them; up to four all have theirs."""
    figure = figure_of("accuracy", make_sweep(RATES, 5))
    choice = select(summarize(make_sweep(RATES, 5)))
    assert choice is not None
    assert [len(axes.collections) for axes in figure.axes] == [2, 2]
    below = figure.axes[1]
    chosen = next(line for line in below.lines if line.get_label() == f"{choice.rate:.2f}")
    band = below.collections[1].get_facecolor()
    np.testing.assert_allclose(np.asarray(band)[0, :3], np.asarray(chosen.get_color())[:3])
    assert legend_texts(figure)[-1] == f"95 % interval\nof 0.00 and {choice.rate:.2f}"
    four = figure_of("accuracy", make_sweep(RATES[:4], 5))
    assert [len(axes.collections) for axes in four.axes] == [4, 4]
    assert legend_texts(four)[-1] == "95 % interval"


@pytest.mark.parametrize("epochs", [1, 2, 7])
def test_epochs_are_whole_numbers(epochs: int) -> None:
    """However few there are."""
    figure = figure_of("accuracy", make_sweep([0.0], epochs=epochs, train_size=50))
    figure.draw_without_rendering()
    ticks = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert ticks
    assert all("." not in tick for tick in ticks)


def test_bands_are_the_intervals() -> None:
    """The band of validation spans its intervals, epoch by epoch."""
    records = make_sweep([0.5], 3, epochs=2)
    _, below = figure_of("accuracy", records).axes
    (curve,) = curves(records)
    outline = below.collections[0].get_paths()[0].vertices
    for epoch, point in zip(curve.epochs, curve.val, strict=True):
        ends = [y for x, y in np.asarray(outline) if x == epoch]
        assert (min(ends), max(ends)) == (point.low, point.high)


@pytest.mark.parametrize(("seeds", "words"), [(1, "1 seed"), (5, "5 seeds")])
def test_title_says_the_data(seeds: int, words: str) -> None:
    """Data set, training images and seeds stand in the title, and the setting if there is one."""
    figure = figure_of(
        "accuracy", make_sweep([0.5], seeds, epochs=1), (("model.dtype", "float32"),)
    )
    assert figure.get_suptitle().replace("\n", " ") == (
        "Accuracy by epoch CIFAR-10, 500 training and 1,000 validation images, "
        f"{words}, model.dtype = float32"
    )


def test_title_of_an_unfinished_sweep() -> None:
    """Where rates have different numbers of seeds, the title says so."""
    figure = figure_of("accuracy", make_sweep([0.0, 0.5], 3, epochs=1)[:4])
    assert "2 seeds" in figure.get_suptitle()
    figure = figure_of("accuracy", make_sweep([0.0, 0.5], 3, epochs=1)[:5])
    assert "2 to 3 seeds" in figure.get_suptitle()


def test_a_diverged_run_is_dotted_and_crossed() -> None:
    """A diverged run is shown as far as it went, and counted in the legend."""
    figure = figure_of(
        "accuracy",
        [make_record(make_spec(0.5, 0)), make_record(make_spec(0.5, 1), points=3)],
    )
    assert legend_texts(figure) == ["0.50 (1 diverged)"]
    for axes in figure.axes:
        mean, dotted, cross = axes.lines
        assert (mean.get_linestyle(), dotted.get_linestyle()) == ("-", ":")
        assert (cross.get_marker(), cross.get_xdata()[0]) == ("x", 2)  # type: ignore[index] # a list


@pytest.mark.parametrize("count", [1, 7, 40])
def test_nothing_overlaps_or_leaves_the_page(count: int) -> None:
    """Title, panels and legend stand apart, inside the figure."""
    setting = (("dataset.train_size", 500), ("model.hidden_sizes", (500, 500)))
    figure = figure_of(
        "accuracy", make_sweep([at / count for at in range(count)], epochs=2), setting
    )
    figure.draw_without_rendering()
    (legend,) = figure.legends
    title = figure.texts[0] if figure.texts else figure._suptitle  # type: ignore[attr-defined] # no other way
    beside = legend.get_window_extent()
    boxes = [beside, title.get_window_extent()]
    boxes += [axes.get_tightbbox() for axes in figure.axes]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
    assert not any(beside.overlaps(box) for box in boxes[1:])
    assert not any(boxes[1].overlaps(box) for box in boxes[2:])
