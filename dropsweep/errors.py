"""Every sentence a user can be told about a mistake, with the exit code it ends in.

Each function names an event and returns the error to raise, so that a call site reads as what
happened (``raise errors.archive_cut_short(path)``) and all wording stands in one place. A sentence
says what is wrong and where; the remedy says what to do next.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Exit(IntEnum):
    """What the process tells the shell."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    DATA = 3
    RUNS_FAILED = 4
    RESULTS = 5
    INTERRUPTED = 130
    TERMINATED = 143


class DropsweepError(Exception):
    """Something a user can be told, once, without a traceback.

    Parameters
    ----------
    what
        What is wrong, and where.
    remedy
        What to do next.
    """

    exit_code: ClassVar[Exit] = Exit.INTERNAL

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n{self.remedy}" if self.remedy else self.what


class ConfigError(DropsweepError):
    """A usage or config mistake: nothing was started."""

    exit_code = Exit.USAGE


class DataError(DropsweepError):
    """The data set could not be had, or is not what it should be."""

    exit_code = Exit.DATA


class ResultsError(DropsweepError):
    """The results folder cannot be written or read."""

    exit_code = Exit.RESULTS


# --- config -------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake of a config."""

    line: int
    """Counted from 1; 0 where the mistake is not in the file (a ``--set``)."""
    column: int
    """Counted from 1."""
    source: str
    """The config's path, ``<stdin>``, or the ``--set`` it stands in."""
    sentence: str
    """What is wrong, and what to write instead."""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{where}: {self.sentence}"


def config_mistakes(mistakes: Sequence[Mistake]) -> ConfigError:
    """All mistakes of a config, in the order of its lines."""
    lines = "\n".join(f"  {mistake}" for mistake in sorted(mistakes))
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return ConfigError(f"the config has {count}; nothing was started.\n{lines}")


# --- data ---------------------------------------------------------------------------------------


# --- results ------------------------------------------------------------------------------------


def results_unwritable(path: Path, cause: OSError) -> ResultsError:
    """The results folder refused a write."""
    if cause.errno == errno.ENOSPC:
        return ResultsError(
            f"{path}: the disk is full.",
            "Finished runs are kept. Free some space, then give the same command again.",
        )
    return ResultsError(
        f"{path}: cannot be written ({cause.strerror or cause}).",
        "Choose another folder with --output, or make this one writable.",
    )
