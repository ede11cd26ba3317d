"""Accuracy along training, averaged over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.estimate import estimate_each
from dropsweep.analysis.settings import by_setting_and_rate, diverged, finished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.estimate import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Curve:
    """Accuracy along training; a diverged run is a curve of its own, as far as it went."""

    setting: Setting
    rate: float
    epochs: tuple[int, ...]
    train: tuple[Estimate, ...]
    """One an epoch."""
    val: tuple[Estimate, ...]
    diverged: bool


def curves(records: Sequence[RunRecord]) -> list[Curve]:
    """Mean curves by setting and rate, each followed by that rate's diverged runs with points."""
    found: list[Curve] = []
    for setting, rate, runs in by_setting_and_rate(records):
        if ended := finished(runs):
            found.append(_curve(setting, rate, ended))
        found += [_curve(setting, rate, [run]) for run in runs if run.history and diverged(run)]
    return found


def _curve(setting: Setting, rate: float, runs: Sequence[RunRecord]) -> Curve:
    return Curve(
        setting,
        rate,
        runs[0].history.epoch,
        estimate_each([run.history.train_accuracy for run in runs]),
        estimate_each([run.history.val_accuracy for run in runs]),
        diverged(runs[0]),
    )
