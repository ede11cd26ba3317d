"""What a sweep found, as text: tables in several formats, and a verdict in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dropsweep.analysis import summarize
from dropsweep.records import flatten, varying_keys
from dropsweep.rows import Table, history_rows, summary_rows
from dropsweep.tables.formats import RENDERERS, Runs, cards, render
from dropsweep.tables.verdict import data_line, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Estimate
    from dropsweep.records import RunRecord, RunSpec

__all__ = [
    "RENDERERS",
    "cards",
    "data_line",
    "history_table",
    "plan_table",
    "render",
    "report",
    "runs_table",
    "short_runs_table",
    "summary_table",
    "verdict",
]

runs_table = summary_rows
history_table = history_rows

_LEFT_OUT = ("run_id", "best_val_accuracy")
_SHORT = {
    "rate": "rate",
    "seed": "seed",
    "status": "status",
    "train_accuracy": "train",
    "val_accuracy": "val",
    "generalization_gap": "gap",
    "best_epoch": "best epoch",
    "test_accuracy": "test",
    "seconds": "seconds",
}


def summary_table(records: Sequence[RunRecord]) -> Table:
    """One row a cell and rate; estimates stay whole, for each format shows them in its own way."""
    axes = varying_keys([record.spec for record in records])
    rows = []
    for each in summarize(records):
        values = [_listed(value) for _, value in each.cell]
        runs = Runs(each.runs, each.diverged)
        rows.append((each.rate, *values, runs, each.train, each.val, _rounded(each.gap)))
    return Table(("rate", *axes, "runs", "train", "val", "gap"), tuple(rows))


def short_runs_table(records: Sequence[RunRecord]) -> Table:
    """`runs_table` for a terminal: columns of few characters, then the axes."""
    table = runs_table(records)
    kept = [at for at, name in enumerate(table.columns) if name not in _LEFT_OUT]
    columns = tuple(_SHORT.get(table.columns[at], table.columns[at]) for at in kept)
    return Table(columns, tuple(tuple(row[at] for at in kept) for row in table.rows))


def report(records: Sequence[RunRecord]) -> str:
    """What a sweep ends with: the summary table, and the verdict under it."""
    return f"{render(summary_table(records))}\n\n{verdict(records)}"


def _rounded(value: Estimate | None) -> Estimate | None:
    """Without the noise in the last digits of a difference: 0.559, not 0.5589999999999999."""
    if value is None:
        return None
    low, high = (None if end is None else round(end, 12) for end in (value.low, value.high))
    return replace(value, mean=round(value.mean, 12), low=low, high=high)


def plan_table(states: Sequence[tuple[RunSpec, str]]) -> Table:
    """One row a planned run, in the order of the plan, with what has become of it."""
    axes = varying_keys([spec for spec, _ in states])
    rows = []
    for spec, state in states:
        flat = flatten(spec)
        rows.append(
            (spec.run_id, spec.rate, spec.seed, *(_listed(flat[key]) for key in axes), state)
        )
    return Table(("run_id", "rate", "seed", *axes, "state"), tuple(rows))


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
