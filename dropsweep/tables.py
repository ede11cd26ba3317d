"""What a sweep found, as text: aligned columns, CSV, JSON, Markdown, and a verdict in words."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep.analysis import Estimate, by_cell, format_cell, select, summarize
from dropsweep.records import format_rate, varying_keys
from dropsweep.rows import Table, history_rows, summary_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.analysis import Choice
    from dropsweep.records import DatasetSpec, RunRecord

runs_table = summary_rows
history_table = history_rows


@dataclass(frozen=True)
class Runs:
    """How many runs a row is about."""

    count: int
    """Runs, the diverged ones among them."""
    diverged: int

    def __str__(self) -> str:
        return f"{self.count} ({self.diverged} diverged)" if self.diverged else str(self.count)


def summary_table(records: Sequence[RunRecord]) -> Table:
    """One row a cell and rate; estimates stay whole, for each format shows them in its own way."""
    axes = varying_keys([record.spec for record in records])
    rows = []
    for each in summarize(records):
        values = [list(value) if isinstance(value, tuple) else value for _, value in each.cell]
        runs = Runs(each.runs, each.diverged)
        rows.append((each.rate, *values, runs, each.train, each.val, each.gap))
    return Table(("rate", *axes, "runs", "train", "val", "gap"), tuple(rows))


def render(table: Table, output_format: str = "table") -> str:
    """The table as text, in a format of `RENDERERS`, without a line break at its end."""
    return RENDERERS[output_format](table)


def report(records: Sequence[RunRecord]) -> str:
    """What a sweep ends with: the summary table, and the verdict under it."""
    return f"{render(summary_table(records))}\n\n{verdict(records)}"


def verdict(records: Sequence[RunRecord]) -> str:
    """A few sentences, one a line: what was measured, what was best, how sure that is."""
    if not records:
        return "No finished runs."
    sentences = [f"Data: {_data(records)}."]
    choice = select(summarize(records))
    if choice is not None:
        dataset = by_cell(records)[choice.cell][0].spec.dataset
        sentences += [_best(choice, dataset), _certainty(choice, dataset)]
    diverged = sum(record.status == "diverged" for record in records)
    if diverged:
        sentences.append(f"{diverged} of {len(records)} runs diverged, and no mean includes them.")
    return "\n".join(sentences)


# --- sentences ----------------------------------------------------------------------------------


def _data(records: Sequence[RunRecord]) -> str:
    labels = sorted({record.spec.dataset.label for record in records})
    sizes = sorted({record.spec.dataset.train_size for record in records})
    span = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"{', '.join(labels)}; {span} training images"


def _best(choice: Choice, dataset: DatasetSpec) -> str:
    where = f" at {format_cell(choice.cell)}" if choice.cell else ""
    best = f"Best on validation: rate {format_rate(choice.rate)}{where}, {_plus_minus(choice.val)}"
    if choice.test is None:
        return f"{best}; no test images checked this choice, so expect less on new images."
    return f"{best}; this choice has {_plus_minus(choice.test)} on {dataset.test_size} test images."


def _certainty(choice: Choice, dataset: DatasetSpec) -> str:
    if choice.val.count > 1:
        return f"± is half the width of a 95 % interval over seeds, here {choice.val.count}."
    error = math.sqrt(choice.val.mean * (1 - choice.val.mean) / dataset.val_size)
    return (
        f"One accuracy on {dataset.val_size} validation images has a standard error of about "
        f"{error:.3f}: a single seed cannot tell close rates apart."
    )


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
        return _plus_minus(value)
    if isinstance(value, float):
        return format_rate(value) if column == "rate" else f"{value:.6g}"
    return str(value)


def _plus_minus(value: Estimate) -> str:
    """Mean and half the width of the interval: 0.908 ± 0.014."""
    if value.high is None:
        return f"{value.mean:.3f}"
    return f"{value.mean:.3f} ± {value.high - value.mean:.3f}"


def _is_numeric(table: Table, at: int) -> bool:
    return any(isinstance(row[at], int | float) for row in table.rows)


# --- for programs -------------------------------------------------------------------------------

_FLAT = {
    "runs": ("runs", "diverged"),
    "train": ("train_accuracy", "train_low", "train_high"),
    "val": ("val_accuracy", "val_low", "val_high"),
    "gap": ("generalization_gap", "gap_low", "gap_high"),
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
        return value.mean, value.low, value.high
    if isinstance(value, Runs):
        return value.count, value.diverged
    return (value,) * count  # a missing estimate leaves all its columns blank


RENDERERS: dict[str, Callable[[Table], str]] = {
    "table": _aligned,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
}
