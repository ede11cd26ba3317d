"""Whether the nets of a rate learn by heart, learn too little, or neither: from their curves."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dropsweep.analysis.curves import curves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.curves import Curve
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import RunRecord

CHANCE = 0.1
"""Accuracy of guessing one of ten classes."""

_LEARNT = 0.05
"""Training accuracy above chance that is more than luck on a few images."""

_RISE = 0.02
"""Training accuracy gained in the last quarter of the epochs that is called still rising."""


@dataclass(frozen=True)
class Fit:
    """How the mean curve of one rate in one setting ends.

    ``overfits``: of what the nets learnt above chance on their training images, less than half
    holds on validation images. ``underfits``: it holds, but they name even their training images
    closer to chance than to perfection. ``fits``: neither.
    """

    setting: Setting
    rate: float
    kind: Literal["overfits", "underfits", "fits"]
    train: float
    """Mean training accuracy after the last epoch."""
    val: float
    """Mean validation accuracy after the last epoch."""
    peak_epoch: int
    """Where mean validation accuracy was highest, first."""
    fall: float
    """Mean of its best quarter of the epochs minus that of the last: one epoch is mostly noise."""
    rising: bool
    """Whether training accuracy was still growing: more epochs would go on learning."""


def fits(records: Sequence[RunRecord]) -> list[Fit]:
    """One for each setting and rate that has a finished run, in this order."""
    return [_fit(curve) for curve in curves(records) if not curve.diverged]


def _fit(curve: Curve) -> Fit:
    train = [point.mean for point in curve.train]
    val = [point.mean for point in curve.val]
    peak = max(range(len(val)), key=lambda at: round(val[at], 12))
    quarter = len(train) - 1 - len(train) // 4
    return Fit(
        curve.setting,
        curve.rate,
        _kind(train[-1], val[-1]),
        train[-1],
        val[-1],
        curve.epochs[peak],
        _fall(val),
        rising=train[-1] - train[quarter] > _RISE,
    )


def _fall(val: Sequence[float]) -> float:
    size = max(len(val) // 4, 1)
    quarters = [val[end - size : end] for end in range(len(val), size - 1, -size)]
    last, *_ = means = [statistics.fmean(quarter) for quarter in quarters]
    return max(means) - last


def _kind(train: float, val: float) -> Literal["overfits", "underfits", "fits"]:
    if train - val > val - CHANCE and train - CHANCE > _LEARNT:
        return "overfits"
    return "underfits" if train - CHANCE < 1 - train else "fits"
