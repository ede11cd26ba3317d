"""Waiting for what another process does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 300
"""Seconds in which a loaded machine does whatever a test waits for; no outcome rests on it."""


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, f"waited for {LONG} seconds"
        time.sleep(0.005)
