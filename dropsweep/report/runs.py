"""The details of a page's runs."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from dropsweep.analysis import format_value
from dropsweep.columns import in_order
from dropsweep.columns.words import decimals
from dropsweep.records import flatten, format_rate, varying_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import History, RunRecord, RunSpec

MOST_DETAILED = 2000
"""Runs with details in the page; of more, each has a row, and its details are in its file."""

MOST_ROWS = 20_000
"""Runs; of more, a page leaves the rows to ``summary.csv``."""

MOST_RATES = 2000
"""Rates of all settings together; of more, a page has no table of them."""

_POINTS = 9
"""Epochs in the table of a run's details."""

_LINE_POINTS = 40
"""Epochs that the line of a history is drawn through."""

WIDTH, HEIGHT = 240, 60
"""Units of the drawing of a history; accuracy 1 is at the top."""


@dataclass(frozen=True)
class Details:
    """The details of one run, opened from its row."""

    record: RunRecord
    anchor: str
    """Its id in the page."""
    rate: str
    settings: str
    """Its rate, its seed and the keys that vary: ``dropout.rate = 0.5, seed = 0``."""
    file: str
    """A link to its file."""
    machine: int
    """The number of its environment, from 1."""
    train_line: str
    """Training accuracy by epoch, as the points of an SVG polyline."""
    val_line: str
    points: tuple[tuple[str, str, str, str], ...]
    """Epoch, loss, training and validation accuracy of a few epochs."""
    some: bool
    """True if other epochs are left out."""


def hrefs(records: Sequence[RunRecord], files: str) -> list[str]:
    """The link of each run's row: to its details, or to its file if there are too many runs."""
    start, end = (f"{files}/runs/", ".json") if len(records) > MOST_DETAILED else ("#run-", "")
    return [f"{start}{record.run_id}{end}" for record in in_order(records)]


def details(
    records: Sequence[RunRecord], files: str, machines: Sequence[dict[str, object]]
) -> tuple[Details, ...]:
    """The details of each run, in the order of the rows; none if there are too many runs."""
    if len(records) > MOST_DETAILED:
        return ()
    numbers = {repr(machine): at for at, machine in enumerate(machines, start=1)}
    axes = varying_keys([record.spec for record in records])
    return tuple(
        Details(
            record,
            f"run-{record.run_id}",
            format_rate(record.spec.rate),
            _settings(record.spec, axes),
            f"{files}/runs/{record.run_id}.json",
            numbers[repr(record.environment)],
            _line(record.history, record.history.train_accuracy),
            _line(record.history, record.history.val_accuracy),
            points := _points(record.history, record.best_epoch),
            len(points) < len(record.history),
        )
        for record in in_order(records)
    )


def shared_settings(specs: Sequence[RunSpec]) -> tuple[tuple[str, str], ...]:
    """Dotted key and value of each setting that all runs share."""
    if not specs:
        return ()
    return tuple(
        (key, format_value(value))
        for key, value in flatten(specs[0]).items()
        if all(each == value for each in map(attrgetter(key), specs))
    )


def _settings(spec: RunSpec, axes: Sequence[str]) -> str:
    flat = flatten(spec)
    level = "dropout.keep_prob" if spec.dropout.rate is None else "dropout.rate"
    return ", ".join(f"{key} = {format_value(flat[key])}" for key in (level, "seed", *axes))


def _line(history: History, accuracies: Sequence[float]) -> str:
    last = max(history.epoch[-1], 1) if history else 1
    return " ".join(
        f"{history.epoch[at] / last * WIDTH:.0f},{(1 - accuracies[at]) * HEIGHT:.0f}"
        for at in _evenly(len(history), _LINE_POINTS)
    )


def _points(history: History, best: int | None) -> tuple[tuple[str, str, str, str], ...]:
    places = set(_evenly(len(history), _POINTS))
    if best is not None:
        places.add(history.epoch.index(best))
    return tuple(
        (
            f"{history.epoch[at]}",
            f"{history.train_loss[at]:.3g}",
            decimals(history.train_accuracy[at]),
            decimals(history.val_accuracy[at]),
        )
        for at in sorted(places)
    )


def _evenly(count: int, most: int) -> list[int]:
    """Up to ``most`` indices of a list, evenly spread from the first to the last."""
    if count <= most:
        return list(range(count))
    return [round(at * (count - 1) / (most - 1)) for at in range(most)]
