"""Validation accuracy of averaged masked passes, beside that of weight scaling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.cells import by_cell_and_rate, finished
from dropsweep.analysis.estimate import estimate, estimate_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.cells import Cell
    from dropsweep.analysis.estimate import Estimate
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Averaging:
    """Two ways to use the nets of one rate in one cell, those of their best epochs."""

    cell: Cell
    rate: float
    samples: tuple[int, ...]
    """Masked passes averaged, ascending."""
    val: tuple[Estimate, ...]
    """One a number of passes."""
    weight_scaling: Estimate
    """Of the same nets in test mode."""


def averagings(records: Sequence[RunRecord]) -> list[Averaging]:
    """One for each cell and rate whose finished runs averaged masked passes, in this order."""
    found: list[Averaging] = []
    for cell, rate, runs in by_cell_and_rate(records):
        if measured := [run for run in finished(runs) if run.monte_carlo.samples]:
            found.append(_averaging(cell, rate, measured))
    return found


def _averaging(cell: Cell, rate: float, runs: Sequence[RunRecord]) -> Averaging:
    samples = tuple(sorted(runs[0].monte_carlo.samples))  # every run of a cell has the same
    measured = [run.monte_carlo for run in runs]
    by_samples = [dict(zip(each.samples, each.val_accuracy, strict=True)) for each in measured]
    scaled = [run.best_val_accuracy for run in runs if run.best_val_accuracy is not None]
    return Averaging(
        cell,
        rate,
        samples,
        estimate_each([[of_run[k] for k in samples] for of_run in by_samples]),
        estimate(scaled),
    )
