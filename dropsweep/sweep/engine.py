"""Keep a executor busy with specs, and make of each a result or a failure."""

from __future__ import annotations

import socket
import traceback
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import TYPE_CHECKING, TypeVar

from dropsweep import errors
from dropsweep.records import FailureRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dropsweep.executors import Report, RunExecutor
    from dropsweep.records import RunSpec

T = TypeVar("T")

TRIES = 2
"""How often a spec may take its process with it before it is given up."""

_HEAR_SECONDS = 0.1


def execute(
    specs: Sequence[RunSpec],
    executor: RunExecutor,
    work: Callable[[RunSpec, Report], T],
    tell: Report,
) -> Iterator[T | FailureRecord]:
    """Yield what becomes of each spec, as it becomes known.

    Only as many runs as can be worked on are handed over at a time, so that any number of specs
    waits here without cost. A spec whose process dies goes to the end of the queue once more.

    Parameters
    ----------
    work
        Called at the executor; a function of a module, since it may travel to another process.
    tell
        Called here with (spec, point) as points are heard of.

    Raises
    ------
    RunsFailedError
        If the executor gives up what it was handed.
    """
    report = executor.reporter(tell)
    waiting, deaths = deque(specs), Counter[str]()
    in_flight: dict[Future[T], RunSpec] = {}
    while waiting or in_flight:
        while waiting and len(in_flight) < executor.capacity:
            spec = waiting.popleft()
            in_flight[executor.submit(work, spec, report)] = spec
        done, _ = wait(in_flight, timeout=_HEAR_SECONDS, return_when=FIRST_COMPLETED)
        executor.poll()
        for future in done:
            spec = in_flight.pop(future)
            if future.cancelled():  # not by us
                raise errors.executor_lost()
            error = future.exception()
            deaths[spec.run_id] += isinstance(error, BrokenExecutor)
            if error is None:
                yield future.result()
            elif isinstance(error, BrokenExecutor) and deaths[spec.run_id] < TRIES:
                waiting.append(spec)
            else:
                yield _failure(spec, error)


def _failure(spec: RunSpec, error: BaseException) -> FailureRecord:
    return FailureRecord(
        run_id=spec.run_id,
        spec=spec,
        error=f"{type(error).__name__}: {error}",
        traceback="".join(traceback.format_exception(error)),
        host=socket.gethostname(),
    )
