"""Accuracy after the last epoch against the dropout rate, with the gap and the best rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import select
from dropsweep.plots import labels, style
from dropsweep.plots.points import draw_diverged, draw_means, draw_seeds, name_rates
from dropsweep.plots.view import Kind, View

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Choice, Estimate


def draw(view: View) -> Figure:
    """Final training and validation accuracy of every rate, from the records of one setting.

    With two seeds or more, dots are seeds and bars 95 % intervals; crosses are diverged runs.
    """
    summaries = view.summaries
    train = {each.rate: each.train for each in summaries if each.train is not None}
    val = {each.rate: each.val for each in summaries if each.val is not None}
    choice = select(summaries)

    figure = style.new_figure(
        5.4, labels.title("Final accuracy by dropout rate", view.records, view.setting)
    )
    axes = figure.subplots()
    if choice is not None:
        _draw_gap(axes, train, val)
        draw_means(axes, train, labels.ACCURACY_TRAIN, "o", style.TRAIN_COLOUR)
        draw_means(axes, val, labels.ACCURACY_VAL, "s", style.VAL_COLOUR)
        outcomes = [(each.rate, one) for each in summaries for one in each.outcomes]
        for dots, colour, of in (
            ([(at, one.train) for at, one in outcomes], style.TRAIN_COLOUR, "training"),
            ([(at, one.val) for at, one in outcomes], style.VAL_COLOUR, "validation"),
        ):
            draw_seeds(axes, dots, colour, f"{labels.SEED}, {of}")
        _mark_best(axes, choice)
    name_rates(axes, [each.rate for each in summaries])
    axes.set_ylabel("accuracy after the last epoch")
    style.dress(axes)
    draw_diverged(axes, summaries)
    style.legend_below(figure)
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


def _caption(view: View) -> str:
    if view.baseline is None:
        return labels.crosses(view).strip()
    return (
        f"{labels.points(view)} The ring is the rate that validation chose.{labels.crosses(view)}"
    )


FIGURE = Kind(
    20,
    "Which dropout rate ends best, and how far apart are training and validation?",
    "a run with a measured point",
    draw,
    _caption,
)
