"""Validation accuracy over the dropout rate and one axis of the grid."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle

from dropsweep.analysis import format_setting, select
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import flatten, format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

    from dropsweep.analysis import RateSummary, Setting
    from dropsweep.plots.view import Axis
    from dropsweep.records import RunRecord

_MOST_NUMBERS = 24  # columns whose squares still hold a number
_LONGEST_NAME = 40


def draw(view: View) -> Figure | None:
    """Mean final validation accuracy of every rate at every value of a grid axis.

    Where the grid has other axes, they stay at the setting that validation chose: only seeds are
    averaged. None where that leaves one value.
    """
    (axis,) = view.axes
    summaries = view.summaries
    choice = select(summaries)
    rest = _rest(axis, summaries[0].setting if choice is None else choice.setting)
    shown = [each for each in summaries if _rest(axis, each.setting) == rest]
    words = {axis.value(each.setting): axis.words(each.setting) for each in shown}
    values = list(words)
    if len(values) < 2:
        return None
    rates = sorted({each.rate for each in shown})
    squares = {(rates.index(s.rate), values.index(axis.value(s.setting))): s for s in shown}

    of_slice = [each for each in view.records if _is_at(each, rest)]
    names = [textwrap.shorten(each, _LONGEST_NAME) for each in words.values()]
    rotation = style.rotation(names)
    height = 1.9 + 0.36 * min(max(len(rates), 3), 24) + 0.1 * max(map(len, names)) * (rotation > 0)
    figure = style.new_figure(height, _title(of_slice, axis, rest))
    axes = figure.subplots()
    mesh = _draw_means(axes, squares, (len(rates), len(values)))
    _hatch_blanks(axes, squares, (len(rates), len(values)))
    _write_numbers(axes, squares, mesh, len(values))
    if choice is not None:
        best = (rates.index(choice.rate), values.index(axis.value(choice.setting)))
        _frame(axes, best)
    axes.set_xticks([at + 0.5 for at in range(len(names))], names, rotation=rotation)
    axes.set_yticks([at + 0.5 for at in range(len(rates))], [format_rate(rate) for rate in rates])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(axis.name)
    axes.set_ylabel(labels.RATE)
    bar = figure.colorbar(mesh, ax=axes, pad=0.02)
    bar.set_label(labels.ACCURACY_VAL)
    bar.outline.set_visible(False)
    style.legend_below(figure, 3)
    return figure


def _title(records: Sequence[RunRecord], axis: Axis, rest: Setting) -> str:
    title = labels.title(f"Final validation accuracy by rate and {axis.name}", records, ())
    return f"{title}\nat {format_setting(rest)}, as validation chose" if rest else title


def _rest(axis: Axis, setting: Setting) -> Setting:
    """The setting apart from this axis."""
    return tuple((key, value) for key, value in setting if key not in axis.keys)


def _is_at(record: RunRecord, setting: Setting) -> bool:
    flat = flatten(record.spec)
    return all(flat[key] == value for key, value in setting)


def _draw_means(
    axes: Axes, squares: dict[tuple[int, int], RateSummary], shape: tuple[int, int]
) -> QuadMesh:
    means = np.full(shape, np.nan)
    for at, each in squares.items():
        if each.val is not None:
            means[at] = each.val.mean
    return axes.pcolormesh(np.ma.masked_invalid(means), cmap="viridis")


def _hatch_blanks(
    axes: Axes, squares: dict[tuple[int, int], RateSummary], shape: tuple[int, int]
) -> None:
    """Squares without a finished run, each kind named in the legend once."""
    named = set()
    for row, column in np.ndindex(shape):
        summary = squares.get((row, column))
        if summary is not None and summary.val is not None:
            continue
        name, hatch = ("no run", "//") if summary is None else ("all runs diverged", "xx")
        axes.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                facecolor="none",
                edgecolor="0.6",
                linewidth=0,
                hatch=hatch,
                label=None if name in named else name,
            )
        )
        named.add(name)


def _write_numbers(
    axes: Axes, squares: dict[tuple[int, int], RateSummary], mesh: QuadMesh, columns: int
) -> None:
    """Means in figures, with the number of runs that diverged, and are in no mean, below."""
    if columns > _MOST_NUMBERS:
        return
    size = min(9.0, 105 / columns)
    low, high = mesh.get_clim()
    for (row, column), each in squares.items():
        if each.val is not None:
            light = each.val.mean > low + 0.45 * (high - low)
            text = f"{each.val.mean:.3f}"
            if each.diverged:
                text += f"\n{each.diverged} diverged"
            axes.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=size * (0.75 if each.diverged else 1),
                color="black" if light else "white",
            )


def _frame(axes: Axes, best: tuple[int, int]) -> None:
    """White within black: seen on every colour."""
    row, column = best
    for width, colour, label in ((4.5, "black", "best on validation"), (1.5, "white", None)):
        axes.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                fill=False,
                edgecolor=colour,
                linewidth=width,
                label=label,
                clip_on=False,
                zorder=3,
            )
        )


def _caption(view: View) -> str:
    means = ", the mean over seeds" if view.several else ""
    blank = " A hatched square has no finished run." if view.diverged else ""
    frame = "" if view.baseline is None else "; the frame is the best"
    return f"Each square is validation accuracy after the last epoch{means}{frame}.{blank}"


FIGURE = Kind(
    10,
    "Which rate is best where, along an axis of the grid?",
    "a grid",
    draw,
    _caption,
    of="axis",
    is_picture=True,
)
