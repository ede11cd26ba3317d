"""The end of each rate's runs, and the rate to choose by it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis.intervals import estimate, estimate_any, estimate_on_images, wilson
from dropsweep.analysis.settings import by_setting_and_rate, diverged, finished

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from dropsweep.analysis.intervals import Estimate
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import DatasetSpec, RunRecord


_TRAIN_IMAGES = 1000
"""Training accuracy is that on at most so many images."""


@dataclass(frozen=True)
class SeedResult:
    """The end of one finished run."""

    seed: int
    train: float
    """Training accuracy after the last epoch."""
    val: float
    """Validation accuracy after the last epoch, on all validation images."""
    right: int
    """Validation images named right: the same, in whole images."""
    test: float | None
    """Test accuracy at the epoch that validation chose."""
    at_chance: bool
    """Its training and validation accuracy cannot be told from guessing."""


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
    """The finished runs that the estimates are made of, by seed."""
    train: Estimate | None
    val: Estimate | None
    gap: Estimate | None
    """Generalization gap: training minus validation accuracy, seed by seed."""
    test: Estimate | None
    """Its interval includes the choice of seeds and of test images; Wilson's with one seed."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds the estimates are made of."""
        return tuple(outcome.seed for outcome in self.outcomes)

    @property
    def at_chance(self) -> tuple[int, ...]:
        """Seeds whose runs ended at the level of chance."""
        return tuple(outcome.seed for outcome in self.outcomes if outcome.at_chance)


@dataclass(frozen=True)
class Choice:
    """The rate, and the setting, that validation chose."""

    setting: Setting
    rate: float
    dataset: DatasetSpec
    """The images it was chosen by, and tested on."""
    val: Estimate
    test: Estimate | None
    """None without test images; its interval is that of `RateSummary.test`."""
    score: float
    """Mean validation accuracy that it was chosen by."""
    shared: int | None
    """Seeds that all candidates have in common; None where each has the same."""


def summarize(records: Sequence[RunRecord]) -> list[RateSummary]:
    """One summary for each setting and rate, in this order."""
    return [_summary(setting, rate, runs) for setting, rate, runs in by_setting_and_rate(records)]


def final_val(run: RunRecord) -> float:
    """Validation accuracy after the last epoch, on all validation images."""
    return run.history.val_accuracy[-1] if run.val_accuracy is None else run.val_accuracy


def images_right(run: RunRecord) -> int | None:
    """Validation images that a run names right after its last epoch; None if it diverged."""
    return None if diverged(run) else round(final_val(run) * run.spec.dataset.val_size)


def select(
    summaries: Iterable[RateSummary], among: Mapping[Setting, Collection[float]] | None = None
) -> Choice | None:
    """The highest mean final validation accuracy, the lowest rate among equals.

    Within a setting means are taken over the seeds that finished at every candidate, since seeds
    differ more than rates do. Candidates are the rates none of whose runs diverged, if there are
    any. Test accuracy takes no part in choosing. None where no run finished.

    Parameters
    ----------
    among
        Candidates of the settings that have a race of their own.
    """
    choices = [
        choice
        for setting, of_setting in itertools.groupby(summaries, key=lambda each: each.setting)
        for choice in _choices(candidates(of_setting, (among or {}).get(setting)))
    ]
    return max(choices, key=lambda each: (each.score, -each.rate), default=None)


def candidates(
    of_setting: Iterable[RateSummary], among: Collection[float] | None = None
) -> list[RateSummary]:
    """The rates of one setting that may be chosen: those with no diverged run, if there are any."""
    ended = [each for each in of_setting if each.outcomes]
    if among:
        return [each for each in ended if each.rate in among]
    return [each for each in ended if not each.diverged] or ended


def _choices(rates: Sequence[RateSummary]) -> Iterator[Choice]:
    common = set.intersection(*(set(each.seeds) for each in rates)) if rates else set()
    for each in rates:
        seeds = common or set(each.seeds)
        score = estimate([outcome.val for outcome in each.outcomes if outcome.seed in seeds]).mean
        if each.val is not None:
            unequal = len({other.seeds for other in rates}) > 1
            shared = len(common) if unequal else None
            yield Choice(each.setting, each.rate, each.dataset, each.val, each.test, score, shared)


def _summary(setting: Setting, rate: float, runs: Sequence[RunRecord]) -> RateSummary:
    outcomes = tuple(_seed_result(run) for run in finished(runs))
    dataset = runs[0].spec.dataset
    tested = [each.test for each in outcomes if each.test is not None]
    return RateSummary(
        setting,
        rate,
        dataset,
        runs=len(runs),
        diverged=sum(diverged(run) for run in runs),
        outcomes=outcomes,
        train=estimate_any([each.train for each in outcomes]),
        val=estimate_any([each.val for each in outcomes]),
        gap=estimate_any([each.train - each.val for each in outcomes]),
        test=estimate_on_images(tested, dataset.test_size),
    )


def _seed_result(run: RunRecord) -> SeedResult:
    train, val, dataset = run.history.train_accuracy[-1], final_val(run), run.spec.dataset
    ends = ((train, min(dataset.train_size, _TRAIN_IMAGES)), (val, dataset.val_size))
    return SeedResult(
        run.spec.seed,
        train,
        val,
        round(val * dataset.val_size),
        run.test_accuracy,
        at_chance=all(
            wilson(accuracy, images)[0] <= dataset.content.chance for accuracy, images in ends
        ),
    )
