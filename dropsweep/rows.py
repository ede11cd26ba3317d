"""Records as the rows of ``summary.csv`` and ``history.csv``: columns fixed, numbers exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dropsweep.records import flatten, varying_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord

SUMMARY_COLUMNS = (
    "run_id",
    "rate",
    "seed",
    "status",
    "train_accuracy",
    "val_accuracy",
    "generalization_gap",
    "best_epoch",
    "best_val_accuracy",
    "test_accuracy",
    "seconds",
)
HISTORY_COLUMNS = (
    "run_id",
    "rate",
    "seed",
    "epoch",
    "train_loss",
    "train_accuracy",
    "val_accuracy",
)


class Table(NamedTuple):
    """Named columns, and rows of as many values; None is a blank."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def summary_rows(records: Sequence[RunRecord]) -> Table:
    """One row a run, by rate and seed; a column for each key that varies stands at the end.

    Accuracies are the last point's, also of a run that diverged after it.
    """
    axes = varying_keys([record.spec for record in records])
    rows = [(*_run(record), *_values(record, axes)) for record in _in_order(records)]
    return Table((*SUMMARY_COLUMNS, *axes), tuple(rows))


def history_rows(records: Sequence[RunRecord]) -> Table:
    """One row a run and point, by rate, seed and epoch; then the keys that vary."""
    axes = varying_keys([record.spec for record in records])
    rows = [
        (*point, *_values(record, axes))
        for record in _in_order(records)
        for point in _run_points(record)
    ]
    return Table((*HISTORY_COLUMNS, *axes), tuple(rows))


def _run(record: RunRecord) -> tuple[object, ...]:
    train, val = record.history.train_accuracy, record.history.val_accuracy
    return (
        *_name(record),
        record.status,
        train[-1] if train else None,
        val[-1] if val else None,
        round(train[-1] - val[-1], 12) if train else None,  # 0.559, not 0.5589999999999999
        record.best_epoch,
        record.best_val_accuracy,
        record.test_accuracy,
        record.seconds,
    )


def _run_points(record: RunRecord) -> list[tuple[object, ...]]:
    history = record.history
    points = zip(
        history.epoch,
        history.train_loss,
        history.train_accuracy,
        history.val_accuracy,
        strict=True,
    )
    return [(*_name(record), *point) for point in points]


def _name(record: RunRecord) -> tuple[str, float, int]:
    return record.run_id, record.spec.rate, record.spec.seed


def _values(record: RunRecord, axes: Sequence[str]) -> tuple[object, ...]:
    flat = flatten(record.spec)
    values = [flat[key] for key in axes]
    # a list is written as the config has it: [500, 100]
    return tuple(list(value) if isinstance(value, tuple) else value for value in values)


def _in_order(records: Sequence[RunRecord]) -> list[RunRecord]:
    """An order that does not depend on which run finished first."""
    return sorted(records, key=lambda each: (each.spec.rate, each.spec.seed, each.run_id))
