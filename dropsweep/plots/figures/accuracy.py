"""Training and validation accuracy along training, one line a dropout rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dropsweep.analysis import curves, select
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Curve, Estimate, RateSummary

_LEGEND_ROWS = 24
_BANDS = 4  # of more rates they cover one another
_MARKED_POINTS = 30  # more markers than these run into one another


def draw(view: View) -> Figure:
    """Two panels over a common epoch axis, from the records of one setting.

    Bands are 95 % intervals over seeds, of many rates those of the lowest and the chosen one alone;
    a diverged run is dotted and ends in a cross.
    """
    summaries = view.summaries
    colours = style.rate_colours([summary.rate for summary in summaries])
    figure = style.new_figure(6.4, labels.title("Accuracy by epoch", view.records, view.setting))
    above, below = figure.subplots(2, 1, sharex=True)
    banded = _banded(summaries)
    for curve in curves(view.records):
        for axes, points in ((above, curve.train), (below, curve.val)):
            _draw(axes, curve, points, colours[curve.rate])
            if curve.rate in banded:
                _draw_band(axes, curve, points, colours[curve.rate])
    above.set_ylabel(labels.ACCURACY_TRAIN)
    below.set_ylabel(labels.ACCURACY_VAL)
    below.set_xlabel("epoch")
    below.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    style.dress(above)
    style.dress(below)
    _add_legend(figure, summaries, colours, banded)
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


def _banded(summaries: Sequence[RateSummary]) -> list[float]:
    """The rates whose bands are drawn: those of several seeds, of many rates two."""
    rates = [each.rate for each in summaries if len(each.outcomes) > 1]
    choice = select(summaries)
    if len(summaries) <= _BANDS or choice is None:
        return rates
    return [rate for rate in rates if rate in (rates[0], choice.rate)]


def _draw_band(axes: Axes, curve: Curve, points: Sequence[Estimate], colour: style.Colour) -> None:
    ends = [(point.low, point.high) for point in points]
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    if lows:
        axes.fill_between(curve.epochs, lows, highs, color=colour, alpha=0.15, linewidth=0)


def _add_legend(
    figure: Figure,
    summaries: Sequence[RateSummary],
    colours: dict[float, style.Colour],
    banded: Sequence[float],
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
    if banded:
        few = len(banded) < sum(len(each.outcomes) > 1 for each in summaries)
        of = f"\nof {' and '.join(map(format_rate, banded))}" if few else ""
        label = f"{labels.INTERVAL}{of}"
        handles.append(Patch(color="0.5", alpha=0.25, linewidth=0, label=label))
    columns = -(-len(handles) // _LEGEND_ROWS)
    figure.legend(
        handles=handles,
        loc="outside right center",  # clear of the title
        title=labels.RATE,
        ncols=columns,
        frameon=False,
    )


def _caption(view: View) -> str:
    lines = "Lines are means over seeds and bands their 95 % intervals. " if view.several else ""
    end = " A dotted line that ends in a cross is a run that diverged." if view.diverged else ""
    return (
        f"{lines}Training accuracy that climbs while validation accuracy falls is overfitting.{end}"
    )


FIGURE = Kind(
    50,
    "How does accuracy develop while each rate is trained?",
    "a run with a measured point",
    draw,
    _caption,
)
