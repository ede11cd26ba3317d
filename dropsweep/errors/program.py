"""Mistakes of the program itself, or with a file that the user names."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from dropsweep.errors.base import (
    ConfigError,
    DropsweepError,
    ResultsError,
    RunsFailedError,
    reason,
)

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
    """The output cannot be written where stdout was sent."""
    why = "the disk is full" if cause.errno == errno.ENOSPC else reason(cause)
    return ResultsError(
        f"stdout cannot be written ({why}); what was to be printed is not whole.",
        "Finished runs are kept. Send the output elsewhere, then run the same command again.",
    )


def file_unwritable(path: Path, cause: OSError) -> ConfigError:
    """A file the user named cannot be made."""
    return ConfigError(f"{path}: cannot be written ({reason(cause)}).", "Choose another place.")


def verification_failed(checks: Sequence[str]) -> DropsweepError:
    """The mathematics does not give what it must on this machine."""
    return DropsweepError(
        f"checks that failed: {'; '.join(checks)}.",
        "Do not trust results of this machine. Install NumPy again; if the checks still fail, "
        "report it with the output of: dropsweep verify --format json",
    )


def dask_missing() -> ConfigError:
    """``--dask`` without the package."""
    return ConfigError("--dask needs the package distributed.", "pip install 'dropsweep[dask]'")


def dask_unreachable(address: str, cause: Exception) -> ConfigError:
    """No scheduler answers at the address, or not in a way that this Dask understands."""
    why = " ".join(str(cause).split()) or type(cause).__name__
    return ConfigError(
        f"--dask {address}: no scheduler answers ({why}).",
        "Start one with `dask scheduler`, and workers with `dask worker --nthreads 1 ADDRESS`, of "
        "the same version of distributed. tls:// and ucx:// need Dask's own settings: "
        "certificates, or the package distributed-ucxx.",
    )


def dask_worker_differs(worker: str, theirs: str | None, ours: str) -> ConfigError:
    """A worker would compute with another dropsweep, or has none."""
    has = "cannot import dropsweep" if theirs is None else f"has dropsweep {theirs}"
    return ConfigError(
        f"--dask: the worker {worker} {has}; this command is dropsweep {ours}.",
        f"Install dropsweep {ours} in the environment of every worker, and start them again.",
    )


def no_dask_worker(address: str) -> str:
    """A line while a cluster has no worker."""
    return f"no worker is connected to {address}; waiting for: dask worker --nthreads 1 {address}"


def executor_lost(cause: BaseException | None = None) -> RunsFailedError:
    """A cluster's scheduler went away while it had runs of ours."""
    why = f" ({' '.join(str(cause).split()) or type(cause).__name__})" if cause else ""
    return RunsFailedError(
        f"the Dask cluster does not answer any more{why}.",
        "Finished runs are kept. Start the cluster again; the same command goes on.",
    )


def version_differs(theirs: str, ours: str) -> RunsFailedError:
    """Work came to a dropsweep that is not the one that planned it."""
    return RunsFailedError(
        f"this worker has dropsweep {ours}, and the run was planned by dropsweep {theirs}.",
        "Install the same dropsweep everywhere, start the workers again, then give the same "
        "command again.",
    )


def algorithm_differs(theirs: int, ours: int) -> RunsFailedError:
    """A spec asks for numbers that this dropsweep does not compute."""
    return RunsFailedError(
        f"the run asks for version {theirs} of the algorithm, and this dropsweep has version "
        f"{ours}.",
        "Use the dropsweep that planned the run; or plan it again with this one.",
    )


def no_worker_process(cause: OSError) -> ConfigError:
    """The system lets us start no process: a limit is reached, or Python may not be executed."""
    where = f"{cause.filename}: " if cause.filename else ""
    limited = cause.errno in {errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
    return ConfigError(
        f"no worker process can be started ({where}{reason(cause)}).",
        "Use -j 1, which trains in this process"
        + ("; or raise the limit (`ulimit -u`, `ulimit -n`)." if limited else "."),
    )


def fewer_processes(count: int, cause: OSError) -> str:
    """A line where the system lets us start some processes only."""
    some = "1 process" if count == 1 else f"{count} processes"
    return f"training with {some}: no more can be started ({reason(cause)})"


UNUSED_AVX512 = (
    "OpenBLAS does not use this CPU's AVX-512: with OPENBLAS_CORETYPE=SkylakeX in the environment "
    "runs take less time. Their last digits differ, so use it for whole sweeps."
)
"""A line after long training on such a machine."""


def worker_died(code: int) -> str:
    """The error of a run that took its worker with it."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    memory = "; out of memory?" if code == -9 else ""
    return f"the worker process {how}{memory}"


def workers_do_not_start(code: int) -> RunsFailedError:
    """Every worker dies before it can take a run."""
    return RunsFailedError(
        f"worker processes die while they start: {worker_died(code)}.",
        "Finished runs are kept. See the lines above, if there are any; -j 1 trains without "
        "worker processes.",
    )
