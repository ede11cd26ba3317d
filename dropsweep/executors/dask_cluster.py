"""The workers of a Dask cluster that is already running."""

from __future__ import annotations

import logging
import pydoc
import time
import warnings
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures import wait as wait_for_all
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dropsweep import __version__, errors
from dropsweep.executors.base import RunExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 5
_SECONDS_BETWEEN_NOTES = 30.0
_VERSION = "dropsweep.__version__"


class DaskCluster(RunExecutor):
    """The cluster whose scheduler is at ``address``, such as ``tcp://10.0.0.1:8786``.

    A run whose worker dies is tried again by the scheduler, as often as its configuration says,
    but at least once. A future is cancelled if the cluster lost its run otherwise, such as with
    the connection: it can be submitted again.

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
        self._unclaimed: set[Future[Any]] = set()
        """Ended, but `wait` was not asked about them so far."""
        self._in_progress: set[Future[Any]] = set()
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

    @property
    def capacity(self) -> int:  # type: ignore[override]
        """Threads of all workers there are now, and one more run each, so that none waits."""
        if time.monotonic() >= self._next_count:  # the scheduler is asked once a second
            self._count, self._next_count = self._threads(), time.monotonic() + 1
        return 2 * max(self._count, 1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand the call to the scheduler."""
        try:  # pure=False: a run that is submitted again is worked on again
            there = self._client.submit(fn, *args, pure=False, **kwargs)
        except Exception as cause:  # a client that lost its scheduler raises several kinds
            raise errors.executor_lost(cause) from cause
        future: Future[T] = Future()
        self._in_progress.add(future)
        self._client.loop.add_callback(self._bring, there, future)
        return future

    def reporter(self, tell: Report) -> Report:  # noqa: ARG002 points stay where they are measured
        """A function that does nothing: only results come back."""
        return _say_nothing

    def wait(self, futures: Collection[Future[T]], timeout: float) -> set[Future[T]]:
        """Those that are done; notes at once and every 30 s that there is no worker.

        Futures come here as they end: looking at each of thousands would take longer, and is done
        only if none came.
        """
        end = time.monotonic() + timeout
        while not (done := {future for future in self._unclaimed if future in futures}):
            try:
                self._unclaimed.add(self._ended.get(timeout=max(end - time.monotonic(), 0)))
                while True:
                    self._unclaimed.add(self._ended.get_nowait())
            except Empty:
                if time.monotonic() >= end:
                    break
        done = done or {future for future in futures if future.done()}
        self._unclaimed -= done
        if not done and time.monotonic() >= self._next_note and not self._threads():
            self._next_note = time.monotonic() + _SECONDS_BETWEEN_NOTES
            self._note(errors.no_dask_worker(self._address))
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on without us; ``cancel_futures`` waits for no run."""
        if wait and not cancel_futures:
            wait_for_all(list(self._in_progress))
        self._client.close()

    async def _bring(self, there: Any, future: Future[Any]) -> None:
        """Wait for a run and bring its result here, in the client's thread.

        Dask's own executor looks at the state again once the result is here: if the worker died
        at that moment, it takes the result for an error; and if bringing fails, it never ends.
        """
        try:
            value, error = await there, None
        except BaseException as raised:
            value, error = None, raised
        if error is not None and there.status != "error":  # nothing was wrong with the run
            future.cancel()
        if future.set_running_or_notify_cancel():
            future.set_result(value) if error is None else future.set_exception(_death(error))
        self._in_progress.discard(future)
        self._ended.put(future)

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except Exception as cause:
            raise errors.executor_lost(cause) from cause

    def _compare_versions(self) -> None:
        """Refuse a cluster on which a run would give other numbers, or none.

        The workers are sent a function of the standard library, which any Python understands.
        A worker that joins later, or is too busy to answer, is checked by its first run.
        """
        try:
            found: dict[str, Any] = self._client.run(pydoc.locate, _VERSION, on_error="return")
        except Exception as cause:
            raise errors.dask_unreachable(self._address, cause) from cause
        for worker, version in found.items():
            if version != __version__ and not isinstance(version, OSError):
                theirs = version if isinstance(version, str) else None
                raise errors.dask_worker_differs(worker, theirs, __version__)


def _death(error: BaseException) -> BaseException:
    """The error; if only one worker died of the run, one after which a run is tried again."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker) and error.allowed_failures == 0:
        return BrokenExecutor(str(error))
    return error


def _say_nothing(spec: Any, point: Any) -> None:
    pass
