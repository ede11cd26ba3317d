"""The place where runs are trained: the interface of all executors, and this process as one."""

from __future__ import annotations

import pickle
import traceback
from abc import abstractmethod
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

P = ParamSpec("P")
T = TypeVar("T")

Report: TypeAlias = Callable[[Any, Any], None]
"""Called with (spec, point) as a run goes on."""

ONE_BLAS_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB")
}
"""Environment of a process that trains: more threads would only wait, and take memory."""


def outcome(task: bytes) -> bytes:
    """Make a pickled call ``(fn, args, kwargs)``, in a worker; returns its pickled outcome.

    An exception carries the worker's traceback as a note; one that cannot be pickled is replaced.
    """
    try:
        fn, args, kwargs = pickle.loads(task)  # noqa: S301 from the parent process
        return pickle.dumps((fn(*args, **kwargs), None))
    except Exception as error:
        told = "".join(traceback.format_exception(error))
        error.add_note(f"In a worker process:\n{told}")
        try:
            pickled = pickle.dumps((None, error))
            pickle.loads(pickled)  # noqa: S301 it may need more arguments than it keeps
        except Exception:  # or hold a lock
            return pickle.dumps((None, RuntimeError(told)))
        return pickled


def settle(future: Future[Any], outcome: bytes) -> None:
    """End a running future with the `outcome` of its task."""
    try:
        value, error = pickle.loads(outcome)  # noqa: S301 from a worker
    except Exception as raised:  # such as an exception that cannot be built from its arguments
        value, error = None, raised
    future.set_result(value) if error is None else future.set_exception(error)


class RunExecutor(Executor):
    """An executor with a capacity, from which points of a run's history arrive."""

    capacity: int
    """Runs in progress at once: submitting more only makes them wait."""

    shares_disk = True
    """True if paths mean the same there as here."""

    @abstractmethod
    def reporter(self, tell: Report) -> Report:
        """A function for the work to call, there; it has ``tell`` called here, during `wait`."""

    def wait(self, futures: Collection[Future[T]], timeout: float) -> set[Future[T]]:
        """Those that are done, as soon as one is; none after ``timeout`` seconds."""
        return wait(futures, timeout, FIRST_COMPLETED).done

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for the work in progress, but not after an interrupt or an error."""
        self.shutdown(cancel_futures=kind is not None)


class InProcess(RunExecutor):
    """The process itself, which works at once: the future that ``submit`` returns is done."""

    capacity = 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call ``fn``; its exception is kept in the future, an interrupt is passed on."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def reporter(self, tell: Report) -> Report:
        """``tell`` itself."""
        return tell
