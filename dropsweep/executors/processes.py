"""Local worker processes; a crash loses only that worker's run.

Each worker is a Python of its own with one pipe to the parent process: tasks go down, points and
results come up. The parent has no threads, locks or semaphores, so it needs one file descriptor
per worker, no /dev/shm, and an interrupt finds nothing half done. When the parent's end of the
pipe closes, the worker exits, also after a kill -9 of the parent.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Future
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import dropsweep
from dropsweep import errors
from dropsweep.executors.base import ONE_BLAS_THREAD, RunExecutor, outcome, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from dropsweep.executors.base import Report

P = ParamSpec("P")
T = TypeVar("T")

_READY, _POINT, _OUTCOME = range(3)
"""Kinds of message from a worker."""


class Processes(RunExecutor):
    """``count`` worker processes with one run each at a time.

    All are started at once, and import a module while this process does other things. One that
    dies is replaced when there is work for it.

    Parameters
    ----------
    module
        Imported by each worker when it starts.
    note
        Called with a sentence that the user should read.

    Raises
    ------
    ConfigError
        If no process can be started. If some can, the capacity is smaller than ``count``.
    """

    def __init__(
        self, count: int, module: str = "dropsweep", note: Callable[[str], None] = lambda _: None
    ) -> None:
        self.capacity = count
        self._note = note
        self._module = module
        self._tell: Report = lambda _spec, _point: None
        self._workers: list[_Worker] = []
        self._early_deaths = 0
        """Workers in a row that died before they were ready for work."""
        try:
            while len(self._workers) < self.capacity:
                self._start()
        except BaseException:
            self.shutdown(cancel_futures=True)
            raise

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Send the call to an idle worker; waits for one if there is none."""
        task, future = pickle.dumps((fn, args, kwargs)), _Pending[T](self)
        while not self._send(task, future):
            self._receive(None)
        return future

    def reporter(self, tell: Report) -> Report:
        """A function that sends points through the pipe of the worker that calls it."""
        self._tell = tell
        return send_point

    def wait(self, futures: Collection[Future[T]], timeout: float | None) -> set[Future[T]]:
        """Those that are done; receives points and results until one is."""
        end = None if timeout is None else time.monotonic() + timeout
        while not (done := {future for future in futures if future.done()}):
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                break
            self._receive(left)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after the work in progress, or with ``cancel_futures`` at once."""
        with contextlib.suppress(errors.RunsFailedError):  # the futures of dead workers say it
            while wait and not cancel_futures and any(worker.future for worker in self._workers):
                self._receive(None)
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            if worker.future is not None:
                worker.future.set_exception(BrokenExecutor("the executor was shut down"))
            worker.process.wait()
        self._workers.clear()

    def _send(self, task: bytes, future: Future[Any]) -> bool:
        """True if an idle worker took the task."""
        if not any(worker.future is None for worker in self._workers):
            if len(self._workers) >= self.capacity:
                return False
            self._start()
        idle = [worker for worker in self._workers if worker.future is None]
        for worker in sorted(idle, key=lambda worker: not worker.ready):
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # `_receive` says it
                worker.pipe.send_bytes(task)
                worker.future = future
                return True
        return False

    def _start(self) -> None:
        try:
            self._workers.append(_Worker(self._module))
        except OSError as cause:
            if not self._workers:
                raise errors.no_worker_process(cause) from cause
            self.capacity = len(self._workers)
            self._note(errors.fewer_processes(self.capacity, cause))

    def _receive(self, timeout: float | None) -> None:
        """Take one message from each worker that has one, or its end."""
        ready = connection.wait([worker.pipe for worker in self._workers], timeout)
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._bury(worker)
            else:
                self._take(worker, message)

    def _take(self, worker: _Worker, message: bytes) -> None:
        kind, value = pickle.loads(message)  # noqa: S301 from a process that we started
        if kind == _READY:
            self._early_deaths, worker.ready = 0, True
        elif kind == _POINT:
            self._tell(*value)
        elif worker.future is not None:
            future, worker.future = worker.future, None
            settle(future, value)

    def _bury(self, worker: _Worker) -> None:
        """Forget a worker that died, and say so in the future of its task."""
        self._workers.remove(worker)
        with contextlib.suppress(subprocess.TimeoutExpired):  # its pipe ends a moment before it
            worker.process.wait(1)
        how = worker.kill()
        if worker.future is not None:
            worker.future.set_exception(BrokenExecutor(errors.worker_died(how)))
        self._early_deaths += not worker.ready
        if self._early_deaths > 2 + self.capacity:
            raise errors.workers_do_not_start(how)


class _Pending(Future[T]):
    """A future whose result is received when it is asked for: no thread does it before."""

    def __init__(self, executor: Processes) -> None:
        super().__init__()
        self._executor = executor
        self.set_running_or_notify_cancel()

    def result(self, timeout: float | None = None) -> T:
        """The result, or the exception raised."""
        self._executor.wait([self], timeout)
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """The exception, or None."""
        self._executor.wait([self], timeout)
        return super().exception(0)


class _Worker:
    """The parent's side of one worker process."""

    def __init__(self, module: str) -> None:
        self.ready = False
        self.future: Future[Any] | None = None
        """Of the task that it works on."""
        self.pipe, theirs = connection.Pipe()
        try:
            self.process = _start_python(theirs.fileno(), module)
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()

    def kill(self) -> int:
        """End the process if it has not ended; returns its exit code, minus a signal's number."""
        self.pipe.close()
        self.process.kill()
        return self.process.wait()


