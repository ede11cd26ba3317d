"""The loop that keeps an executor busy with specs, and makes each a result or a failure."""

from __future__ import annotations

import socket
import traceback
from collections import Counter
from concurrent.futures import BrokenExecutor, Future
from typing import TYPE_CHECKING, TypeVar

from dropsweep import errors
from dropsweep.records import FailureRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dropsweep.executors import Report, RunExecutor
    from dropsweep.records import RunSpec
    from dropsweep.sweep.agenda import Agenda

T = TypeVar("T")

TRIES = 2
"""A spec has failed when it has killed so many worker processes."""

_LOSSES = 10
"""Times that an executor may lose one spec before it is given up."""

_POLL_SECONDS = 0.1


def execute(
    agenda: Agenda,
    executor: RunExecutor,
    work: Callable[[RunSpec, Report], T],
    tell: Report,
) -> Iterator[T | FailureRecord]:
    """Yield the result or the failure of each spec, as soon as it is there.

    The executor gets no more runs than its capacity, so that the agenda is asked as late as
    possible.

    Parameters
    ----------
    agenda
        Asked for a run whenever there is room for one, also after each result that was yielded, on
        which it may depend; the loop ends when it gives None and no run is left. It gets back a
        spec whose worker process died, once, and one that the executor lost.
    work
        Called at the executor; a function of a module, since it may travel to another process.
    tell
        Called here with (spec, point) as points arrive.

    Raises
    ------
    RunsFailedError
        If the executor is gone, or loses the same spec again and again.
    """
    report = executor.reporter(tell)
    deaths: Counter[str] = Counter()
    losses: Counter[str] = Counter()
    in_flight: dict[Future[T], RunSpec] = {}
    while True:
        while len(in_flight) < executor.capacity:
            if (spec := agenda.next()) is None:
                break
            in_flight[executor.submit(work, spec, report)] = spec
        if not in_flight:
            return
        for future in executor.wait(in_flight, _POLL_SECONDS):
            spec = in_flight.pop(future)
            if future.cancelled():  # the executor lost it, by no fault of the run
                losses[spec.run_id] += 1
                if losses[spec.run_id] > _LOSSES:
                    raise errors.executor_lost()
                agenda.again(spec)
                continue
            error = future.exception()
            if error is None:
                yield future.result()
                continue
            deaths[spec.run_id] += isinstance(error, BrokenExecutor)
            if isinstance(error, BrokenExecutor) and deaths[spec.run_id] < TRIES:
                agenda.again(spec)
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
