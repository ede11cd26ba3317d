"""Work in spawned processes of this machine, of which one that dies costs its own run alone."""

from __future__ import annotations

import contextlib
import functools
import importlib
import multiprocessing
import queue
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dropsweep.executors.base import RunExecutor
from dropsweep.executors.lifeline import begin_worker, interrupts_held, send_point

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")

_SPAWN = multiprocessing.get_context("spawn")


class Processes(RunExecutor):
    """``count`` processes with one run each at a time.

    Each is a pool of its own with a single worker. When a worker is killed, the standard library's
    pool declares all its futures broken; here that is the one run the worker was on, and the pool
    is replaced.

    Parameters
    ----------
    count
        Processes, started when they are first needed.
    """

    def __init__(self, count: int) -> None:
        self.capacity = count
        self._workers = [_Worker() for _ in range(count)]
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._tell: Report | None = None

    def prepare(self, tasks: int, module: str) -> None:
        """Start as many processes as the tasks will keep busy; each imports the module."""
        for worker in self._workers[:tasks]:
            worker.submit(_import, module)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand the call to an idle process; waits for one if need be."""
        worker = self._idle.get()
        future = worker.submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._idle.put(worker))
        return future

    def reporter(self, tell: Report) -> Report:
        """A function that sends through the lifeline of the worker it is called in."""
        self._tell = tell
        return send_point

    def poll(self) -> None:
        """Pass on all points that have come through the lifelines."""
        for worker in self._workers:
            worker.poll(self._tell)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: after what they are on, or with ``cancel_futures`` at once."""
        if cancel_futures:  # tell all before waiting for one: a second Ctrl-C may end the wait
            for worker in self._workers:
                worker.terminate()
        for worker in self._workers:
            worker.end(wait=wait, at_once=cancel_futures)


class _Worker:
    """One process, started when it is first needed and again after it died."""

    def __init__(self) -> None:
        self.lifeline: Connection | None = None
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        with interrupts_held():
            pool = self._pool or self._start()
            try:
                future = pool.submit(fn, *args, **kwargs)
            except BrokenExecutor:  # it died while it was idle
                pool = self._start()
                future = pool.submit(fn, *args, **kwargs)
        future.add_done_callback(functools.partial(self._forget_if_dead, pool))
        return future

    def poll(self, tell: Report | None) -> None:
        """Pass on all points there are: a pipe that is full would hold the run up."""
        try:
            while self.lifeline is not None and self.lifeline.poll():
                spec, point = self.lifeline.recv()
                if tell is not None:
                    tell(spec, point)
        except (EOFError, OSError):  # the process has died
            self.lifeline = None

    def terminate(self) -> None:
        """Tell the process to go at once."""
        if self.lifeline is not None:
            with contextlib.suppress(OSError):
                self.lifeline.send(None)

    def end(self, *, wait: bool, at_once: bool) -> None:
        """Let the process go, after what it is on or without a thought for it."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=at_once)

    def _start(self) -> ProcessPoolExecutor:
        self.lifeline, theirs = _SPAWN.Pipe()
        self._pool = ProcessPoolExecutor(
            1, mp_context=_SPAWN, initializer=begin_worker, initargs=(theirs,)
        )
        return self._pool

    def _forget_if_dead(self, pool: ProcessPoolExecutor, future: Future[Any]) -> None:
        broken = not future.cancelled() and isinstance(future.exception(), BrokenExecutor)
        if broken and self._pool is pool:  # not one that has taken its place
            self._pool = None


def _import(module: str) -> None:
    importlib.import_module(module)
