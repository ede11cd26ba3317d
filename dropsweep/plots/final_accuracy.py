"""Accuracy after the last epoch against the dropout rate, with the gap and the best rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.transforms import ScaledTranslation

from dropsweep.analysis import select, summarize
from dropsweep.plots import labels, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell, Choice, Estimate, RateSummary
    from dropsweep.records import RunRecord


def final_accuracy(records: Sequence[RunRecord], cell: Cell = ()) -> Figure:
    """Final training and validation accuracy of every rate, from the records of one cell.

    With two seeds or more, dots are seeds and bars 95 % intervals; crosses are diverged runs.
    """
    summaries = summarize(records)
    train = {each.rate: each.train for each in summaries if each.train is not None}
    val = {each.rate: each.val for each in summaries if each.val is not None}
    choice = select(summaries)

    figure = style.new_figure(5.4, labels.title("Final accuracy by dropout rate", records, cell))
    axes = figure.subplots()
    if choice is not None:
        _draw_gap(axes, train, val)
        _draw_means(axes, train, labels.ACCURACY_TRAIN, "o", style.TRAIN_COLOUR)
        _draw_means(axes, val, labels.ACCURACY_VAL, "s", style.VAL_COLOUR)
        _draw_seeds(axes, summaries)
        _mark_best(axes, choice)
    axes.set_xlabel(labels.RATE)
    axes.set_ylabel("accuracy after the last epoch")
    style.dress(axes)
    _draw_diverged(axes, summaries)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _draw_gap(axes: Axes, train: dict[float, Estimate], val: dict[float, Estimate]) -> None:
    """The shaded gap, and a line at each rate, which alone is seen where there is one rate."""
    rates = list(train)
    upper = [each.mean for each in train.values()]
    lower = [each.mean for each in val.values()]
    axes.fill_between(
        rates, lower, upper, color="0.5", alpha=0.13, linewidth=0, label="generalization gap"
    )
    axes.vlines(rates, lower, upper, color="0.5", alpha=0.35, linewidth=1)


def _draw_means(
    axes: Axes, estimates: dict[float, Estimate], label: str, marker: str, colour: str
) -> None:
    means = [each.mean for each in estimates.values()]
    halves: list[float] | None = None
    if any(each.count > 1 for each in estimates.values()):
        # a NaN draws no bar: one seed has no interval
        halves = [
            math.nan if each.high is None else each.high - each.mean for each in estimates.values()
        ]
        label = f"{label}, {labels.INTERVAL}"
    axes.errorbar(
        list(estimates), means, halves, color=colour, marker=marker, ms=5, capsize=4, label=label
    )


def _draw_seeds(axes: Axes, summaries: Sequence[RateSummary]) -> None:
    """Every seed's accuracies, pale, to the right of their mean."""
    several = [each for each in summaries if len(each.outcomes) > 1]
    dots = [(each.rate, outcome) for each in several for outcome in each.outcomes]
    if not dots:
        return
    aside = axes.transData + ScaledTranslation(8 / 72, 0, axes.figure.dpi_scale_trans)
    rates = [rate for rate, _ in dots]
    train = axes.plot(rates, [each.train for _, each in dots], ".", color=style.TRAIN_COLOUR)
    val = axes.plot(rates, [each.val for _, each in dots], ".", color=style.VAL_COLOUR)
    for line in (*train, *val):
        line.set(transform=aside, alpha=0.5, markeredgewidth=0)
    train[0].set_label(labels.SEED)


def _mark_best(axes: Axes, choice: Choice) -> None:
    """A ring around the best rate's point, which it leaves visible, named in the legend."""
    axes.plot(
        [choice.rate],
        [choice.val.mean],
        linestyle="none",
        marker="o",
        markersize=15,
        markerfacecolor="none",
        markeredgecolor="black",
        markeredgewidth=1.4,
        label=labels.best(choice),
    )


def _draw_diverged(axes: Axes, summaries: Sequence[RateSummary]) -> None:
    """Crosses on the rate axis, for a diverged run has no final accuracy."""
    diverged = [each for each in summaries if each.diverged]
    if diverged:
        axes.plot(
            [each.rate for each in diverged],
            [0.0] * len(diverged),
            "x",
            color="black",
            markersize=9,
            clip_on=False,
            transform=axes.get_xaxis_transform(),
            label=f"{sum(each.diverged for each in diverged)} diverged",
        )
