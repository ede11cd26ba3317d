"""The workers of a Dask cluster that is already running."""

from __future__ import annotations

import contextlib
import logging
import pydoc
import time
import warnings
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dropsweep import __version__, errors
from dropsweep.executors.base import RunExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Future

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 5
_SECONDS_BETWEEN_NOTES = 30.0
_VERSION = "dropsweep.__version__"


class DaskCluster(RunExecutor):
    """The cluster whose scheduler is at ``address``, such as ``tcp://10.0.0.1:8786``.

    A run whose worker dies is tried again by the scheduler, as often as its configuration says.

    Raises
    ------
    ConfigError
        If Dask is not installed, no scheduler answers, or a worker has another dropsweep or none.
    """

    shares_disk = False

    def __init__(self, address: str, note: Callable[[str], None] = lambda _: None) -> None:
        try:
            from distributed import Client
        except ImportError as cause:
            raise errors.dask_missing() from cause
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # our own lines say it
        self._address = address
        self._note = note
        self._next_note = self._next_count = 0.0
        self._count = 0
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()
        try:
            with warnings.catch_warnings(action="ignore"):  # of versions: if it matters, it fails
                self._client = Client(address, timeout=_CONNECT_SECONDS)
        except Exception as cause:  # each of Dask's protocols raises errors of its own
            raise errors.dask_unreachable(address, cause) from cause
        try:
            self._compare_versions()
        except BaseException:
            self._client.close()
            raise
        # pure=False: a run that is submitted again is worked on again
        self._executor = self._client.get_executor(pure=False)

    @property
    def capacity(self) -> int:  # type: ignore[override]
        """Threads of all workers there are now, and one more run each, so that none waits."""
        if time.monotonic() >= self._next_count:  # the scheduler is asked once a second
            self._count, self._next_count = self._threads(), time.monotonic() + 1
        return 2 * max(self._count, 1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand the call to the scheduler."""
        try:
            future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        except Exception as cause:  # a client that lost its scheduler raises several kinds
            raise errors.executor_lost(cause) from cause
        future.add_done_callback(self._ended.put)
        return future

    def reporter(self, tell: Report) -> Report:  # noqa: ARG002 points stay where they are measured
        """A function that does nothing: only results come back."""
        return _say_nothing

    def wait(self, futures: Collection[Future[T]], timeout: float) -> set[Future[T]]:
        """Those that are done; notes at once and every 30 s that there is no worker.

        Futures come here as they end: looking at each of thousands would take longer.
        """
        done: set[Future[T]] = set()
        with contextlib.suppress(Empty):
            done.add(self._ended.get(timeout=timeout))
            while True:
                done.add(self._ended.get_nowait())
        done = {future for future in done if future in futures}
        if not done and time.monotonic() >= self._next_note and not self._threads():
            self._next_note = time.monotonic() + _SECONDS_BETWEEN_NOTES
            self._note(errors.no_dask_worker(self._address))
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on without us; ``cancel_futures`` waits for no run."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except Exception as cause:
            raise errors.executor_lost(cause) from cause

    def _compare_versions(self) -> None:
        """Refuse a cluster on which a run would give other numbers, or none.

        The workers are sent a function of the standard library, which any Python understands.
        A worker that joins later is checked by its first run.
        """
        try:
            found: dict[str, Any] = self._client.run(pydoc.locate, _VERSION, on_error="return")
        except Exception as cause:
            raise errors.dask_unreachable(self._address, cause) from cause
        for worker, version in found.items():
            if version != __version__:
                theirs = version if isinstance(version, str) else None
                raise errors.dask_worker_differs(worker, theirs, __version__)


def _say_nothing(spec: Any, point: Any) -> None:
    pass
