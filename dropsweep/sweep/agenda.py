"""The run to train next: the next of a list, or the one that a race waits for."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from dropsweep.analysis import format_setting
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dropsweep.analysis import PlannedRaces
    from dropsweep.analysis.race import RaceState
    from dropsweep.records import RunRecord, RunSpec


class Agenda(Protocol):
    """Gives out runs, and learns what became of them."""

    def next(self) -> RunSpec | None:
        """A run to train; None if there is none now."""

    def again(self, spec: RunSpec) -> None:
        """Its worker process died, or the executor lost it; it is to be trained again."""

    def finished(self, record: RunRecord) -> None:
        """A run's file is on disk."""

    def failed(self, spec: RunSpec) -> None:
        """A run ended in an error, or killed its worker processes."""


class InOrder:
    """All runs of a list in its order; those whose process died come again after all others."""

    def __init__(self, specs: Iterable[RunSpec]) -> None:
        self._left = deque(specs)

    def next(self) -> RunSpec | None:
        """The first of those left."""
        return self._left.popleft() if self._left else None

    def again(self, spec: RunSpec) -> None:
        """Put it at the end."""
        self._left.append(spec)

    def finished(self, record: RunRecord) -> None:
        """Nothing depends on it."""

    def failed(self, spec: RunSpec) -> None:
        """Nothing depends on it."""


class Racing:
    """The runs that the races of a plan ask for, until each has ended.

    Idle workers get later seeds of rates still in a race.

    Parameters
    ----------
    races
        As far as the runs in the folder go.
    step
        Called with a sentence when a rate leaves a race.
    """

    def __init__(self, races: PlannedRaces, step: Callable[[str], None]) -> None:
        self._races = races
        self._step = step
        self._given: set[str] = set()

    def next(self) -> RunSpec | None:
        """A run that a race waits for; else one of a later seed."""
        for spec in chain(self._races.waited_for(), self._races.ahead()):
            if spec.run_id not in self._given:
                self._given.add(spec.run_id)
                return spec
        return None

    def again(self, spec: RunSpec) -> None:
        """Give it out once more, if it is still asked for: its race may wait for it."""
        self._given.discard(spec.run_id)

    def finished(self, record: RunRecord) -> None:
        """Let its race go on, and say who leaves."""
        setting = self._races.setting_of(record.spec)
        before = self._races.state(setting)
        self._races.add(record)
        where = f"{format_setting(setting)}: " if setting else ""
        for sentence in _steps(before, self._races.state(setting)):
            self._step(where + sentence)

    def failed(self, spec: RunSpec) -> None:
        """Stop its race before its seed."""
        self._races.fail(spec)


def _steps(before: RaceState, after: RaceState) -> Iterator[str]:
    """The changes in a race, in sentences."""
    replayed = after.diverged != before.diverged
    for rate, seed in after.diverged[len(before.diverged) :]:
        yield f"seed {seed}: rate {format_rate(rate)} diverged; the race is replayed without it"
    known = () if replayed else before.left
    left = len(after.rates) - len(after.diverged) - len(known)
    for rate, seed in after.left[len(known) :]:
        left -= 1
        yield (
            f"seed {seed}: rate {format_rate(rate)} leaves: another rate does at least as well "
            f"({left} left)"
        )
