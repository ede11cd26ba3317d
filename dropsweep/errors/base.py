"""Exit codes, and the exceptions that carry one."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    DATA = 3
    RUNS_FAILED = 4
    RESULTS = 5
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


class DropsweepError(Exception):
    """Something a user can be told, once, without a traceback: what is wrong, and what to do."""

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
    """The data set could not be found or downloaded, or failed verification."""

    exit_code = Exit.DATA


class ResultsError(DropsweepError):
    """The results folder cannot be written or read."""

    exit_code = Exit.RESULTS


class RunsFailedError(DropsweepError):
    """The sweep is finished, but some of its runs failed."""

    exit_code = Exit.RUNS_FAILED


def reason(cause: object) -> object:
    """The system's words for an `OSError`; anything else as it is."""
    return getattr(cause, "strerror", None) or cause


def counted(count: int, noun: str) -> str:
    """``1 run``, ``2 runs``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(items: Iterable[object]) -> str:
    """A line for each, indented."""
    return "".join(f"\n  {item}" for item in items)
