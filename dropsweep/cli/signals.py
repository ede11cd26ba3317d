"""Ctrl-C and SIGTERM: the first one stops with care, the second at once."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, NoReturn

from dropsweep.errors import Exit

if TYPE_CHECKING:
    from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM, handled like Ctrl-C but for its exit code."""


def prepare() -> None:
    """Take over both signals; a SIGINT that a shell's background job ignores stays ignored."""
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end)
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def _end(number: int, _: FrameType | None) -> NoReturn:
    """Leave without another word: workers see the end of their lifelines, files are whole."""
    os._exit(Exit.TERMINATED if number == signal.SIGTERM else Exit.INTERRUPTED)
