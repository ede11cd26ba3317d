"""What a sweep found, as text: tables in several formats, and a verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import find
from dropsweep.records import flatten, varying_keys
from dropsweep.rows import Table, history_rows, summary_rows
from dropsweep.tables.details import details
from dropsweep.tables.formats import RENDERERS, Runs, cards, render
from dropsweep.tables.headline import headline
from dropsweep.tables.verdict import data_line, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dropsweep.analysis import Findings, RateSummary
    from dropsweep.records import RunRecord, RunSpec

__all__ = [
    "RENDERERS",
    "cards",
    "data_line",
    "details",
    "headline",
    "history_table",
    "plan_table",
    "render",
    "report",
    "runs_table",
    "short_runs_table",
    "short_summary_table",
    "summary_table",
    "verdict",
]

runs_table = summary_rows
history_table = history_rows

_LEFT_OUT = ("run_id", "best_val_accuracy")
_NUMBERS = (
    "runs",
    "train",
    "val",
    "gap",
    "difference",
    "pairs",
    "p",
    "p_corrected",
    "selected",
    "test",
)
_SHORT = {
    "p_corrected": "p corr.",
    "train_accuracy": "train",
    "val_accuracy": "val",
    "generalization_gap": "gap",
    "best_epoch": "best epoch",
    "test_accuracy": "test",
}


def summary_table(findings: Findings) -> Table:
    """One row a setting and rate; estimates stay whole, for each format shows them in its own way.

    ``difference`` is that of `analysis.Difference`, over ``pairs`` seeds. ``test`` is given where
    ``selected`` is true, and nowhere else: read at every rate, it would take part in the choice.
    """
    rows = []
    for each in findings.summaries:
        axes = [_listed(value) for _, value in each.setting]
        rows.append((each.rate, *axes, *_numbers(each, findings)))
    return Table(("rate", *findings.axes, *_NUMBERS), tuple(rows))


def short_summary_table(findings: Findings) -> Table:
    """`summary_table` for people: what stands in the verdict, or nowhere, is left out."""
    table = summary_table(findings)
    left_out = {"test", "selected", "pairs", "p"}
    if not findings.differences:
        left_out |= {"difference", "p_corrected"}
    return _picked(table, [name for name in table.columns if name not in left_out], _SHORT)


def _numbers(summary: RateSummary, findings: Findings) -> tuple[object, ...]:
    """What stands under `_NUMBERS`."""
    setting, rate, choice = summary.setting, summary.rate, findings.choice
    difference = findings.difference(setting, rate)
    selected = choice is not None and (choice.setting, choice.rate) == (setting, rate)
    return (
        Runs(summary.runs, summary.diverged),
        summary.train,
        summary.val,
        summary.gap,
        None if difference is None else difference.estimate,
        None if difference is None else len(difference.seeds),
        None if difference is None else difference.p,
        None if difference is None else difference.p_corrected,
        selected,
        summary.test if selected else None,
    )


def short_runs_table(records: Sequence[RunRecord]) -> Table:
    """`runs_table` for a terminal: columns of few characters, then the axes."""
    table = runs_table(records)
    return _picked(table, [name for name in table.columns if name not in _LEFT_OUT], _SHORT)


def report(records: Sequence[RunRecord]) -> str:
    """What a sweep ends with: the summary table, and the verdict under it."""
    findings = find(records)
    if not findings.summaries:
        return verdict(findings)
    return f"{render(short_summary_table(findings))}\n\n{verdict(findings)}"


def _picked(table: Table, columns: Sequence[str], names: Mapping[str, str]) -> Table:
    """Some columns of a table, under shorter names."""
    at = [table.columns.index(column) for column in columns]
    header = tuple(names.get(column, column) for column in columns)
    return Table(header, tuple(tuple(row[place] for place in at) for row in table.rows))


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
