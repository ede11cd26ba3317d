"""Training and validation accuracy along training, one line a dropout rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dropsweep.analysis import curves, summarize
from dropsweep.plots import labels, style
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell, Curve, Estimate, RateSummary
    from dropsweep.records import RunRecord

_LEGEND_ROWS = 24
_MARKED_POINTS = 30  # more markers than these run into one another


def accuracy(records: Sequence[RunRecord], cell: Cell = ()) -> Figure:
    """Two panels over a common epoch axis, from the records of one cell.

    Bands are 95 % intervals over seeds; a diverged run is dotted and ends in a cross.
    """
    summaries = summarize(records)
    colours = style.rate_colours([summary.rate for summary in summaries])
    figure = style.new_figure(6.4, labels.title("Accuracy by epoch", records, cell))
    above, below = figure.subplots(2, 1, sharex=True)
    for curve in curves(records):
        _draw(above, curve, curve.train, colours[curve.rate])
        _draw(below, curve, curve.val, colours[curve.rate])
    above.set_ylabel(labels.ACCURACY_TRAIN)
    below.set_ylabel(labels.ACCURACY_VAL)
    below.set_xlabel("epoch")
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    style.dress(above)
    style.dress(below)
    _add_legend(figure, summaries, colours)
    return figure


def _draw(axes: Axes, curve: Curve, points: Sequence[Estimate], colour: style.Colour) -> None:
    few = len(points) <= _MARKED_POINTS
    means = [point.mean for point in points]
    axes.plot(
        curve.epochs,
        means,
        color=colour,
        linewidth=1.6,
        linestyle=":" if curve.diverged else "-",
        marker="o" if few else None,
        markersize=3,
        label=format_rate(curve.rate),
    )
    if curve.diverged:
        axes.plot(curve.epochs[-1:], means[-1:], "x", color=colour, markersize=9, label="diverged")
    ends = [(point.low, point.high) for point in points]
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    if lows:
        axes.fill_between(curve.epochs, lows, highs, color=colour, alpha=0.15, linewidth=0)


def _add_legend(
    figure: Figure, summaries: Sequence[RateSummary], colours: dict[float, style.Colour]
) -> None:
    """One legend for both panels, beside them."""
    handles: list[Artist] = [
        Line2D(
            [],
            [],
            color=colours[summary.rate],
            linewidth=2.4,
            label=format_rate(summary.rate) + labels.diverged(summary),
        )
        for summary in summaries
    ]
    if any(len(summary.outcomes) > 1 for summary in summaries):
        handles.append(Patch(color="0.5", alpha=0.25, linewidth=0, label=labels.INTERVAL))
    columns = -(-len(handles) // _LEGEND_ROWS)
    figure.legend(
        handles=handles,
        loc="outside right center",  # clear of the title
        title=labels.RATE,
        ncols=columns,
        frameon=False,
    )
