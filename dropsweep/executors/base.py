"""What a sweep asks of the place where its runs are worked on."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from types import TracebackType

Report: TypeAlias = Callable[[Any, Any], None]
"""Told (spec, point) as a run goes on."""


class RunExecutor(Executor):
    """An executor that says how much it can work on, and how its work can be heard of."""

    capacity: int
    """Runs that can be worked on at once: submitting more only makes them wait."""

    shares_disk = True
    """Whether paths mean the same there as here."""

    def prepare(self, tasks: int, module: str) -> None:
        """Start what is to do so many tasks, and let it import what they take.

        That goes on while other things are done here; without a call it is done for the first task.
        """

    @abstractmethod
    def reporter(self, tell: Report) -> Report:
        """A function to be called where the work is done, that has ``tell`` called here."""

    def poll(self) -> None:
        """Call ``tell`` with what has been reported since; to be called now and then."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for what is being worked on, unless an interrupt or an error is on its way out."""
        self.shutdown(cancel_futures=kind is not None)


def available_cpus() -> int:
    """CPUs that this process may use: by affinity, control group, and Slurm's allocation."""
    counts = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(len(os.sched_getaffinity(0)))
    if slurm := os.environ.get("SLURM_CPUS_PER_TASK", ""):
        counts.append(int(slurm) if slurm.isdecimal() else counts[0])
    if quota := _cgroup_quota(Path("/sys/fs/cgroup/cpu.max")):
        counts.append(quota)
    return max(min(counts), 1)


def _cgroup_quota(path: Path) -> int | None:
    """CPUs by a version 2 control group's ``quota period``, rounded up; None for no limit."""
    try:
        quota, period = path.read_text(encoding="ascii").split()
        return -(-int(quota) // int(period))
    except (OSError, ValueError):  # absent, or "max"
        return None
