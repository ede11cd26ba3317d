"""The use of the machine by others meanwhile: a disturbed measurement is made again."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_STAT = Path("/proc/stat")
_MOST = 0.04
"""Of all CPUs, used by others: half of it is seen in the time."""
_TRIES = 12
_PAUSE = 15.0
"""Seconds to wait for others to finish."""


def undisturbed(measure: Callable[[], T], say: Callable[[str], object]) -> T:
    """Measure until no one else was at work; the last try counts, whatever it was.

    Where there is no ``/proc/stat`` nothing is known of others, and the first try counts.
    """
    for _ in range(_TRIES):
        before, start = _others(), time.perf_counter()
        found = measure()
        cpus = (time.perf_counter() - start) * (os.cpu_count() or 1)
        share = (_others() - before) / cpus
        if share <= _MOST:
            break
        say(f"disturbed: others used {share:.0%} of the CPUs")
        time.sleep(_PAUSE)
    return found


def _others() -> float:
    """CPU seconds that were used by others than this process and the children it has seen end."""
    if not _STAT.exists():
        return 0.0
    ticks = [
        int(number) for number in _STAT.read_text(encoding="ascii").splitlines()[0].split()[1:]
    ]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])
