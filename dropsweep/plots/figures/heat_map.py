"""Difference to the baseline over the dropout rate and one axis of the grid, or over two axes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch, Rectangle

from dropsweep.analysis import format_setting, select
from dropsweep.plots import labels, rendering, style
from dropsweep.plots.view import Kind, View, interval, verdict
from dropsweep.records import flatten, format_rate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

    from dropsweep.analysis import Setting
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
    summaries, findings = view.summaries, view.sweep.findings
    choice = select(summaries)
    keys = {key for axis in view.axes for key in axis.keys}
    held = summaries[0].setting if choice is None else choice.setting
    rest = tuple((key, value) for key, value in held if key not in keys)
    shown = [
        each
        for each in summaries
        if tuple((key, value) for key, value in each.setting if key not in keys) == rest
    ]
    across = view.axes[-1]
    rows: dict[object, str]
    place: dict[int, object]
    columns = {across.value(each.setting): across.words(each.setting) for each in shown}
    if len(view.axes) > 1:
        down, rate = view.axes[0], summaries[0].rate if choice is None else choice.rate
        shown = [each for each in shown if each.rate == rate]
        rows = {down.value(each.setting): down.words(each.setting) for each in shown}
        rates = [rate] * len(rows)
        place = {id(each): down.value(each.setting) for each in shown}
        row_name, rest = down.name, (("dropout.rate", rate), *rest)
    else:
        rates = sorted({each.rate for each in shown})
        rows = {rate: format_rate(rate) for rate in rates}
        place = {id(each): each.rate for each in shown}
        row_name = labels.RATE
    if len(columns) < 2 or (len(view.axes) > 1 and len(rows) < 2):
        return None
    row_at = {value: at for at, value in enumerate(rows)}
    column_at = {value: at for at, value in enumerate(columns)}
    squares, halves, best = {}, [_LEAST_SPAN], None
    for each in shown:
        at = row_at[place[id(each)]], column_at[across.value(each.setting)]
        found = findings.difference(each.setting, each.rate)
        if each.val is None:
            squares[at] = Square(None, False, "", "all runs diverged")
            continue
        text = f"{each.val.mean:.3f}"
        if found is not None:
            text = f"{100 * found.estimate.mean:+.1f}\n{text}"
            halves.append(abs(found.estimate.mean))
            if ends := interval(found):
                halves.append((ends[1] - ends[0]) / 2)
        if each.diverged:
            text += f"\n{each.diverged} diverged"
        squares[at] = Square(
            None if found is None else found.estimate.mean,
            found is None or verdict(found) != "cannot tell",
            text,
        )
        if choice is not None and (each.setting, each.rate) == (choice.setting, choice.rate):
            best = at
    return Content(
        list(columns.values()),
        list(rows.values()),
        rates,
        squares,
        best,
        max(halves),
        rest,
        row_name,
        across.name,
        [each for each in view.records if _is_at(each, rest)],
    )


def _is_at(record: RunRecord, setting: Setting) -> bool:
    flat = {**flatten(record.spec), "dropout.rate": record.spec.rate}
    return all(flat[key] == value for key, value in setting)


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
    handles = []
    if any(not square.proven and not square.status for square in content.squares.values()):
        handles.append(
            Patch(facecolor="none", edgecolor=look.muted, hatch="///", label="not proven")
        )
    if any(square.status for square in content.squares.values()):
        handles.append(
            Patch(facecolor="none", edgecolor=look.muted, hatch="xxx", label="all runs diverged")
        )
    if len(content.squares) < rows * columns:
        handles.append(Patch(facecolor=look.bar, label="no run"))
    if content.best is not None:
        _frame(axes, content.best, look)
        handles.append(
            Patch(facecolor="none", edgecolor=look.ink, linewidth=2.5, label="best on validation")
        )
    axes.set_xticks([at + 0.5 for at in range(columns)], names, rotation=90 if turned else 0)
    axes.set_yticks([at + 0.5 for at in range(rows)], content.rows)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(content.column_name)
    axes.set_ylabel(content.row_name)
    bar = figure.colorbar(mesh, ax=axes, pad=0.02, format=lambda x, _: f"{100 * x:+.1f}")
    bar.set_label("difference to the baseline,\npercentage points")
    bar.outline.set_visible(False)
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
        range(len(content.columns) + 1),
        [row, row + 1],
        np.ma.masked_invalid(values),
        cmap="PuOr_r",
        vmin=-_PALER * content.span,
        vmax=_PALER * content.span,
    )


def _hatch(axes: Axes, content: Content, row: int, look: style.Look) -> None:
    """Squares without a proven difference, without a finished run, and without a run."""
    for column in range(len(content.columns)):
        square = content.squares.get((row, column))
        if square is not None and square.proven and not square.status:
            continue
        hatch = None if square is None else "xxx" if square.status else "///"
        axes.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                facecolor=look.bar if square is None else "none",
                edgecolor="#8a8a8a",
                linewidth=0,
                hatch=hatch,
                alpha=0.45,
            )
        )


def _write_numbers(axes: Axes, content: Content, row: int, look: style.Look) -> None:
    """The difference in percentage points, with the accuracy below it."""
    size = min(look.small, 12.0 * look.width / len(content.columns), 8.5)
    for column in range(len(content.columns)):
        each = content.squares.get((row, column))
        if each is None:
            continue
        dark = abs(each.difference or 0.0) > _DARK * content.span
        fill = "none" if each.proven else "#ffffffb0" if not dark else "#00000070"
        axes.text(
            column + 0.5,
            row + 0.5,
            each.text,
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.05,
            color="white" if dark else "black",
            bbox={"boxstyle": "round,pad=0.1", "facecolor": fill, "edgecolor": "none"},
        )


def _frame(axes: Axes, best: tuple[int, int], look: style.Look) -> None:
    """White within black: seen on every colour."""
    row, column = best
    for width, colour in ((4.5, look.ink), (1.5, look.paper)):
        axes.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                fill=False,
                edgecolor=colour,
                linewidth=width,
                clip_on=False,
                zorder=3,
            )
        )


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
    squares = [
        f"{content.rows[row]} at {content.columns[column]}: {each.text or each.status}".replace(
            "\n", ", "
        )
        for (row, column), each in sorted(content.squares.items())
    ]
    return f"{_title(content).splitlines()[0]}. {'; '.join(squares)}."


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
