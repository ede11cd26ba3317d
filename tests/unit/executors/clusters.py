"""A Dask cluster on this machine, whose workers are processes watched by nannies."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def local_cluster(allowed_failures: int = 3, workers: int = 2) -> Iterator[Any]:
    """Workers of one thread; one that dies is started again.

    Parameters
    ----------
    allowed_failures
        The number of workers a task may take with it before the scheduler gives it up.
    """
    reason = "distributed is not installed: pip install 'dropsweep[dask]'"
    distributed = pytest.importorskip("distributed", reason=reason)
    import dask

    with (
        warnings.catch_warnings(action="ignore"),  # the cluster's own affairs are not under test
        dask.config.set({"distributed.scheduler.allowed-failures": allowed_failures}),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
        ) as cluster,
    ):
        yield cluster
