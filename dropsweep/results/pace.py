"""The pace at which runs come into a results folder, by the times of its files.

Nothing on disk says that a sweep is running: a process that is killed could not take it back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dropsweep.results.folder import ResultsFolder

_RECENT = 20
"""The pace is that of so many runs."""

_PATIENCE = 3
"""A sweep has stopped if nothing came in so many times the usual time, and `_GRACE` seconds."""

_GRACE = 60.0
"""Twice the time between two checkpoints of a long run."""


@dataclass(frozen=True)
class Pace:
    """The latest signs of training in a folder."""

    age: float | None
    """Seconds since the latest run or checkpoint was written; None if there is neither."""
    between: float | None
    """Seconds from run to run of late; None before the first run."""
    is_running: bool
    """Something was written a short while ago, and no command has written its tables since."""

    @classmethod
    def of(cls, folder: ResultsFolder, seconds: float, now: float | None = None) -> Pace:
        """The pace of a folder.

        Parameters
        ----------
        seconds
            The usual duration of a run.
        """
        now = time.time() if now is None else now
        ended = max(_times([folder.path / "summary.csv"]), default=0.0)
        runs = sorted(_times(folder.runs.glob("*.json")))
        begun = _times([folder.config, *folder.checkpoints.glob("*.npz")])
        latest = max([*runs[-1:], *begun], default=None)
        if latest is None:
            return cls(None, None, is_running=False)
        age, between = max(now - latest, 0.0), None
        if recent := [each for each in runs if each > ended][-_RECENT:] or runs[-_RECENT:]:
            # the first of them began before it was written
            between = (recent[-1] - recent[0] + seconds) / len(recent)
        patience = _GRACE + _PATIENCE * max(between or 0.0, seconds)
        return cls(age, between, is_running=latest > ended and age < patience)


def _times(paths: Iterable[Path]) -> Iterator[float]:
    """When each of them was last written; those that are not there are left out."""
    for path in paths:
        try:
            yield path.stat().st_mtime
        except (FileNotFoundError, NotADirectoryError):
            continue
