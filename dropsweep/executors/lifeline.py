"""The pipe between a worker and the process that started it.

It brings the points of the worker's run to the parent. Its end, or a word through it, tells the
worker to go: so none trains on when the parent is gone, however it went, kill -9 included.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

_to_parent: Connection | None = None
"""In a worker, its end of the lifeline."""


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait while a process is started, which inherits that: it never sees one.

    Until it has come to `begin_worker` it would die of it, with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker(lifeline: Connection) -> None:
    """Prepare a worker: leave Ctrl-C to the parent, and watch whether the parent is there.

    A terminal sends Ctrl-C to every process in the foreground; the parent alone decides.
    """
    global _to_parent  # noqa: PLW0603 a worker has one lifeline, and its work cannot carry it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _to_parent = lifeline
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()


def send_point(spec: Any, point: Any) -> None:
    """Tell the parent, from within a worker."""
    if _to_parent is None:
        raise RuntimeError("a point can be sent from a worker alone")
    try:
        _to_parent.send((spec, point))
    except OSError:  # the parent is gone
        os._exit(1)


def _watch(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)
