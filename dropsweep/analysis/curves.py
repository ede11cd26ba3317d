"""Accuracy along training, averaged over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.cells import by_cell_and_rate, diverged, finished
from dropsweep.analysis.estimate import estimate_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.cells import Cell
    from dropsweep.analysis.estimate import Estimate
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Curve:
    """Accuracy along training; a diverged run is a curve of its own, as far as it went."""

    cell: Cell
    rate: float
    epochs: tuple[int, ...]
    train: tuple[Estimate, ...]
    """One an epoch."""
    val: tuple[Estimate, ...]
    diverged: bool


def curves(records: Sequence[RunRecord]) -> list[Curve]:
    """Mean curves by cell and rate, each followed by its rate's diverged runs that have points."""
    found: list[Curve] = []
    for cell, rate, runs in by_cell_and_rate(records):
        if ended := finished(runs):
            found.append(_curve(cell, rate, ended))
        found += [_curve(cell, rate, [run]) for run in runs if run.history and diverged(run)]
    return found


def _curve(cell: Cell, rate: float, runs: Sequence[RunRecord]) -> Curve:
    return Curve(
        cell,
        rate,
        runs[0].history.epoch,
        estimate_each([run.history.train_accuracy for run in runs]),
        estimate_each([run.history.val_accuracy for run in runs]),
        diverged(runs[0]),
    )
