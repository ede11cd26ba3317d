"""What a sweep's records mean: means over seeds, their uncertainty, and the rate to choose."""

from __future__ import annotations

import functools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from dropsweep.records import flatten, varying_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dropsweep.records import RunRecord

Cell: TypeAlias = tuple[tuple[str, Any], ...]
"""One setting of a sweep: dotted key and value of every axis; empty where only the rate varies."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds, with Student's t interval; an interval takes two values."""

    mean: float
    low: float | None
    """Lower end of the 95 % interval."""
    high: float | None
    sd: float | None
    """Standard deviation of one value, n - 1 in the denominator."""
    count: int
    """Values averaged."""


@dataclass(frozen=True)
class Outcome:
    """Where one finished run ended."""

    seed: int
    train: float
    """Training accuracy after the last epoch."""
    val: float
    """Validation accuracy after the last epoch."""
    test: float | None
    """Test accuracy at the epoch that validation chose."""


@dataclass(frozen=True)
class RateSummary:
    """The seeds of one rate in one cell; estimates are None where every run diverged."""

    cell: Cell
    rate: float
    runs: int
    """Runs, the diverged ones among them."""
    diverged: int
    """Runs that diverged: counted here, and in no estimate."""
    outcomes: tuple[Outcome, ...]
    """What the estimates are made of, by seed."""
    train: Estimate | None
    val: Estimate | None
    gap: Estimate | None
    """Generalization gap: training minus validation accuracy, seed by seed."""
    test: Estimate | None

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds the estimates are made of."""
        return tuple(outcome.seed for outcome in self.outcomes)


@dataclass(frozen=True)
class Choice:
    """The rate, and the cell, that validation chose."""

    cell: Cell
    rate: float
    val: Estimate
    test: Estimate | None
    """None without test images."""


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


def estimate(values: Sequence[float]) -> Estimate:
    """Mean of at least one value, with mean -+ t(n - 1) sd / sqrt(n)."""
    mean, count = statistics.fmean(values), len(values)
    if count < 2:
        return Estimate(mean, None, None, None, count)
    sd = statistics.stdev(values)
    half = _t_quantile(count - 1) * sd / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half, sd, count)


def by_cell(records: Sequence[RunRecord]) -> dict[Cell, list[RunRecord]]:
    """Records by cell, cells in the order of their values, each by rate and then seed.

    Any key in which the records differ, the rate and the seed apart, tells cells apart: different
    settings are never averaged as if they were seeds.
    """
    keys = varying_keys([record.spec for record in records])
    cells: dict[Cell, list[RunRecord]] = {}
    for record in sorted(records, key=lambda each: (each.spec.dropout.rate, each.spec.seed)):
        flat = flatten(record.spec)
        cells.setdefault(tuple((key, flat[key]) for key in keys), []).append(record)
    return dict(sorted(cells.items(), key=lambda item: [_order(value) for _, value in item[0]]))


def summarize(records: Sequence[RunRecord]) -> list[RateSummary]:
    """One summary for each cell and rate, in this order."""
    return [
        _summary(cell, rate, runs)
        for cell, members in by_cell(records).items()
        for rate, runs in _by_rate(members).items()
    ]


def select(summaries: Iterable[RateSummary]) -> Choice | None:
    """The highest mean final validation accuracy, the lowest rate among equals.

    Test accuracy takes no part in choosing. None where no run finished.
    """
    choices = [
        Choice(summary.cell, summary.rate, summary.val, summary.test)
        for summary in summaries
        if summary.val is not None
    ]
    # twelve digits: equal means may differ in the last bit by the order of their seeds
    return max(choices, key=lambda each: (round(each.val.mean, 12), -each.rate), default=None)


def curves(records: Sequence[RunRecord]) -> list[Curve]:
    """Mean curves by cell and rate, each followed by its rate's diverged runs that have points."""
    found: list[Curve] = []
    for cell, members in by_cell(records).items():
        for rate, runs in _by_rate(members).items():
            if finished := _finished(runs):
                found.append(_curve(cell, rate, finished))
            found += [_curve(cell, rate, [run]) for run in runs if run.history and _diverged(run)]
    return found


def format_value(value: object) -> str:
    """An axis value as a config writes it: 500, [500, 100], null."""
    if isinstance(value, tuple):
        return f"[{', '.join(format_value(item) for item in value)}]"
    return "null" if value is None else str(value)


def format_cell(cell: Cell) -> str:
    """A cell in words: ``dataset.train_size = 500, model.activation = relu``."""
    return ", ".join(f"{key} = {format_value(value)}" for key, value in cell)


def _summary(cell: Cell, rate: float, runs: Sequence[RunRecord]) -> RateSummary:
    outcomes = tuple(
        Outcome(
            run.spec.seed,
            run.history.train_accuracy[-1],
            run.history.val_accuracy[-1],
            run.test_accuracy,
        )
        for run in _finished(runs)
    )
    return RateSummary(
        cell,
        rate,
        runs=len(runs),
        diverged=sum(_diverged(run) for run in runs),
        outcomes=outcomes,
        train=_estimate_any([each.train for each in outcomes]),
        val=_estimate_any([each.val for each in outcomes]),
        gap=_estimate_any([each.train - each.val for each in outcomes]),
        test=_estimate_any([each.test for each in outcomes if each.test is not None]),
    )


def _curve(cell: Cell, rate: float, runs: Sequence[RunRecord]) -> Curve:
    return Curve(
        cell,
        rate,
        runs[0].history.epoch,
        _estimate_each([run.history.train_accuracy for run in runs]),
        _estimate_each([run.history.val_accuracy for run in runs]),
        _diverged(runs[0]),
    )


def _estimate_any(values: Sequence[float]) -> Estimate | None:
    return estimate(values) if values else None


def _estimate_each(histories: Sequence[Sequence[float]]) -> tuple[Estimate, ...]:
    return tuple(estimate(point) for point in zip(*histories, strict=True))


def _by_rate(records: Iterable[RunRecord]) -> dict[float, list[RunRecord]]:
    rates: dict[float, list[RunRecord]] = {}
    for record in records:
        rates.setdefault(record.spec.dropout.rate, []).append(record)
    return rates


def _finished(runs: Iterable[RunRecord]) -> list[RunRecord]:
    return [run for run in runs if not _diverged(run)]


def _diverged(run: RunRecord) -> bool:
    return run.status == "diverged"


def _order(value: object) -> tuple[int, Any]:
    """A sort key that never compares a number with a list or a word."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value) if isinstance(value, tuple) else (2, str(value))


@functools.cache
def _t_quantile(freedom: int) -> float:
    from scipy.special import stdtrit  # scipy.stats says the same, and takes a second to import

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
