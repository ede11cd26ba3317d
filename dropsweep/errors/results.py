"""What can be wrong with a results folder."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from dropsweep.errors.base import ResultsError

if TYPE_CHECKING:
    from pathlib import Path


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


def results_unreadable(path: Path, cause: OSError) -> ResultsError:
    """A file of the results folder is there and cannot be read."""
    return ResultsError(
        f"{path}: cannot be read ({cause.strerror or cause}).", "Check its permissions."
    )


def results_newer(path: Path, found: int, known: int) -> ResultsError:
    """A run file was written by a dropsweep that knows more than this one."""
    return ResultsError(
        f"{path}: written by a newer dropsweep (schema {found}; this one reads up to {known}).",
        "Update dropsweep, or choose another folder with --output.",
    )


def results_absent(path: Path) -> ResultsError:
    """No results stand where the user pointed."""
    return ResultsError(
        f"{path}: no results here or below (a results folder holds a folder named runs).",
        "Make some with: dropsweep run CONFIG",
    )
