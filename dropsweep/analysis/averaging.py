"""Validation accuracy of averaged masked passes, beside that of weight scaling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.intervals import estimate, estimate_each
from dropsweep.analysis.settings import by_setting_and_rate, finished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.intervals import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Averaging:
    """Two ways to use the nets of one rate in one setting, those of their best epochs."""

    setting: Setting
    rate: float
    samples: tuple[int, ...]
    """Masked passes averaged, ascending."""
    val: tuple[Estimate, ...]
    """One per number of passes."""
    weight_scaling: Estimate
    """Of the same nets in test mode."""


def averagings(records: Sequence[RunRecord]) -> list[Averaging]:
    """One for each setting and rate whose finished runs averaged masked passes, in this order."""
    found: list[Averaging] = []
    for setting, rate, runs in by_setting_and_rate(records):
        if measured := [run for run in finished(runs) if run.monte_carlo.samples]:
            found.append(_averaging(setting, rate, measured))
    return found


def _averaging(setting: Setting, rate: float, runs: Sequence[RunRecord]) -> Averaging:
    samples = tuple(sorted(runs[0].monte_carlo.samples))  # every run of a setting has the same
    measured = [run.monte_carlo for run in runs]
    by_samples = [dict(zip(each.samples, each.val_accuracy, strict=True)) for each in measured]
    scaled = [run.best_val_accuracy for run in runs if run.best_val_accuracy is not None]
    return Averaging(
        setting,
        rate,
        samples,
        estimate_each([[of_run[k] for k in samples] for of_run in by_samples]),
        estimate(scaled),
    )
