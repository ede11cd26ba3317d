"""Difference to the baseline over the dropout rate and one axis of the grid, or over two axes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch, Rectangle

from dropsweep.analysis import format_setting, select
from dropsweep.plots import labels, rendering, style
from dropsweep.plots.view import Kind, View, interval, verdict
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

    from dropsweep.analysis import Difference, RateSummary, Setting
    from dropsweep.records import RunRecord

_MOST_NUMBERS = 16  # columns whose squares still hold a number
_LONGEST_NAME = 40
_LEAST_SPAN = 0.01  # of accuracy: less is noise, whatever was found
_PALER = 1.25  # of the span: the ends of the colours are too dark to read on
_DARK = 0.75  # of the span: squares beyond it are dark


@dataclass(frozen=True)
class Square:
    """One rate in one setting."""

    difference: float | None
    """To the baseline of its setting, in accuracy; None of the baseline, or where none finished."""
    proven: bool
    """True if the difference is shown to be more than noise."""
    text: str
    """Its numbers, as they stand in it."""
    status: str = ""
    """Why there is no number: ``all runs diverged``; empty where there is one."""


@dataclass(frozen=True)
class Content:
    """All that the figure shows."""

    columns: list[str]
    rows: list[str]
    rates: list[float]
    """Of each row; with two axes all are the same."""
    squares: dict[tuple[int, int], Square]
    """By row and column."""
    best: tuple[int, int] | None
    """The square that validation chose."""
    span: float
    """Differences from minus this to this have a colour."""
    rest: Setting
    """Values of the other axes, as validation chose; with two axes the rate is one of them."""
    row_name: str
    column_name: str
    records: list[RunRecord]


def find_content(view: View) -> Content | None:
    """The values; None where fewer than two values are left along an axis.

    Other axes of the grid stay at the setting that validation chose: only seeds are averaged.
    """
    choice, first, across = select(view.summaries), view.summaries[0], view.axes[-1]
    held, rate = (first.setting, first.rate) if choice is None else (choice.setting, choice.rate)
    keys = {key for axis in view.axes for key in axis.keys}

    def others(setting: Setting) -> Setting:
        return tuple((key, value) for key, value in setting if key not in keys)

    rest = others(held)
    shown = [each for each in view.summaries if others(each.setting) == rest]
    columns = {across.value(each.setting): across.words(each.setting) for each in shown}
    if len(view.axes) > 1:
        down = view.axes[0]
        shown = [each for each in shown if each.rate == rate]
        places: list[object] = [down.value(each.setting) for each in shown]
        rows = {place: down.words(each.setting) for place, each in zip(places, shown, strict=True)}
        rates, row_name, rest = [rate] * len(rows), down.name, (("dropout.rate", rate), *rest)
    else:
        places = [each.rate for each in shown]
        rates, row_name = sorted({each.rate for each in shown}), labels.RATE
        rows = {each: format_rate(each) for each in rates}
    if len(columns) < 2 or (len(view.axes) > 1 and len(rows) < 2):
        return None
    squares, best, span = {}, None, _LEAST_SPAN
    row_at = {value: at for at, value in enumerate(rows)}
    column_at = {value: at for at, value in enumerate(columns)}
    for each, place in zip(shown, places, strict=True):
        at = row_at[place], column_at[across.value(each.setting)]
        difference = view.sweep.findings.difference(each.setting, each.rate)
        squares[at] = _square(each, difference)
        if each.val and difference:
            low, high = interval(difference) or (0.0, 0.0)
            span = max(span, abs(difference.estimate.mean), (high - low) / 2)
        if each.val and choice and (each.setting, each.rate) == (held, rate):
            best = at
    return Content(
        list(columns.values()), list(rows.values()), rates, squares, best, span, rest, row_name,
        across.name, _at(view.records, rest),
    )  # fmt: skip


def _square(summary: RateSummary, difference: Difference | None) -> Square:
    if summary.val is None:
        return Square(None, False, "", "all runs diverged")
    lost = f"\n{summary.diverged} diverged" if summary.diverged else ""
    text = f"{summary.val.mean:.3f}{lost}"
    if difference is None:
        return Square(None, True, text)
    mean = difference.estimate.mean
    return Square(mean, verdict(difference) != "cannot tell", f"{100 * mean:+.1f}\n{text}")


def _at(records: Sequence[RunRecord], setting: Setting) -> list[RunRecord]:
    """Those with these values; a rate is one whichever way it was given."""
    values = [(attrgetter("rate" if key == "dropout.rate" else key), at) for key, at in setting]
    return [each for each in records if all(find(each.spec) == at for find, at in values)]


def draw(view: View) -> Figure | None:
    """Squares in colours that are centred on no difference; unproven ones are hatched."""
    content, look = find_content(view), view.look
    if content is None:
        return None
    names = [rendering.printable(textwrap.shorten(each, _LONGEST_NAME)) for each in content.columns]
    rows, columns = len(content.rows), len(content.columns)
    turned = (max(map(len, names)) + 1) * len(names) * look.size > 85 * look.width
    longest = max(map(len, names)) if turned else 0
    height = 2.3 + 0.5 * min(max(rows, 3), 20) + 0.1 * longest
    figure = style.new_figure(height, _title(content), look)
    axes = figure.subplots()
    for row, rate in enumerate(content.rates):
        with style.of_rate(axes, rate):
            mesh = _draw_colours(axes, content, row)
            _hatch(axes, content, row, look)
            if columns <= _MOST_NUMBERS * look.width / 8:
                _write_numbers(axes, content, row, look)
    squares = content.squares.values()
    hatched = {"facecolor": "none", "edgecolor": look.muted}
    framed = {"facecolor": "none", "edgecolor": look.ink, "linewidth": 2.5}
    if content.best is not None:
        _frame(axes, content.best, look)
    marks: list[tuple[bool, str, dict[str, Any]]] = [
        (any(not each.proven and not each.status for each in squares), "not proven",
         {**hatched, "hatch": "///"}),
        (any(each.status for each in squares), "all runs diverged", {**hatched, "hatch": "xxx"}),
        (len(squares) < rows * columns, "no run", {"facecolor": look.bar}),
        (content.best is not None, "best on validation", framed),
    ]  # fmt: skip
    axes.set_xticks([at + 0.5 for at in range(columns)], names, rotation=90 if turned else 0)
    axes.set_yticks([at + 0.5 for at in range(rows)], content.rows)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(content.column_name)
    axes.set_ylabel(content.row_name)
    bar = figure.colorbar(mesh, ax=axes, pad=0.02, format=lambda x, _: f"{100 * x:+.1f}")
    bar.set_label("difference to the baseline,\npercentage points")
    bar.outline.set_visible(False)
    handles = [Patch(**options, label=label) for there, label, options in marks if there]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=2 if look.is_narrow else 4, frameon=False
    )
    return figure


def _title(content: Content) -> str:
    if content.best is None:
        what = "Every run diverged"
    else:
        row, column = content.best
        what = (
            f"Best on validation: {content.row_name} {content.rows[row]}, "
            f"{content.column_name} {content.columns[column]}"
        )
    title = labels.title(what, content.records, ())
    held = f"\nat {format_setting(content.rest)}, as validation chose" if content.rest else ""
    return f"{title}{held}"


def _draw_colours(axes: Axes, content: Content, row: int) -> QuadMesh:
    values = np.full((1, len(content.columns)), np.nan)
    for (at, column), each in content.squares.items():
        if at == row and not each.status:
            values[0, column] = each.difference or 0.0
    return axes.pcolormesh(
        range(len(content.columns) + 1), [row, row + 1], np.ma.masked_invalid(values),
        cmap="PuOr_r", vmin=-_PALER * content.span, vmax=_PALER * content.span,
    )  # fmt: skip


def _hatch(axes: Axes, content: Content, row: int, look: style.Look) -> None:
    """Squares without a proven difference, without a finished run, and without a run."""
    for column in range(len(content.columns)):
        square = content.squares.get((row, column))
        if square is not None and square.proven and not square.status:
            continue
        hatch = None if square is None else "xxx" if square.status else "///"
        fill = look.bar if square is None else "none"
        patch: dict[str, Any] = {
            "facecolor": fill,
            "edgecolor": "#8a8a8a",
            "linewidth": 0,
            "hatch": hatch,
        }
        axes.add_patch(Rectangle((column, row), 1, 1, alpha=0.45, **patch))


def _write_numbers(axes: Axes, content: Content, row: int, look: style.Look) -> None:
    size = min(look.small, 12.0 * look.width / len(content.columns), 8.5)
    for column in range(len(content.columns)):
        each = content.squares.get((row, column))
        if each is None:
            continue
        dark = abs(each.difference or 0.0) > _DARK * content.span
        fill = "none" if each.proven else "#ffffffb0" if not dark else "#00000070"
        axes.text(
            column + 0.5, row + 0.5, each.text, ha="center", va="center", fontsize=size,
            linespacing=1.05, color="white" if dark else "black",
            bbox={"boxstyle": "round,pad=0.1", "facecolor": fill, "edgecolor": "none"},
        )  # fmt: skip


def _frame(axes: Axes, best: tuple[int, int], look: style.Look) -> None:
    """White within black: seen on every colour."""
    for width, colour in ((4.5, look.ink), (1.5, look.paper)):
        edge: dict[str, Any] = {"fill": False, "edgecolor": colour, "linewidth": width}
        axes.add_patch(Rectangle(best[::-1], 1, 1, zorder=3, clip_on=False, **edge))


def _caption(view: View) -> str:
    means = ", the mean over seeds" if view.several else ""
    blank = " Crossed squares have no finished run." if view.diverged else ""
    frame = "" if view.baseline is None else " The frame is the best on validation."
    return (
        "Each square is the difference in final validation accuracy to the baseline of its "
        f"setting{means}, in percentage points, with the accuracy below. Slanted lines: not shown "
        f"to be more than noise.{frame}{blank}"
    )


def _alt(view: View) -> str:
    content = find_content(view)
    if content is None:
        return ""
    squares = "; ".join(
        f"{content.rows[row]} at {content.columns[column]}: {each.text or each.status}"
        for (row, column), each in sorted(content.squares.items())
    )
    return f"{_title(content).splitlines()[0]}. {squares}.".replace("\n", ", ")


FIGURE = Kind(
    20,
    "Which rate is best where, along the axes of the grid?",
    "a grid",
    draw,
    _caption,
    _alt,
    of="axis",
    is_picture=True,
)
