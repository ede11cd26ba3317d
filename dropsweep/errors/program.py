"""What can go wrong with the program itself, or with a file the user names."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, DropsweepError, ResultsError, RunsFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INTERRUPTED = "interrupted."
TERMINATED = "terminated."


def internal(error: Exception) -> str:
    """Something nobody foresaw."""
    return (
        f"internal error: {type(error).__name__}: {error}\n"
        "This is a mistake in dropsweep. Please report it with the output of the same command "
        "after `dropsweep --debug`."
    )


def file_exists(path: Path) -> ConfigError:
    """A file that must be new is there already."""
    return ConfigError(f"{path}: exists already, and is left as it is.", "Choose another name.")


def file_is_folder(path: Path) -> ConfigError:
    """A folder stands where a file is to be made."""
    return ConfigError(f"{path}: is a folder.", "Name a file that does not exist yet.")


def stdout_unwritable(cause: OSError) -> ResultsError:
    """What is printed cannot be kept where stdout was sent."""
    why = "the disk is full" if cause.errno == errno.ENOSPC else cause.strerror or cause
    return ResultsError(
        f"stdout cannot be written ({why}); what was to be printed is not whole.",
        "Finished runs are kept. Send the output elsewhere, then give the same command again.",
    )


def file_unwritable(path: Path, cause: OSError) -> ConfigError:
    """A file the user named cannot be made."""
    return ConfigError(
        f"{path}: cannot be written ({cause.strerror or cause}).", "Choose another place."
    )


def verification_failed(checks: Sequence[str]) -> DropsweepError:
    """The mathematics does not give what it must on this machine."""
    return DropsweepError(
        f"checks that failed: {'; '.join(checks)}.",
        "Do not trust results of this machine. Install NumPy afresh; if the checks still fail, "
        "report it with the output of: dropsweep verify --format json",
    )


def dask_missing() -> ConfigError:
    """``--dask`` without the package."""
    return ConfigError("--dask needs the package distributed.", "pip install 'dropsweep[dask]'")


def dask_unreachable(address: str, cause: Exception) -> ConfigError:
    """No scheduler answers at the address."""
    return ConfigError(
        f"--dask {address}: no scheduler answers ({cause}).",
        "Start one with `dask scheduler`, and workers with `dask worker --nthreads 1 ADDRESS`.",
    )


def executor_lost() -> RunsFailedError:
    """A cluster's scheduler went away while it had runs of ours."""
    return RunsFailedError(
        "the place where the runs are worked on does not answer any more.",
        "Finished runs are kept. Start the cluster again; the same command goes on.",
    )
