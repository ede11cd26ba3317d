"""Ctrl-C and SIGTERM: the first one stops with care, the second at once, at any moment."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from dropsweep.errors import INTERRUPTED, TERMINATED, Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_SAME_STOP_SECONDS = 0.25
"""`timeout` signals its child and then the whole group: the child gets one stop twice."""

_stopped: tuple[int, float] | None = None
"""Number and time of the first signal."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, handled like Ctrl-C but for its exit code."""


class Left(KeyboardInterrupt):
    """Ctrl-C where it is the usual way to leave: no error, but for its exit code."""


def stop_at_once() -> None:
    """Let a signal end the process: while it starts and ends there is nothing to take care of.

    A SIGINT that a shell's background job ignores stays ignored.
    """
    _handle(_end)


def stop_with_care() -> None:
    """Let the first signal raise `KeyboardInterrupt`, and the second one end the process."""
    global _stopped  # noqa: PLW0603 as the process has one set of signal handlers
    _stopped = None
    _handle(_stop)


def check() -> None:
    """Raise again if a signal came: a library may have swallowed what it raised."""
    if _stopped is not None:
        raise _interrupt(_stopped[0])


@contextmanager
def never_swallowed() -> Iterator[None]:
    """Raise `KeyboardInterrupt` at the end of the block if a signal came in it.

    An interrupt can be lost in a callback, or come out of an import as an ImportError.
    """
    try:
        yield
    except Exception:
        check()
        raise
    check()


def leave_if_stopped(code: object) -> None:
    """End the process with an exit code if a signal came.

    Python's own way out can abort after an import of compiled code was cut short.
    """
    if _stopped is not None and isinstance(code, int):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    signal.signal(signal.SIGTERM, handler)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)


def _interrupt(number: int) -> KeyboardInterrupt:
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()


def _stop(number: int, frame: FrameType | None) -> None:
    global _stopped  # noqa: PLW0603
    now = time.monotonic()
    if _stopped is None:
        _stopped = number, now
        raise _interrupt(number)
    if number != _stopped[0] or now - _stopped[1] > _SAME_STOP_SECONDS:
        _end(number, frame)


def _end(number: int, _: FrameType | None) -> NoReturn:
    """Leave at once: workers notice that their pipes end, and files are whole or not there."""
    word, code = (
        (TERMINATED, Exit.TERMINATED)
        if number == signal.SIGTERM
        else (INTERRUPTED, Exit.INTERRUPTED)
    )
    try:
        os.write(2, f"Error: {word}\n".encode())
    finally:
        os._exit(code)
