"""Learning along training: mean curves over seeds, and how well their ends fit new images."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from dropsweep.analysis.intervals import estimate, estimate_each, standard_error
from dropsweep.analysis.settings import by_setting_and_rate, diverged, finished
from dropsweep.analysis.summary import final_val

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.intervals import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import RunRecord

_LEARNT = 0.05
"""Training accuracy above chance that is more than luck on a few images."""

_RISE = 0.02
"""Training accuracy gained in the last quarter of the epochs that is called still rising."""

Kind: TypeAlias = Literal["overfits", "underfits", "fits", "borderline"]


@dataclass(frozen=True)
class Curve:
    """Accuracy along training; a diverged run is a curve of its own, as far as it went."""

    setting: Setting
    rate: float
    epochs: tuple[int, ...]
    train: tuple[Estimate, ...]
    """One per epoch."""
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


@dataclass(frozen=True)
class Fit:
    """The fit of the nets of one rate in one setting, after the last epoch.

    ``overfits``: of what the nets learnt above chance on their training images, less than half
    holds on validation images. ``underfits``: it holds, but they name even their training images
    closer to chance than to perfection. ``fits``: neither. ``borderline``: these seeds and images
    cannot say, because the interval of train - 2 val + chance includes 0.
    """

    setting: Setting
    rate: float
    kind: Kind
    train: float
    """Mean training accuracy after the last epoch."""
    val: float
    """Mean validation accuracy after the last epoch."""
    peak_epoch: int
    """The first epoch with the highest mean validation accuracy."""
    fall: float
    """Mean of its best quarter of the epochs minus that of the last: one epoch is mostly noise."""
    rising: bool
    """Training accuracy was still growing: more epochs would go on learning."""


def fits(records: Sequence[RunRecord]) -> list[Fit]:
    """One for each setting and rate that has a finished run, in this order."""
    return [
        _fit(setting, rate, ended)
        for setting, rate, runs in by_setting_and_rate(records)
        if (ended := finished(runs))
    ]


def _fit(setting: Setting, rate: float, runs: Sequence[RunRecord]) -> Fit:
    train = _means([run.history.train_accuracy for run in runs])
    val = _means([run.history.val_accuracy for run in runs])
    peak = max(range(len(val)), key=lambda at: round(val[at], 12))
    quarter = len(train) - 1 - len(train) // 4
    return Fit(
        setting,
        rate,
        _kind(runs),
        train[-1],
        statistics.fmean(map(final_val, runs)),
        runs[0].history.epoch[peak],
        _fall(val),
        rising=train[-1] - train[quarter] > _RISE,
    )


def _means(series: Sequence[Sequence[float]]) -> list[float]:
    """Point by point over equally long series, one per seed; accuracies are decimals."""
    return [round(statistics.fmean(point), 12) for point in zip(*series, strict=True)]


def _fall(val: Sequence[float]) -> float:
    size = max(len(val) // 4, 1)
    quarters = [val[end - size : end] for end in range(len(val), size - 1, -size)]
    last, *_ = means = [statistics.fmean(quarter) for quarter in quarters]
    return max(means) - last


def _kind(runs: Sequence[RunRecord]) -> Kind:
    """By the 95 % interval of train - 2 val + chance: over seeds, or of one seed's images."""
    ends = [(run.history.train_accuracy[-1], final_val(run)) for run in runs]
    chance = runs[0].spec.dataset.content.chance
    excess = estimate([train - 2 * val + chance for train, val in ends])
    train = statistics.fmean(train for train, _ in ends)
    if excess.high is None:
        of_images = 2 * standard_error(ends[0][1], runs[0].spec.dataset.val_size)
        half = statistics.NormalDist().inv_cdf(0.975) * of_images
    else:
        half = excess.high - excess.mean
    if math.fabs(excess.mean) <= half:
        return "borderline"
    if excess.mean > 0 and train - chance > _LEARNT:
        return "overfits"
    return "underfits" if train - chance < 1 - train else "fits"
