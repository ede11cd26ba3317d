"""An exact sequential race between rates: seeds are added until the answer is sure.

A race judges one setting, seed by seed, and never looks at anything but the runs in seed order: the
same runs give the same answer, whatever order they arrived in. It errs in at most 5 % of races,
however often one looks. ``README.md`` beside this file explains why.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from dropsweep.analysis.sequential import SignTest, rejects, spendable
from dropsweep.analysis.settings import by_setting
from dropsweep.analysis.summary import images_right
from dropsweep.records import varying_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from dropsweep.analysis.settings import Setting
    from dropsweep.records import Decision, RunRecord, RunSpec

_ERROR = Fraction(1, 20)
"""Largest chance of a wrong answer, of each setting."""

_FINENESS = 2000
"""Ends of always-valid intervals are found to one part in so many of the validation images."""


def level(rates: int) -> Fraction:
    """Level of each test of a race between so many rates."""
    return _ERROR / max(rates - 1, 1)


@functools.cache
def earliest_end(rates: int) -> int:
    """The smallest number of seeds after which a race between so many rates can end."""
    count = 1
    while Fraction(1, 2**count) > spendable(level(rates), count):
        count += 1
    return count


@dataclass(frozen=True)
class RaceState:
    """A race as far as its runs go."""

    rates: tuple[float, ...]
    """The whole list."""
    seeds: int
    """Seeds judged: 0 to this minus 1."""
    in_race: tuple[float, ...]
    """Rates still in it; among them is the best rate of those with no diverged run (95 %)."""
    left: tuple[tuple[float, int], ...]
    """Rates that left and the seed after which they did, in this order."""
    diverged: tuple[tuple[float, int], ...]
    """Rates taken off the list, and the seed whose run diverged."""
    answer: float | None
    """No rate with no diverged run is better than it by the margin or more (95 %)."""
    equal: tuple[float, ...]
    """Rates within the margin of the answer, both ways (each 95 %); some may have left."""
    status: Literal["settled", "unsettled", "blocked", "waiting", "diverged"]
    """Unsettled: at the largest number of seeds; blocked: by a failed run; waiting: for runs;
    diverged: every rate has a diverged run."""
    failed: tuple[float, int] | None
    """Rate and seed of the run that blocks it."""
    missing: tuple[tuple[float, int], ...]
    """Rate and seed of the runs it waits for, to be trained first, in this order."""
    counted: Mapping[float, int]
    """For each rate: the runs of seeds below this belong to the answer."""

    def counts(self, rate: float, seed: int) -> bool:
        """A run belongs to the answer: it was judged, or is the one that diverged."""
        return seed < self.counted.get(rate, 0)


class Race:
    """The race of one setting: runs in, in any order, and its state out.

    Parameters
    ----------
    rates
        The whole list, in its order; it sets the level of the tests.
    val_size
        Validation images of every run.
    """

    def __init__(self, rates: Sequence[float], val_size: int, decision: Decision) -> None:
        self.rates = tuple(rates)
        self._val_size = val_size
        self._max_seeds = decision.max_seeds
        margin = Fraction(decision.margin) * val_size
        self._units = margin.denominator
        self._margin = margin.numerator  # in 1 / units of an image
        self._level = level(len(self.rates))
        self._right: dict[tuple[float, int], int | None] = {}
        self._failed: set[tuple[float, int]] = set()
        self._tests: dict[tuple[float, float, int], SignTest] = {}
        self._off: dict[float, int] = {}  # rates with a diverged run, and its seed
        self._restart()

    def add(self, rate: float, seed: int, right: int | None) -> None:
        """Take in a run: its validation images named right, or None if it diverged."""
        self._right[rate, seed] = right
        self._failed.discard((rate, seed))

    def fail(self, rate: float, seed: int) -> None:
        """Take in that a run failed; it blocks the race until it is added."""
        if (rate, seed) not in self._right:
            self._failed.add((rate, seed))

    def has(self, rate: float, seed: int) -> bool:
        """True if a run is there, judged or not."""
        return (rate, seed) in self._right

    def state(self) -> RaceState:
        """The state that all runs so far lead to."""
        while not self._ended and self._in_race and self._seeds < self._max_seeds:
            reached = [(rate, self._seeds) for rate in self._in_race]
            if any(run not in self._right for run in reached):
                break
            if gone := [rate for rate, seed in reached if self._right[rate, seed] is None]:
                self._off.update(dict.fromkeys(gone, self._seeds))
                self._restart()
            else:
                self._judge()
        return self._state()

    def ahead(self) -> Iterator[tuple[float, int]]:
        """Runs of later seeds to train after `RaceState.missing`; they may be of no use.

        They are for idle workers: rate and seed, in the order of the seeds.
        """
        if not self.state().missing:
            return
        for seed in range(self._seeds + 1, self._max_seeds):
            for rate in self._in_race:
                if (rate, seed) not in self._right and (rate, seed) not in self._failed:
                    yield rate, seed

    def interval(self, rate: float, other: float) -> tuple[float, float] | None:
        """Ends of the always-valid interval of accuracy at ``rate`` minus that at ``other``.

        None where one of them was taken off the list.

        From the smallest to the largest shift that the seeds judged at both do not reject, at
        level .025 a side; with two rates at the race's own, .05. Ends are rounded outward to one
        part in 2000 of the validation images.
        """
        counted = self._counted()
        if {rate, other} & self._off.keys():
            return None
        seeds = range(min(counted[rate], counted[other]))
        d = [self._difference(rate, other, seed) * self._units for seed in seeds]
        level = _ERROR if len(self.rates) == 2 else _ERROR / 2
        finest = max(self._val_size * self._units // _FINENESS, 1)
        step = next(
            size for size in range(finest, 0, -1) if self._margin % size == 0
        )  # so that 0 and +-margin are among the shifts
        high = self._largest_shift(d, step, level)
        low = -self._largest_shift([-each for each in d], step, level)
        images = self._units * self._val_size
        return max(low / images, -1.0), min(high / images, 1.0)

    def _largest_shift(self, d: Sequence[int], step: int, level: Fraction) -> int:
        """The smallest shift above which all are rejected, with the next one on the grid."""
        shift = (max(d, default=0) // step + 1) * step
        most = self._units * self._val_size
        if not rejects([shift - each for each in d], level):
            return most
        while rejects([shift - step - each for each in d], level):
            shift -= step
        return min(shift, most)

    def _restart(self) -> None:
        self._in_race = [rate for rate in self.rates if rate not in self._off]
        self._left: dict[float, int] = {}
        self._seeds = 0
        self._ended: list[float] = []  # rates that may be the answer

    def _judge(self) -> None:
        """The next seed: rates leave, and the race may end."""
        self._seeds += 1
        racing = self._in_race
        leaving = [
            rate
            for rate in racing
            if any(
                self._is_better(other, rate) and self._is_not_worse(other, rate)
                for other in racing
                if other != rate
            )
        ]
        if len(leaving) < len(racing):
            self._left.update(dict.fromkeys(leaving, self._seeds - 1))
            self._in_race = racing = [rate for rate in racing if rate not in leaving]
        self._ended = [
            rate
            for rate in racing
            if all(self._is_not_worse(rate, other) for other in racing if other != rate)
        ]

    def _is_better(self, rate: float, other: float) -> bool:
        """E: the seeds judged show that ``rate`` is better than ``other``."""
        return self._rejects(rate, other, shift=0, seeds=self._seeds)

    def _is_not_worse(self, rate: float, other: float, seeds: int | None = None) -> bool:
        """M: these seeds show that ``other`` is not better than ``rate`` by the margin or more."""
        return self._rejects(
            rate, other, shift=self._margin, seeds=self._seeds if seeds is None else seeds
        )

    def _rejects(self, rate: float, other: float, *, shift: int, seeds: int) -> bool:
        """A test of so many seeds rejects; tests outlive a replay, whose numbers are the same."""
        if (test := self._tests.get((rate, other, shift))) is None:
            test = self._tests[rate, other, shift] = SignTest(self._level)
        units = self._units if shift else 1
        while test.count < seeds and test.rejected_at is None:
            test.add(self._difference(rate, other, test.count) * units + shift)
        return test.rejected_at is not None and test.rejected_at <= seeds

    def _difference(self, rate: float, other: float, seed: int) -> int:
        a, b = self._right[rate, seed], self._right[other, seed]
        assert a is not None  # noqa: S101 only seeds judged at both are looked at
        assert b is not None  # noqa: S101
        return a - b

    def _counted(self) -> dict[float, int]:
        judged = dict.fromkeys(self._in_race, self._seeds)
        return judged | {rate: seed + 1 for rate, seed in (self._left | self._off).items()}

    def _state(self) -> RaceState:
        answer = self._answer()
        over = answer is not None or not self._in_race or self._seeds >= self._max_seeds
        reached = [] if over else [(rate, self._seeds) for rate in self._in_race]
        failed = next((run for run in reached if run in self._failed), None)
        missing = [] if failed else [run for run in reached if run not in self._right]
        status: Literal["settled", "unsettled", "blocked", "waiting", "diverged"]
        if answer is not None:
            status = "settled"
        elif not self._in_race:
            status = "diverged"
        elif over:
            status = "unsettled"
        else:
            status = "blocked" if failed else "waiting"
        return RaceState(
            self.rates,
            self._seeds,
            tuple(self._in_race),
            tuple(self._left.items()),
            tuple(self._off.items()),
            answer,
            () if answer is None else tuple(self._equal_to(answer)),
            status,
            failed,
            tuple(missing),
            self._counted(),
        )

    def _answer(self) -> float | None:
        """Of the rates that may be the answer, the highest mean; of equal ones the lowest rate."""
        if not self._ended:
            return None
        return max(self._ended, key=lambda rate: (self._sum(rate), -rate))

    def _sum(self, rate: float) -> int:
        return sum(self._right[rate, seed] or 0 for seed in range(self._seeds))

    def _equal_to(self, answer: float) -> Iterator[float]:
        for rate in self.rates:
            if rate != answer and rate not in self._off:
                seeds = min(self._left.get(rate, self._seeds - 1) + 1, self._seeds)
                if self._is_not_worse(answer, rate, seeds) and self._is_not_worse(
                    rate, answer, seeds
                ):
                    yield rate


def races(
    records: Sequence[RunRecord], decision: Decision, failed: Collection[RunSpec] = ()
) -> dict[Setting, Race]:
    """The race of each setting, from all records of a sweep and the specs that failed."""
    found: dict[Setting, Race] = {}
    for setting, runs in by_setting(records).items():
        rates = decision.rates or tuple(dict.fromkeys(run.spec.rate for run in runs))
        race = found[setting] = Race(rates, runs[0].spec.dataset.val_size, decision)
        for spec in failed:
            if not varying_keys([runs[0].spec, spec]):
                race.fail(spec.rate, spec.seed)
        for run in runs:
            race.add(run.spec.rate, run.spec.seed, images_right(run))
    return found
