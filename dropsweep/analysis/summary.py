"""Where the runs of each rate ended, and the rate to choose by it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.estimate import estimate, estimate_any
from dropsweep.analysis.settings import by_setting_and_rate, diverged, finished

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dropsweep.analysis.estimate import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import DatasetSpec, RunRecord


@dataclass(frozen=True)
class SeedResult:
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
    """The seeds of one rate in one setting; estimates are None where every run diverged."""

    setting: Setting
    rate: float
    dataset: DatasetSpec
    """The images of all its runs."""
    runs: int
    """Runs, the diverged ones among them."""
    diverged: int
    """Runs that diverged: counted here, and in no estimate."""
    outcomes: tuple[SeedResult, ...]
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
    """The rate, and the setting, that validation chose."""

    setting: Setting
    rate: float
    dataset: DatasetSpec
    """The images it was chosen by, and tested on."""
    val: Estimate
    test: Estimate | None
    """None without test images."""
    score: float
    """Mean validation accuracy that it was chosen by."""
    shared: int | None
    """Seeds that all candidates have in common; None where each has the same."""


def summarize(records: Sequence[RunRecord]) -> list[RateSummary]:
    """One summary for each setting and rate, in this order."""
    return [_summary(setting, rate, runs) for setting, rate, runs in by_setting_and_rate(records)]


def select(summaries: Iterable[RateSummary]) -> Choice | None:
    """The highest mean final validation accuracy, the lowest rate among equals.

    Within a setting means are taken over the seeds that finished at every candidate, since seeds
    differ more than rates do. Candidates are the rates none of whose runs diverged, if there are
    any. Test accuracy takes no part in choosing. None where no run finished.
    """
    choices = [
        choice
        for _, of_setting in itertools.groupby(summaries, key=lambda each: each.setting)
        for choice in _choices(_candidates(of_setting))
    ]
    return max(choices, key=lambda each: (each.score, -each.rate), default=None)


def _candidates(of_setting: Iterable[RateSummary]) -> list[RateSummary]:
    ended = [each for each in of_setting if each.outcomes]
    return [each for each in ended if not each.diverged] or ended


def _choices(candidates: Sequence[RateSummary]) -> Iterator[Choice]:
    common = set.intersection(*(set(each.seeds) for each in candidates)) if candidates else set()
    for each in candidates:
        seeds = common or set(each.seeds)
        score = estimate([outcome.val for outcome in each.outcomes if outcome.seed in seeds]).mean
        if each.val is not None:
            alone = len({other.seeds for other in candidates}) > 1
            shared = len(common) if alone else None
            yield Choice(each.setting, each.rate, each.dataset, each.val, each.test, score, shared)


def _summary(setting: Setting, rate: float, runs: Sequence[RunRecord]) -> RateSummary:
    outcomes = tuple(
        SeedResult(
            run.spec.seed,
            run.history.train_accuracy[-1],
            run.history.val_accuracy[-1],
            run.test_accuracy,
        )
        for run in finished(runs)
    )
    return RateSummary(
        setting,
        rate,
        runs[0].spec.dataset,
        runs=len(runs),
        diverged=sum(diverged(run) for run in runs),
        outcomes=outcomes,
        train=estimate_any([each.train for each in outcomes]),
        val=estimate_any([each.val for each in outcomes]),
        gap=estimate_any([each.train - each.val for each in outcomes]),
        test=estimate_any([each.test for each in outcomes if each.test is not None]),
    )
