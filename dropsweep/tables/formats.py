"""A table as text: aligned columns, CSV, JSON, Markdown, LaTeX, or a line per value."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from typing import TYPE_CHECKING, Any

from dropsweep.analysis import Estimate
from dropsweep.terminal import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.columns import Column, Table

NARROW = 60
"""Terminals with fewer columns get the answering columns only."""


def render(table: Table, output_format: str = "table", width: int | None = None) -> str:
    """The table as text, in a format of `RENDERERS`, without a line break at its end.

    ``width`` is that of the terminal, which only ``table`` respects; None where there is none.
    """
    if output_format == "table":
        return _aligned(table, width)
    return RENDERERS[output_format](table)


# --- for people ---------------------------------------------------------------------------------


def _aligned(table: Table, width: int | None = None) -> str:
    """Columns of one width each; settings stand as headings above their rows.

    A table wider than the terminal loses its least important columns; one that still does not fit
    becomes `cards`.
    """
    table = table.read_by("terminal")
    settings = [column for column in table.columns if column.axis]
    results = table.without_axes()
    if width is not None and width < NARROW:
        results = _without(results, below=3)
    for rank in (1, 2, 3):
        if width is None or _width(results) <= width:
            break
        results = _without(results, below=rank)
    if width is not None and _width(results) > width:
        return cards(table, width)
    header, *lines = _lines(results)
    if not settings:
        return "\n".join([header, *lines])
    blocks: dict[str, list[str]] = {}
    for row, line in zip(table.rows, lines, strict=True):
        blocks.setdefault(table.setting(row), []).append(line)
    found = ("\n".join([*wrapped(name, width), *block]) for name, block in blocks.items())
    return "\n\n".join([header, *found])


def _without(table: Table, below: int) -> Table:
    """Without the columns of lower ranks, unless none would be left."""
    if not any(column.rank >= below for column in table.columns):
        return table
    return table.pick(lambda at: table.columns[at].rank >= below)


def _lines(table: Table) -> list[str]:
    texts = [table.titles, *table.texts]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    pad = [str.rjust if table.is_numeric(at) else str.ljust for at in range(len(widths))]
    return [
        "  ".join(pad[at](text, widths[at]) for at, text in enumerate(line)).rstrip()
        for line in texts
    ]


def _width(table: Table) -> int:
    return max(map(len, _lines(table)))


def cards(table: Table, width: int | None = None) -> str:
    """A line per value, ``key  value``, and an empty line between rows."""
    names = table.titles
    indent = max(map(len, names)) + 2
    return "\n\n".join(
        "\n".join(
            line
            for name, text in zip(names, texts, strict=True)
            for line in wrapped(f"{name:<{indent}}{text}", width, indent)
        )
        for texts in table.texts
    )


def _markdown(table: Table) -> str:
    table = table.read_by("terminal")
    rule = ["---:" if table.is_numeric(at) else "---" for at in range(len(table.columns))]
    header, *lines = [
        [text.replace("|", r"\|") for text in line] for line in (table.titles, *table.texts)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *lines))


# --- for papers ---------------------------------------------------------------------------------

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"$<$",
        ">": r"$>$",
        "±": r"$\pm$",
    }
)


_MINUS = re.compile(r"-(?=\.?\d)")
"""A minus in text, which LaTeX would take for a hyphen."""


def _latex(table: Table) -> str:
    """A ``tabular`` of the booktabs package, numbers with the digits that their interval supports.

    The row that validation chose is in bold.
    """
    table = table.read_by("terminal")
    lines = [[title.translate(_ESCAPES) for title in table.titles]]
    for place, row in enumerate(table.rows):
        cells = [
            _latex_cell(column, value) for column, value in zip(table.columns, row, strict=True)
        ]
        if place in table.marked:
            cells[0] = rf"\textbf{{{cells[0]}}}"
        lines.append(cells)
    header, *body = [rf"{' & '.join(line)} \\" for line in lines]
    sides = "".join("r" if table.is_numeric(at) else "l" for at in range(len(table.columns)))
    return "\n".join(
        [
            r"% \usepackage{booktabs}",
            rf"\begin{{tabular}}{{{sides}}}",
            r"\toprule",
            header,
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


def _latex_cell(column: Column, value: Any) -> str:
    if isinstance(value, Estimate):
        sign = "+" if column.key == "difference" and value.mean > 0 else ""
        if "±" in column.show(value):
            return f"${sign}{_supported(value)}$"
        return _MINUS.sub("$-$", column.show(value))  # few seeds: a range, as in the terminal
    text = column.show(value)
    if text == column.blank:
        return "--"
    if text.startswith("-") and isinstance(value, float):
        return f"${text}$"  # a minus, not a hyphen
    return text.translate(_ESCAPES)


def _supported(value: Estimate) -> str:
    r"""Mean and half-width with two digits of the latter: ``0.3202 \pm 0.0031``."""
    half = (value.high or value.mean) - value.mean
    places = min(max(1 - math.floor(math.log10(half)), 0), 6)
    return rf"{value.mean:.{places}f} \pm {half:.{places}f}"


# --- for programs -------------------------------------------------------------------------------


def _csv(table: Table) -> str:
    names, rows = table.flat()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    return text.getvalue().removesuffix("\n")


def _json(table: Table) -> str:
    return json.dumps(table.dicts(), indent=2, allow_nan=False)


RENDERERS: dict[str, Callable[[Table], str]] = {
    "table": _aligned,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
}
