"""The workers of a Dask cluster that is already running."""

from __future__ import annotations

import contextlib
import logging
import pickle
import pydoc
import time
import warnings
from collections import deque
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_all
from queue import Empty, SimpleQueue
from statistics import median
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

from dropsweep import __version__, errors
from dropsweep.executors.base import RunExecutor, outcome, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dropsweep.executors.base import Report

    Call: TypeAlias = tuple[bytes, "Future[Any]"]
    """A pickled call, and the future of its outcome."""

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 5
_SECONDS_BETWEEN_NOTES = 30.0
_VERSION = "dropsweep.__version__"

_TASK_SECONDS = 1.0
"""Runs that are shorter travel together, for the scheduler takes milliseconds for each task."""

_LONGEST_TASK_SECONDS = 2 * _TASK_SECONDS
"""After this time a worker gives back what it has not begun: runs may differ in length."""

_RECENT_TASKS = 64
"""Their median tells how long a run takes: one that fails at once is soon forgotten."""


class DaskCluster(RunExecutor):
    """The cluster whose scheduler is at ``address``, such as ``tcp://10.0.0.1:8786``.

    A run whose worker dies is tried again by the scheduler, as often as its configuration says,
    and alone if the fault may have been another's. A future is cancelled if the cluster lost its
    run otherwise, such as with the connection: it can be submitted again.

    Parameters
    ----------
    note
        Called with a sentence that the user should read.
    runs
        The number of runs to come, at most: so many short ones travel together as take about
        `_TASK_SECONDS`.

    Raises
    ------
    ConfigError
        If Dask is not installed, no scheduler answers, or a worker has another dropsweep or none.
    """

    shares_disk = False

    def __init__(
        self, address: str, note: Callable[[str], None] = lambda _: None, runs: int = 0
    ) -> None:
        try:
            from distributed import Client
        except ImportError as cause:
            raise errors.dask_missing() from cause
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # our own lines say it
        self._address = address
        self._note = note
        self._next_note = self._next_count = 0.0
        self._count = 0
        self._left = runs
        self._recent: deque[float] = deque(maxlen=_RECENT_TASKS)
        """Mean time of a run, of each of the tasks that ended last."""
        self._run_seconds: float | None = None
        """The usual time of a run; None before the first has ended."""
        self._waiting: list[Call] = []
        """Submitted, but not sent yet."""
        self._suspects: deque[Call] = deque()
        """A worker died that had them, perhaps by another run's fault."""
        self._is_suspect_out = False
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
        """Two tasks for each thread of all workers there are now, so that none waits."""
        return 2 * self._threads_of_late() * self._together()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand the call to the scheduler, with others if it is short, at the latest in `wait`."""
        future: Future[T] = Future()
        self._in_progress.add(future)
        self._waiting.append((pickle.dumps((fn, args, kwargs)), future))
        self._left -= 1
        if len(self._waiting) >= self._together():
            self._send_waiting()
        return future

    def reporter(self, tell: Report) -> Report:  # noqa: ARG002 points stay where they are measured
        """A function that does nothing: only results come back."""
        return _say_nothing

    def wait(self, futures: Collection[Future[T]], timeout: float) -> set[Future[T]]:
        """The futures that are done. While there is no worker, a note says so every 30 s.

        Futures come here as they end: looking at each of thousands would take longer, and is done
        only if none came.
        """
        self._send_waiting()
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
            self._send_waiting()
            wait_for_all(list(self._in_progress))
        self._client.close()

    def _together(self) -> int:
        """Runs that make a task: fewer towards the end, so that few workers are left without."""
        if self._run_seconds is None or self._left < 0:
            return 1
        enough = int(_TASK_SECONDS / max(self._run_seconds, 0.01))
        each = self._left // self._threads_of_late()
        return max(min(enough, each // 3), min(enough // 5, each), 1)

    def _send_waiting(self) -> None:
        if self._waiting:
            calls, self._waiting = self._waiting, []
            self._send(calls)

    def _send(self, calls: list[Call], *, suspect: bool = False) -> None:
        """Make one task of the calls."""
        tasks = [task for task, _ in calls]
        try:  # pure=False: a run that is submitted again is worked on again
            there = self._client.submit(_work_through, tasks, pure=False)
        except Exception as cause:  # a client that lost its scheduler raises several kinds
            raise errors.executor_lost(cause) from cause
        self._client.loop.add_callback(self._bring, there, calls, suspect=suspect)

    async def _bring(self, there: Any, calls: list[Call], *, suspect: bool) -> None:
        """Wait for a task and bring its outcomes here, in the client's thread.

        Dask's own executor looks at the state again once the result is here: if the worker died
        at that moment, it takes the result for an error; and if bringing fails, it never ends.
        """
        outcomes: list[bytes] = []
        error: BaseException | None = None
        try:
            outcomes, seconds = await there
            self._recent.append(seconds / len(outcomes))
            self._run_seconds = median(self._recent)
        except BaseException as raised:
            error = raised
        lost = error is not None and there.status != "error"  # by no fault of the runs
        if error is not None and not lost and not suspect and _may_blame_others(error, calls):
            self._suspects += calls
        else:
            done = len(calls) if error is not None else len(outcomes)
            with contextlib.suppress(errors.RunsFailedError):  # no scheduler: `wait` says it
                for call in calls[done:]:
                    self._send([call])
            for at, (_, future) in enumerate(calls[:done]):
                if lost:
                    future.cancel()
                if future.set_running_or_notify_cancel():
                    settle(future, outcomes[at]) if error is None else future.set_exception(error)
                self._in_progress.discard(future)
                self._ended.put(future)
        if suspect:
            self._is_suspect_out = False
        self._try_a_suspect()

    def _try_a_suspect(self) -> None:
        """Send one suspect at a time, so that a run which kills its worker takes none along."""
        if self._suspects and not self._is_suspect_out:
            self._is_suspect_out = True
            with contextlib.suppress(errors.RunsFailedError):  # no scheduler: `wait` says it
                self._send([self._suspects.popleft()], suspect=True)

    def _threads_of_late(self) -> int:
        """Threads of all workers, at least 1: the scheduler is asked once a second."""
        if time.monotonic() >= self._next_count:
            self._count, self._next_count = self._threads(), time.monotonic() + 1
        return max(self._count, 1)

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


def _work_through(tasks: list[bytes]) -> tuple[list[bytes], float]:
    """Make these calls, in a worker; returns the outcomes of the first ones, and the seconds.

    Calls that are not begun within `_LONGEST_TASK_SECONDS` are not made.
    """
    start = time.perf_counter()
    outcomes: list[bytes] = []
    for task in tasks:
        outcomes.append(outcome(task))
        if time.perf_counter() - start > _LONGEST_TASK_SECONDS:
            break
    return outcomes, time.perf_counter() - start


def _may_blame_others(error: BaseException, calls: list[Call]) -> bool:
    """True if the runs of a task may have failed for another's fault.

    A task has several, or the scheduler blames all that were at a worker for its first death.
    """
    return len(calls) > 1 or getattr(error, "allowed_failures", None) == 0


def _say_nothing(spec: Any, point: Any) -> None:
    pass