def _start_python(pipe: int, module: str) -> subprocess.Popen[bytes]:
    """A Python that serves the pipe, with the dropsweep of this process.

    Files of the current directory and of a script's folder are never imported (``-P``): there may
    be a signal.py or a types.py. Ctrl-C and SIGTERM are held until the worker has decided on them.
    """
    code = (
        "import sys; from importlib import util\n"
        f"sys.path[:] = {_safe_path()!r}\n"
        f"spec = util.spec_from_file_location('dropsweep', {dropsweep.__file__!r})\n"
        "sys.modules['dropsweep'] = package = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(package)\n"
        "from dropsweep.executors.processes import serve\n"
        f"serve({pipe}, {module!r})"
    )
    inherit: dict[str, Any] = {"pass_fds": [pipe]}
    if sys.platform == "win32":  # there the pipe is a handle
        os.set_handle_inheritable(pipe, True)
        inherit = {"close_fds": False}
    with _stops_held():
        return subprocess.Popen(  # noqa: S603 our own code
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ | ONE_BLAS_THREAD,
            **inherit,
        )  # fmt: skip


def _safe_path() -> list[str]:
    """``sys.path`` without the user's folders; at its end the folder that dropsweep is in."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    unsafe = {"", str(Path(script).resolve().parent) if script else ""}
    with contextlib.suppress(FileNotFoundError):  # the current directory was deleted
        unsafe.add(str(Path.cwd()))
    return [
        *(path for path in sys.path if path not in unsafe),
        str(Path(dropsweep.__file__).parents[1]),
    ]


@contextlib.contextmanager
def _stops_held() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait while a process is started, which inherits that."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the worker ------------------------------------------------------------------------------

_to_parent: connection.Connection | None = None


def serve(pipe: int, module: str) -> None:
    """Work on what the parent sends, until its end of the pipe closes.

    A terminal sends Ctrl-C to every process in the foreground; only the parent decides on it.
    """
    global _to_parent  # noqa: PLW0603 a worker has one pipe, and its work cannot carry it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "win32":
        _to_parent = connection.PipeConnection(pipe)
    else:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        _to_parent = connection.Connection(pipe)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(_to_parent, tasks), daemon=True).start()
    with contextlib.suppress(ImportError):  # the task will say it better
        importlib.import_module(module)
    _send(_READY, None)
    while True:
        _send(_OUTCOME, outcome(tasks.get()))


def _read(pipe: connection.Connection, tasks: queue.SimpleQueue[bytes]) -> None:
    """Take tasks in while another one is worked on, so that the parent's end is noticed."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            tasks.put(pipe.recv_bytes())
    os._exit(1)


def send_point(spec: Any, point: Any) -> None:
    """Send a point to the parent, from within a worker."""
    _send(_POINT, (spec, point))


def _send(kind: int, value: Any) -> None:
    if _to_parent is None:
        raise RuntimeError("only a worker can send to its parent")
    message = pickle.dumps((kind, value))
    try:
        _to_parent.send_bytes(message)
    except OSError:  # the parent is gone
        os._exit(1)
