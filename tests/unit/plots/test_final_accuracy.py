"""The figure of final accuracy by rate, by what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.analysis import select, summarize
from tests.factories import RATES, make_record, make_spec, make_sweep
from tests.unit.plots.drawn import figure_of, legend_texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


def labelled(axes: Axes) -> dict[str, Line2D]:
    """Lines by the beginning of their label."""
    found = {str(line.get_label()): line for line in axes.lines}
    for container in axes.containers:
        found[str(container.get_label())] = container[0]
    return {label.split(":")[0]: line for label, line in found.items()}


@pytest.mark.parametrize("rates", [(0.75,), (0.0, 0.5, 0.9), RATES])
@pytest.mark.parametrize("seeds", [1, 5])
def test_means_against_rates(rates: tuple[float, ...], seeds: int) -> None:
    """Both lines pass through the means, and the limits hold them."""
    records = make_sweep(rates, seeds)
    (axes,) = figure_of("final_accuracy", records).axes
    summaries = summarize(records)
    suffix = ", 95 % interval" if seeds > 1 else ""
    lines = labelled(axes)
    train, val = lines[f"training accuracy{suffix}"], lines[f"validation accuracy{suffix}"]
    np.testing.assert_array_equal(train.get_xdata(), rates)
    np.testing.assert_array_equal(
        train.get_ydata(), [each.train.mean for each in summaries if each.train is not None]
    )
    means = [each.val.mean for each in summaries if each.val is not None]
    np.testing.assert_array_equal(val.get_ydata(), means)
    low, high = axes.get_ylim()
    assert low < min(means)
    assert high > np.max(train.get_ydata())
    assert axes.get_xlim()[0] < rates[0]
    assert axes.get_xlim()[1] > rates[-1]
    assert axes.get_xlabel() == "dropout rate"
    assert "accuracy" in axes.get_ylabel()


def test_the_gap_is_shaded() -> None:
    """Shade lies between training and validation, and is called the generalization gap."""
    records = make_sweep([0.0, 0.9])
    shade = figure_of("final_accuracy", records).axes[0].collections[0]
    ends = {
        (each.rate, mean.mean)
        for each in summarize(records)
        for mean in (each.train, each.val)
        if mean is not None
    }
    assert shade.get_label() == "generalization gap"
    assert {(x, y) for x, y in np.asarray(shade.get_paths()[0].vertices)} == ends


def test_the_best_rate_is_marked_and_named() -> None:
    """A ring, hollow so that it covers nothing, stands at validation's choice."""
    records = make_sweep()
    choice = select(summarize(records))
    figure = figure_of("final_accuracy", records)
    assert choice is not None
    ring = labelled(figure.axes[0])["best on validation"]
    np.testing.assert_array_equal(ring.get_xydata(), [[choice.rate, choice.val.mean]])
    assert ring.get_markerfacecolor() == "none"
    assert f"best on validation: rate {choice.rate:.2f} ({choice.val.mean:.3f})" in legend_texts(
        figure
    )


def test_one_seed_shows_no_interval() -> None:
    """One seed has a gap and a best rate, but neither bars nor dots."""
    figure = figure_of("final_accuracy", make_sweep())
    assert [text.split(":")[0] for text in sorted(legend_texts(figure))] == [
        "best on validation",
        "generalization gap",
        "training accuracy",
        "validation accuracy",
    ]


def test_every_seed_is_a_dot() -> None:
    """Five seeds of three rates are fifteen dots in each colour, and bars beside them."""
    (axes,) = figure_of("final_accuracy", make_sweep([0.0, 0.5, 0.9], 5)).axes
    dots = [line for line in axes.lines if line.get_marker() == "."]
    assert [len(np.asarray(line.get_xdata())) for line in dots] == [15, 15]
    bars = [container[2][0].get_segments() for container in axes.containers]
    assert [len(segments) for segments in bars] == [3, 3]


@pytest.mark.parametrize("rates", [(0.0, 0.5, 0.99), (0.0, 0.001, 0.002), (0.5,)])
def test_dots_stand_beside_the_mean_and_inside_the_axis(rates: tuple[float, ...]) -> None:
    """Towards the middle, so that none stands where no rate can be; both colours are named."""
    figure = figure_of("final_accuracy", make_sweep(rates, 3))
    (axes,) = figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "."]
    assert [line.get_label() for line in dots] == ["one seed, training", "one seed, validation"]
    for line in dots:
        places = np.asarray(line.get_xdata())
        assert len(rates) == 1 or (min(rates) < min(places) and max(places) < max(rates))
        assert all(np.abs(rate - places).min() > 0 for rate in rates)


def test_bars_are_the_intervals() -> None:
    """A bar spans the 95 % interval; a rate of one seed has none."""
    records = make_sweep([0.0, 0.5], 2)[:3]
    (axes,) = figure_of("final_accuracy", records).axes
    wide, narrow = summarize(records)
    _, val = axes.containers
    segments = val[2][0].get_segments()
    assert wide.val is not None
    assert wide.val.low is not None
    assert wide.val.high is not None
    assert narrow.val is not None
    assert narrow.val.count == 1
    np.testing.assert_allclose(segments[0][:, 1], [wide.val.low, wide.val.high])
    assert [np.isfinite(segment).all() and len(segment) for segment in segments] == [2, 0]


def test_diverged_rates_are_crossed() -> None:
    """A diverged run stands on the rate axis, for it has no final accuracy."""
    records = [
        make_record(make_spec(0.0)),
        make_record(make_spec(0.5, 0), points=3),
        make_record(make_spec(0.5, 1), points=3),
    ]
    figure = figure_of("final_accuracy", records)
    cross = labelled(figure.axes[0])["2 diverged"]
    np.testing.assert_array_equal(cross.get_xdata(), [0.5])


def test_all_diverged() -> None:
    """Without a finished run, crosses stand alone over the whole range of accuracies."""
    figure = figure_of("final_accuracy", [make_record(make_spec(), points=3)])
    assert legend_texts(figure) == ["1 diverged"]
    assert figure.axes[0].get_ylim() == (0.0, 1.0)
