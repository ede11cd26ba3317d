"""Things for workers to do: functions of a module, since they travel to another process."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunSpec


def square(x: int) -> int:
    """Work."""
    return x * x


def square_of(spec: object, report: object) -> int:
    """Work as a sweep calls it."""
    return square(id(spec) + id(report))


def process_id() -> int:
    """The number of the process that does the work."""
    return os.getpid()


def meet(place: Path, count: int) -> int:
    """The same, once so many processes are at work at one time."""
    (place / str(os.getpid())).touch()
    wait_for(lambda: len(list(place.iterdir())) == count)
    return os.getpid()


def has_imported(module: str) -> bool:
    """True if the process has imported the module."""
    return module in sys.modules


def die() -> None:
    """End the process as the kernel's out-of-memory killer does."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """Raise."""
    raise ValueError("not this one")


class Unpicklable(Exception):  # noqa: N818 a test's
    """Holds what does not travel."""


class Forgetful(Exception):  # noqa: N818 a test's
    """Can be pickled, and not be built again."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} in {where}")


def fail_forgetfully() -> None:
    """Raise what keeps fewer arguments than it needs."""
    raise Forgetful("this one", "there")


def half_a_second(spec: RunSpec, report: object) -> int:  # noqa: ARG001 a sweep's work
    """Work of a sweep that takes longer than it seemed; the first run fails at once."""
    if spec.seed == 0:
        fail()
    time.sleep(0.5)
    return spec.seed


def fail_strangely() -> None:
    """Raise what cannot be pickled."""
    error = Unpicklable("this one")
    error.file = sys.stdin  # type: ignore[attr-defined]
    raise error


def tick(path: Path) -> None:
    """Write the time into a file for as long as the process lives."""
    while True:
        path.write_text(str(time.time()))
        time.sleep(0.01)


def say(report: object, spec: object, count: int) -> None:
    """Report a few points."""
    for point in range(count):
        report(spec, point)  # type: ignore[operator]


def slow_square(x: int) -> int:
    """Work that is noticed while it is done."""
    time.sleep(0.3)
    return x * x


def short_run(spec: RunSpec, report: object) -> tuple[int, int]:  # noqa: ARG001 a sweep's work
    """Work of a sweep: its seed, and the process that did it."""
    time.sleep(0.02)
    return spec.seed, os.getpid()


def mixed_run(spec: RunSpec, report: object) -> int:  # noqa: ARG001 a sweep's work
    """Work of a sweep with a run that raises and one that kills its worker."""
    time.sleep(0.005)
    {90: fail, 157: die}.get(spec.seed, int)()
    return spec.seed


def append(path: Path) -> None:
    """Leave a trace."""
    with path.open("a") as file:
        file.write("x")


def say_much(report: object, count: int) -> int:
    """Report more than a pipe holds."""
    for point in range(count):
        report("spec" * 100, point)  # type: ignore[operator]
    return count
