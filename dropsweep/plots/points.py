"""Marks that several figures share: means with intervals, single seeds, diverged runs."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from matplotlib.transforms import ScaledTranslation

from dropsweep.plots import labels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Literal

    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

    from dropsweep.analysis import Estimate, RateSummary

_ASIDE = 0.014  # of the width of the axis


def draw_means(
    axes: Axes,
    estimates: Mapping[float, Estimate],
    label: str,
    marker: str,
    colour: str,
    *,
    line: Literal["-", "--", "none"] = "-",
    aside: float = 0.0,
) -> None:
    """A line through the means, with bars where there is an interval, which the label then says.

    It is moved ``aside`` inches to the right, so that bars of several lines stay apart.
    """
    means = [each.mean for each in estimates.values()]
    halves: list[float] | None = None
    if any(each.count > 1 for each in estimates.values()):
        # a NaN draws no bar: one seed has no interval
        halves = [
            math.nan if each.high is None else each.high - each.mean for each in estimates.values()
        ]
        label = f"{label}, {labels.INTERVAL}"
    drawn = axes.errorbar(
        list(estimates),
        means,
        halves,
        color=colour,
        marker=marker,
        linestyle=line,
        ms=5,
        capsize=4,
        label=label,
    )
    for artist in drawn.get_children():
        artist.set_transform(_moved(axes, aside))  # only now: limits are those of the data


def draw_seeds(
    axes: Axes,
    dots: Sequence[tuple[float, float]],
    colour: str,
    label: str,
    width: float = 0.0,
) -> None:
    """Every seed's value as a pale dot, beside its rate's mean on the side of the axis' middle.

    Rates of a single seed have no dots: that seed is their mean. ``width`` is that of the axis, if
    it is more than the span of rates.
    """
    counts = Counter(rate for rate, _ in dots)
    several = [(rate, value) for rate, value in dots if counts[rate] > 1]
    if not several:
        return
    low, high = min(counts), max(counts)
    aside, middle = _ASIDE * (width or high - low or 1), (low + high) / 2
    at = [rate + math.copysign(aside, middle - rate) for rate, _ in several]
    values = [value for _, value in several]
    axes.plot(at, values, ".", color=colour, alpha=0.5, markeredgewidth=0, label=label)


def name_rates(axes: Axes, rates: Collection[float]) -> None:
    """The axis of dropout rates; around a single rate, the whole range that rates can have."""
    axes.set_xlabel(labels.RATE)
    if len(rates) == 1:
        axes.set_xlim(-0.05, 1.05)


def draw_diverged(axes: Axes, summaries: Sequence[RateSummary]) -> None:
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


def _moved(axes: Axes, inches: float) -> Transform:
    return axes.transData + ScaledTranslation(inches, 0, axes.figure.dpi_scale_trans)
