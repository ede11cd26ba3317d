"""The tally of a running sweep: the runs and epochs that have ended, by rate and by seed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dropsweep.records import flatten, format_rate, varying_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord, RunSpec


@dataclass
class Group:
    """The runs of one rate in one setting, as far as they have come."""

    rate: str
    setting: tuple[tuple[str, str], ...] = ()
    """Keys that vary, and their values here."""
    planned: int = 0
    """Seeds."""
    ended: int = 0
    """Seeds that are finished or failed."""
    vals: list[float] = field(default_factory=list)
    """Validation accuracy of the finished seeds."""
    training: dict[int, int] = field(default_factory=dict)
    """Seeds that are being trained, each with the epoch that it has reached."""

    @property
    def label(self) -> str:
        """``0.50``, or ``0.50, l2=0.1`` in a grid."""
        return ", ".join([self.rate, *(f"{key}={value}" for key, value in self.setting)])

    @property
    def val(self) -> float:
        """Mean validation accuracy of the finished seeds; -1 if there are none."""
        return sum(self.vals) / len(self.vals) if self.vals else -1.0


class Tally:
    """The state of a sweep, told run by run."""

    def __init__(self, missing: Sequence[RunSpec] = (), there: Sequence[RunRecord] = ()) -> None:
        self._groups: dict[tuple[tuple[tuple[str, str], ...], float], Group] = {}
        self._group_of: dict[str, Group] = {}
        """The group of each run, by id."""
        self._open: Counter[int] = Counter()
        """Runs of each seed that have not ended."""
        self._epochs = self._trained = 0
        """Epochs of this command's runs, and those of them that are trained."""
        self._keys = varying_keys([*(record.spec for record in there), *missing])
        for spec in missing:
            self._plan(spec)
        for record in there:
            self._add(record.spec).ended += 1
            self._count(record.spec, record.val_accuracy)
        self._ended = self._before = len(there)
        """Runs that have ended, and those of them that were there at the beginning."""
        self._began = time.monotonic() if missing else None
        self._first = set(self._open)
        """Seeds whose runs are all known from the beginning; a race adds others run by run."""
        self._told: set[int] = set()
        """Seeds that were said to be done."""

    def reach(self, spec: RunSpec, epoch: int) -> Group:
        """Count the epochs of a run up to this one."""
        # a race may go further than was planned
        group = self._group_of.get(spec.run_id) or self._plan(spec)
        self._trained += epoch - group.training.get(spec.seed, 0)
        group.training[spec.seed] = epoch
        return group

    def end(self, spec: RunSpec, val: float | None) -> None:
        """Count a run that is finished or failed."""
        group = self.reach(spec, spec.training.epochs)
        del group.training[spec.seed]
        group.ended += 1
        self._count(spec, val)
        self._ended += 1
        self._open[spec.seed] -= 1

    def done_seeds(self) -> list[int]:
        """Seeds whose last run has ended since this was last asked; none of a single seed."""
        if len(self._open) == 1 or self.leader is None:
            return []
        latest = max(self._open)
        done = {
            seed
            for seed, runs in self._open.items()
            if not runs and (seed < latest or seed in self._first)
        }
        new = sorted(done - self._told)
        self._told |= done
        return new

    @property
    def leader(self) -> Group | None:
        """The group with the highest accuracy so far."""
        best = max(self._groups.values(), key=lambda group: group.val)
        return best if best.vals else None

    @property
    def groups(self) -> list[Group]:
        """Every rate of every setting, setting by setting."""
        return [self._groups[key] for key in sorted(self._groups)]

    @property
    def training(self) -> list[str]:
        """``rate 0.50 seed 1 epoch 7`` of each run that is being trained."""
        return [
            f"rate {group.label} seed {seed} epoch {epoch}"
            for group in self._groups.values()
            for seed, epoch in group.training.items()
        ]

    @property
    def trained(self) -> int:
        """Runs that this command has trained."""
        return self._ended - self._before

    @property
    def seconds(self) -> float | None:
        """Since training began; None if nothing was to be trained."""
        return None if self._began is None else time.monotonic() - self._began

    @property
    def status(self) -> str:
        """``19/96 runs, ETA 2:10``."""
        eta = ""
        if self.seconds is not None and self._trained:
            eta = f", ETA {clock(self.seconds * (self._epochs / self._trained - 1))}"
        return f"{self._ended}/{len(self._group_of)} runs{eta}"

    @property
    def fraction(self) -> float:
        """The part of the sweep that is trained."""
        here = self._trained / max(self._epochs, 1)
        total = max(len(self._group_of), 1)
        return (self._before + here * (total - self._before)) / total

    def _add(self, spec: RunSpec) -> Group:
        from dropsweep.analysis import format_value

        flat = flatten(spec) if self._keys else {}
        setting = tuple((key.rpartition(".")[2], format_value(flat[key])) for key in self._keys)
        group = self._groups.setdefault(
            (setting, spec.rate), Group(format_rate(spec.rate), setting)
        )
        group.planned += 1
        self._group_of[spec.run_id] = group
        return group

    def _plan(self, spec: RunSpec) -> Group:
        self._open[spec.seed] += 1
        self._epochs += spec.training.epochs
        return self._add(spec)

    def _count(self, spec: RunSpec, val: float | None) -> None:
        if val is not None:
            self._group_of[spec.run_id].vals.append(val)


def clock(seconds: float) -> str:
    """``0:52``, ``12:05``, ``1:02:10``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
