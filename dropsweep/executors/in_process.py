"""Work in this process."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from dropsweep.executors.base import RunExecutor

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")


class InProcess(RunExecutor):
    """Works at once: the future that ``submit`` returns is done."""

    capacity = 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call ``fn``; what it raises is kept in the future, an interrupt is passed on."""
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
