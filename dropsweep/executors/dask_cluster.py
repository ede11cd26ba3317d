"""Work on the workers of a Dask cluster that is already running."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dropsweep import errors
from dropsweep.executors.base import RunExecutor

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 5


class DaskCluster(RunExecutor):
    """The cluster whose scheduler is at ``address``, such as ``tcp://10.0.0.1:8786``.

    A run whose worker dies is tried again by the scheduler, as often as its configuration says.

    Raises
    ------
    ConfigError
        If Dask is not installed, or no scheduler answers.
    """

    shares_disk = False

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as cause:
            raise errors.dask_missing() from cause
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as cause:
            raise errors.dask_unreachable(address, cause) from cause
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we tell it ourselves
        # pure=False: a run that is submitted again is worked on again
        self._executor = self._client.get_executor(pure=False)

    @property
    def capacity(self) -> int:  # type: ignore[override]
        """Threads of all workers there are now, and one more run each, so that none waits."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except OSError as cause:
            raise errors.executor_lost() from cause
        return 2 * max(threads, 1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand the call to the scheduler."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def reporter(self, tell: Report) -> Report:  # noqa: ARG002 points stay where they are measured
        """A function that says nothing: a run is heard of when it ends."""
        return _say_nothing

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on without us; with ``cancel_futures``, so do no runs."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _say_nothing(spec: Any, point: Any) -> None:
    pass
