"""A table as text: aligned columns, CSV, JSON, Markdown, or a line a value."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep.analysis import Estimate, format_p
from dropsweep.records import format_rate
from dropsweep.rows import Table

if TYPE_CHECKING:
    from collections.abc import Callable

_DECIMALS = {"train": 3, "val": 3, "gap": 3, "test": 3, "seconds": 1}


@dataclass(frozen=True)
class Runs:
    """How many runs a row is about."""

    count: int
    """Runs, the diverged ones among them."""
    diverged: int

    def __str__(self) -> str:
        return f"{self.count} ({self.diverged} diverged)" if self.diverged else str(self.count)


def cards(table: Table) -> str:
    """A line a value, ``key  value``, and an empty line between rows."""
    width = max(map(len, table.columns))
    return "\n\n".join(
        "\n".join(
            f"{column:<{width}}  {_text(column, value)}"
            for column, value in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    )


def render(table: Table, output_format: str = "table") -> str:
    """The table as text, in a format of `RENDERERS`, without a line break at its end."""
    return RENDERERS[output_format](table)


# --- for people ---------------------------------------------------------------------------------


def _aligned(table: Table) -> str:
    texts = _texts(table)
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    pad = [str.rjust if _is_numeric(table, at) else str.ljust for at in range(len(widths))]
    lines = (
        "  ".join(pad[at](text, widths[at]) for at, text in enumerate(line)).rstrip()
        for line in texts
    )
    return "\n".join(lines)


def _markdown(table: Table) -> str:
    header, *lines = [[text.replace("|", r"\|") for text in line] for line in _texts(table)]
    rule = ["---:" if _is_numeric(table, at) else "---" for at in range(len(header))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *lines))


def _texts(table: Table) -> list[list[str]]:
    lines = [list(map(_text, table.columns, row)) for row in table.rows]
    return [list(table.columns), *lines]


def _text(column: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Estimate):
        return signed(value) if column == "difference" else plus_minus(value)
    return _number(column, value) if isinstance(value, float) else str(value)


def _number(column: str, value: float) -> str:
    if column in _DECIMALS:
        return f"{value:.{_DECIMALS[column]}f}"
    if column in ("p", "p_corrected", "p corr."):
        return format_p(value, "")
    return format_rate(value) if column == "rate" else f"{value:.6g}"


def plus_minus(value: Estimate) -> str:
    """Mean and half the width of the interval: 0.908 ± 0.014."""
    if value.high is None or value.sd is None:
        return f"{value.mean:.3f}"
    return f"{value.mean:.3f} ± {value.high - value.mean:.3f}"


def signed(value: Estimate) -> str:
    """The same of a difference: +0.021 ± 0.008, -0.003."""
    return plus_minus(value) if value.mean < 0 else f"+{plus_minus(value)}"


def _is_numeric(table: Table, at: int) -> bool:
    return any(isinstance(row[at], int | float | Estimate | Runs) for row in table.rows)


# --- for programs -------------------------------------------------------------------------------

_FLAT = {
    "runs": ("runs", "diverged"),
    "train": ("train_accuracy", "train_low", "train_high", "train_sd"),
    "val": ("val_accuracy", "val_low", "val_high", "val_sd"),
    "gap": ("generalization_gap", "gap_low", "gap_high", "gap_sd"),
    "difference": ("difference", "difference_low", "difference_high", "difference_sd"),
    "test": ("test_accuracy", "test_low", "test_high", "test_sd"),
}


def _csv(table: Table) -> str:
    flat = _flat(table)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([flat.columns, *flat.rows])
    return text.getvalue().removesuffix("\n")


def _json(table: Table) -> str:
    flat = _flat(table)
    objects = [dict(zip(flat.columns, row, strict=True)) for row in flat.rows]
    return json.dumps(objects, indent=2, allow_nan=False)


def _flat(table: Table) -> Table:
    """A number a column: an estimate becomes its mean and the ends of its interval."""
    names = [_FLAT.get(column, (column,)) for column in table.columns]
    rows = [
        tuple(part for at, value in enumerate(row) for part in _parts(value, len(names[at])))
        for row in table.rows
    ]
    return Table(tuple(name for group in names for name in group), tuple(rows))


def _parts(value: Any, count: int) -> tuple[Any, ...]:
    if isinstance(value, Estimate):
        return value.mean, value.low, value.high, value.sd
    if isinstance(value, Runs):
        return value.count, value.diverged
    return (value,) * count  # a missing estimate leaves all its columns blank


RENDERERS: dict[str, Callable[[Table], str]] = {
    "table": _aligned,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
}
