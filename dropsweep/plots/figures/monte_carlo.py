"""Accuracy of averaged masked passes against their number, beside weight scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dropsweep.analysis import averagings
from dropsweep.columns.words import FEW_SEEDS
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Averaging
    from dropsweep.plots.style import Look

_LEGEND_ROWS = 20
_TICKS = 16  # as many labels as stand side by side


def draw(view: View) -> Figure | None:
    """A line a rate, dashed where its nets use weight scaling, from the records of one setting.

    Bands are 95 % intervals over five seeds or more. None where no run averaged masked passes.
    """
    measured = averagings(view.records)
    if not measured:
        return None
    colours = style.rate_colours([each.rate for each in view.summaries], view.look)
    what = "Averaged masked passes and weight scaling"
    figure = style.new_figure(4.8, labels.title(what, view.records, view.setting), view.look)
    axes = figure.subplots()
    lines = []
    for each in measured:
        with style.of_rate(axes, each.rate):
            lines.append(_draw(axes, each, colours[each.rate]))
    _set_ticks(axes, measured[0].samples)
    axes.set_xlabel("masked passes averaged")
    axes.set_ylabel(f"{labels.ACCURACY_VAL} at the best epoch")
    style.dress(axes)
    banded = any(each.weight_scaling.count >= FEW_SEEDS for each in measured)
    _add_legend(figure, lines, view.look, banded)
    return figure


def _draw(axes: Axes, averaging: Averaging, colour: str) -> Line2D:
    """Draw a rate; its solid line, for the legend."""
    means = [point.mean for point in averaging.val]
    axes.axhline(averaging.weight_scaling.mean, color=colour, linestyle="--", linewidth=1.1)
    ends = [(each.low, each.high) for each in averaging.val if each.count >= FEW_SEEDS]
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    if lows:
        axes.fill_between(averaging.samples, lows, highs, color=colour, alpha=0.15, linewidth=0)
    label = format_rate(averaging.rate)
    (line,) = axes.plot(
        averaging.samples, means, "o-", color=colour, markersize=4, linewidth=1.6, label=label
    )
    return line


def _set_ticks(axes: Axes, samples: Sequence[int]) -> None:
    """A logarithmic axis labelled at the measured numbers that stand apart."""
    apart = (samples[-1] / samples[0]) ** (1 / _TICKS)
    ticks = [samples[0]]
    for k in samples[1:]:
        if k >= ticks[-1] * apart:
            ticks.append(k)
    axes.set_xscale("log")
    axes.set_xticks(ticks, [str(k) for k in ticks])
    axes.minorticks_off()


def _add_legend(figure: Figure, lines: Sequence[Line2D], look: Look, banded: bool) -> None:
    handles: list[Artist] = [
        *lines,
        Line2D([], [], color="0.4", linestyle="--", linewidth=1.1, label="weight scaling"),
    ]
    if banded:
        handles.append(Patch(color="0.5", alpha=0.25, linewidth=0, label=labels.INTERVAL))
    figure.legend(
        handles=handles,
        loc="outside lower center" if look.is_narrow else "outside right center",
        title=labels.RATE,
        ncols=2 if look.is_narrow else -(-len(handles) // _LEGEND_ROWS),
        frameon=False,
    )


def _caption(view: View) -> str:
    several = any(len(each.outcomes) >= FEW_SEEDS for each in view.summaries)
    bands = " Bands are 95 % intervals over seeds." if several else ""
    return (
        f"Solid lines average masked passes, dashed lines use weight scaling once: where they meet,"
        f" more passes gain nothing.{bands}"
    )


def _alt(view: View) -> str:
    lines = [
        f"rate {format_rate(each.rate)}: weight scaling {each.weight_scaling.mean:.3f}, "
        f"{each.samples[-1]} passes {each.val[-1].mean:.3f}"
        for each in averagings(view.records)
    ]
    return f"Validation accuracy at the best epoch. {'; '.join(lines)}."


FIGURE = Kind(
    60,
    "How many averaged masked passes are as good as weight scaling?",
    "evaluation.monte_carlo_samples in the config",
    draw,
    _caption,
    _alt,
)
