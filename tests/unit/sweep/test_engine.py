"""Keeping an executor busy."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Future
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep.errors import RunsFailedError
from dropsweep.executors import InProcess, RunExecutor
from dropsweep.records import FailureRecord
from dropsweep.sweep.agenda import InOrder
from dropsweep.sweep.engine import execute
from tests.factories import make_record, make_spec

if TYPE_CHECKING:
    from collections.abc import Collection

    from dropsweep.executors import Report
    from dropsweep.records import RunRecord, RunSpec

SPECS = [make_spec(rate) for rate in (0.0, 0.1, 0.2, 0.3)]


class Fake(RunExecutor):
    """Finishes the oldest of its runs each time it is waited for; some kill their process."""

    def __init__(self, capacity: int, deadly: dict[float, int]) -> None:
        self.capacity = capacity
        self.deadly = dict(deadly)
        self.pending: list[tuple[Future[Any], RunSpec]] = []
        self.most = 0
        self.order: list[float] = []

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:  # noqa: ARG002 a fake
        """Take a run."""
        future: Future[Any] = Future()
        self.pending.append((future, args[0]))
        self.order.append(args[0].rate)
        self.most = max(self.most, len(self.pending))
        if len(self.pending) == self.capacity or len(self.order) >= 4:
            self.finish()
        return future

    def finish(self) -> None:
        """End the oldest."""
        future, spec = self.pending.pop(0)
        if self.deadly.get(spec.rate, 0):
            self.deadly[spec.rate] -= 1
            future.set_exception(BrokenExecutor("killed"))
        else:
            future.set_result(make_record(spec))

    def wait(self, futures: Collection[Future[Any]], timeout: float) -> set[Future[Any]]:
        """Let another one end."""
        if self.pending:
            self.finish()
        return super().wait(futures, timeout)

    def reporter(self, tell: Report) -> Report:
        """Nothing is reported."""
        return tell


def through(executor: RunExecutor, work: Any = make_record) -> list[RunRecord | FailureRecord]:
    """All outcomes."""
    return list(execute(InOrder(SPECS), executor, work, lambda *_: None))


def ids(outcomes: list[RunRecord | FailureRecord], kind: type) -> set[str]:
    """The run ids of one kind of outcome."""
    return {outcome.run_id for outcome in outcomes if type(outcome) is kind}


def test_every_spec_has_one_outcome_and_no_more_are_handed_over_than_fit() -> None:
    """Four runs at a place for two: two at a time, each once."""
    executor = Fake(2, {})
    outcomes = through(executor)
    assert {outcome.run_id for outcome in outcomes} == {spec.run_id for spec in SPECS}
    assert len(outcomes) == 4
    assert executor.most <= 2


def test_a_run_whose_process_died_is_tried_once_more_at_the_end() -> None:
    """Innocent or not, it gets a second process."""
    executor = Fake(1, {0.1: 1})
    outcomes = through(executor)
    assert executor.order == [0.0, 0.1, 0.2, 0.3, 0.1]
    assert not ids(outcomes, FailureRecord)


def test_a_run_that_killed_two_processes_has_failed() -> None:
    """And all the others are finished."""
    outcomes = through(Fake(1, {0.1: 9}))
    assert ids(outcomes, FailureRecord) == {SPECS[1].run_id}
    assert len(outcomes) == 4


class Forgetful(Fake):
    """Loses the first runs it gets: their futures are cancelled."""

    def __init__(self, losses: int) -> None:
        super().__init__(1, {})
        self.losses = losses

    def finish(self) -> None:
        """Lose the oldest, or end it."""
        if self.losses:
            self.losses -= 1
            future, _ = self.pending.pop(0)
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            super().finish()


def test_a_run_that_the_executor_lost_is_given_again() -> None:
    """More often than one that kills its process: the run did nothing wrong."""
    outcomes = through(Forgetful(3 * len(SPECS)))
    assert {outcome.run_id for outcome in outcomes} == {spec.run_id for spec in SPECS}
    assert not ids(outcomes, FailureRecord)


def test_an_executor_that_loses_everything_is_given_up() -> None:
    """With a message, not in an endless loop."""
    with pytest.raises(RunsFailedError, match="does not answer any more"):
        through(Forgetful(1000))


def test_an_exception_is_a_failure_with_its_traceback() -> None:
    """It is not tried again, and stops no other run."""

    def work(spec: RunSpec, _: Report) -> RunRecord:
        if spec.rate == 0.2:
            raise ZeroDivisionError("no such rate")
        return make_record(spec)

    outcomes = through(InProcess(), work)
    (failure,) = (each for each in outcomes if isinstance(each, FailureRecord))
    assert failure.spec == SPECS[2]
    assert failure.error == "ZeroDivisionError: no such rate"
    assert "in work" in failure.traceback
    assert len(ids(outcomes, type(make_record(SPECS[0])))) == 3


def test_points_are_told_here() -> None:
    """A report of the work reaches the caller."""
    told: list[Any] = []

    def work(spec: RunSpec, report: Report) -> RunRecord:
        report(spec, "a point")
        return make_record(spec)

    list(execute(InOrder(SPECS[:1]), InProcess(), work, lambda *each: told.append(each)))
    assert told == [(SPECS[0], "a point")]


def recorded(spec: RunSpec, _: Report) -> RunRecord:
    """Work that trains nothing."""
    return make_record(spec)


def test_the_next_spec_may_depend_on_results() -> None:
    """It is asked again after each result, also when it had nothing to train before."""
    outcomes: list[RunRecord | FailureRecord] = []

    class OneByOne(InOrder):
        """The second spec once the first one is trained, and so on."""

        given = 0

        def next(self) -> RunSpec | None:
            """The next one."""
            if len(outcomes) < self.given:
                return None
            self.given += 1
            return super().next()

    for outcome in execute(OneByOne(SPECS[:3]), Fake(2, {}), recorded, lambda *_: None):
        outcomes.append(outcome)
    assert [outcome.run_id for outcome in outcomes] == [spec.run_id for spec in SPECS[:3]]


class Gone(InProcess):
    """Gives up whatever it is handed, as a cluster does whose scheduler has died."""

    def submit(self, fn: Any, /, *_: Any, **__: Any) -> Future[Any]:  # noqa: ARG002 a fake
        """Take a run, and cancel it."""
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_workplace_that_gives_up_ends_the_sweep() -> None:
    """No run is called a failure for what is none of its doing."""
    with pytest.raises(RunsFailedError, match="does not answer any more"):
        through(Gone())
