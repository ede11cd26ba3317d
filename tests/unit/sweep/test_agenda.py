"""The run to train next."""

from __future__ import annotations

import re
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.analysis import PlannedRaces, find
from dropsweep.executors import RunExecutor
from dropsweep.records import Decision, FailureRecord, RunRecord, RunSpec
from dropsweep.sweep.agenda import InOrder, Racing
from dropsweep.sweep.engine import execute
from tests.factories import make_record, make_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dropsweep.analysis import RaceState
    from dropsweep.executors import Report

RATES = (0.0, 0.25, 0.5, 0.75)
DECISION = Decision(auto=True, max_seeds=20, rates=RATES)
SPECS = [make_spec(rate, seed) for seed in range(20) for rate in RATES]


def trained(spec: RunSpec, best: float = 0.25) -> RunRecord:
    """A run of a clear race, with noise that depends on its spec only; ``best`` wins."""
    noise = np.random.default_rng([spec.seed, round(spec.rate * 100), spec.dataset.train_size])
    val = 0.4 - 0.1 * abs(spec.rate - best) + float(noise.integers(-15, 16)) / 1000
    return make_record(spec, val=round(val, 3))


def diverged(spec: RunSpec) -> RunRecord:
    """A run whose loss was no number after two points."""
    return make_record(spec, points=2)


class Anyhow(RunExecutor):
    """Finishes its runs in an order drawn by a seed."""

    def __init__(self, capacity: int, seed: int) -> None:
        self.capacity = capacity
        self._rng = np.random.default_rng(seed)

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        """Take a run."""
        future: Future[Any] = Future()
        future.work = lambda: fn(*args)  # type: ignore[attr-defined]
        return future

    def wait(self, futures: Collection[Future[Any]], timeout: float) -> set[Future[Any]]:  # noqa: ARG002 a fake
        """Finish one of them."""
        future = list(futures)[int(self._rng.integers(len(futures)))]
        try:
            future.set_result(future.work())  # type: ignore[attr-defined]
        except ZeroDivisionError as error:
            future.set_exception(error)
        return {future}

    def reporter(self, tell: Report) -> Report:
        """Nothing is reported."""
        return tell


def raced(
    work: Callable[[RunSpec], RunRecord],
    capacity: int = 1,
    seed: int = 0,
    *,
    specs: list[RunSpec] = SPECS,
    there: Collection[RunRecord] = (),
    stop_after: int | None = None,
) -> tuple[list[RunRecord], list[RunSpec], list[str]]:
    """Records, failures and steps of a sweep that goes on from the records ``there``."""
    races, steps = PlannedRaces(specs, DECISION), list[str]()
    for record in there:
        races.add(record)
    agenda, records, failed = Racing(races, steps.append), list(there), list[RunSpec]()
    outcomes = execute(agenda, Anyhow(capacity, seed), lambda spec, _: work(spec), lambda *_: None)
    for count, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, FailureRecord):
            failed.append(outcome.spec)
            agenda.failed(outcome.spec)
        else:
            records.append(outcome)
            agenda.finished(outcome)
        if count == stop_after:
            break
    return records, failed, steps


def end(records: list[RunRecord], failed: Collection[RunSpec] = ()) -> RaceState:
    """The end of a race of one setting, as readers of the folder find it."""
    (state,) = find(records, DECISION, failed).races.values()
    return state


def test_one_worker_trains_what_the_race_waits_for_and_no_more() -> None:
    """All rates seed by seed until some leave; then only those left, until it is settled."""
    records, _, steps = raced(trained)
    state = end(records)
    assert (state.status, state.answer) == ("settled", 0.25)
    order = [(record.spec.seed, record.spec.rate) for record in records]
    assert order == sorted(order)
    assert len(records) == sum(state.counted.values())
    assert len(find(records, DECISION).records) == len(records)
    assert [step.split(":")[:2] for step in steps] == [
        [f"seed {seed}", f" rate {rate:.2f} leaves"] for rate, seed in state.left
    ]
    assert steps[0].endswith("another rate does at least as well (3 left)")


@settings(max_examples=15, deadline=None)
@given(capacity=st.integers(1, 9), seed=st.integers(0, 999), stop=st.none() | st.integers(1, 40))
def test_workers_order_and_stops_change_nothing(capacity: int, seed: int, stop: int | None) -> None:
    """Any number of workers, any order of their results, a stop and a second start: one answer."""

    def work(spec: RunSpec) -> RunRecord:
        bad = (spec.rate, spec.seed) in {(0.25, 9), (0.0, 3)}
        return diverged(spec) if bad else trained(spec)

    expected = end(raced(work)[0])
    assert expected.diverged
    records, _, _ = raced(work, capacity, seed, stop_after=stop)
    records, _, _ = raced(work, 10 - capacity, seed, there=records)
    assert len({record.run_id for record in records}) == len(records)
    assert end(records) == expected


def test_idle_workers_train_later_seeds() -> None:
    """Eight workers begin with two seeds of four rates; what was of no use is not in the answer."""
    races = PlannedRaces(SPECS, DECISION)
    agenda = Racing(races, lambda _: None)
    given_out = [agenda.next() for _ in range(8)]
    assert given_out == SPECS[:8]
    records, _, _ = raced(trained, 8)
    state = end(records)
    assert len(records) > sum(state.counted.values()) == len(find(records, DECISION).records)


def test_rates_that_diverge_bring_others_back() -> None:
    """Two equal rates drive out two others and diverge later: the others' seeds are trained."""

    def work(spec: RunSpec) -> RunRecord:
        if spec.rate in (0.25, 0.5) and spec.seed == 9:
            return diverged(spec)
        better = 0.2 if spec.rate in (0.25, 0.5) else 0
        swing = 0.03 if (spec.seed + round(spec.rate * 4)) % 2 else 0
        return make_record(spec, val=round(0.3 + better + swing, 3))

    records, _, steps = raced(work)
    assert steps[:4] == [
        "seed 7: rate 0.00 leaves: another rate does at least as well (3 left)",
        "seed 7: rate 0.75 leaves: another rate does at least as well (2 left)",
        "seed 9: rate 0.25 diverged; the race is replayed without it",
        "seed 9: rate 0.50 diverged; the race is replayed without it",
    ]
    order = [(spec.rate, spec.seed) for spec in (record.spec for record in records)]
    at = order.index((0.5, 9))
    assert order[at - 1 : at + 3] == [(0.25, 9), (0.5, 9), (0.0, 8), (0.75, 8)]
    state = end(records)
    assert state.diverged == ((0.25, 9), (0.5, 9))
    assert state.status in ("settled", "unsettled")


@pytest.mark.parametrize("capacity", [1, 8])
def test_a_failed_run_stops_the_race_before_its_seed(capacity: int) -> None:
    """It is never skipped; once it succeeds, the race goes on to the same answer."""

    def work(spec: RunSpec) -> RunRecord:
        return make_record(spec, val=1 / 0) if (spec.rate, spec.seed) == (0.0, 4) else trained(spec)

    records, failed, _ = raced(work, capacity)
    assert failed == [SPECS[16]]
    state = end(records, failed)
    assert (state.status, state.seeds, state.failed) == ("blocked", 4, (0.0, 4))
    records, _, _ = raced(trained, capacity, there=records)
    assert end(records) == end(raced(trained)[0])


def test_a_run_whose_process_died_is_what_its_race_waits_for() -> None:
    """It is given out again before any later seed; in a list, after all others."""
    agenda = Racing(PlannedRaces(SPECS, DECISION), lambda _: None)
    first = agenda.next()
    assert first is not None
    assert agenda.next() == SPECS[1]
    agenda.again(first)
    assert agenda.next() == first
    listed = InOrder(SPECS[:2])
    assert listed.next() == SPECS[0]
    listed.again(SPECS[0])
    assert [listed.next(), listed.next(), listed.next()] == [SPECS[1], SPECS[0], None]


def test_every_setting_of_a_grid_races() -> None:
    """Seed by seed together; a step names its setting, and one that has ended asks for no more."""
    sizes = [make_spec(rate, seed, train_size=t) for seed in range(20) for t in (100, 500)
             for rate in RATES]  # fmt: skip

    def work(spec: RunSpec) -> RunRecord:
        return trained(spec, best=0.25 if spec.dataset.train_size == 100 else 0.5)

    records, _, steps = raced(work, specs=sizes)
    seeds = [record.spec.seed for record in records]
    assert seeds == sorted(seeds)
    found = find(records, DECISION).races
    assert {str(setting): state.answer for setting, state in found.items()} == {
        "(('dataset.train_size', 100),)": 0.25,
        "(('dataset.train_size', 500),)": 0.5,
    }
    assert len(records) == sum(sum(state.counted.values()) for state in found.values())
    assert re.match(r"dataset.train_size = 100: seed 7: rate 0.\d\d leaves: another", steps[0])


def test_a_failure_of_one_setting_stops_no_other() -> None:
    """Also where the other has no finished run yet."""
    records, _, _ = raced(trained)
    small = [make_spec(0.0, 0, train_size=100)]
    assert end(records, small).status == "settled"


def test_what_is_certain_and_what_is_possible() -> None:
    """Before the first run: seeds up to the earliest end of all rates; and every run."""
    races = PlannedRaces(SPECS, DECISION)
    assert races.certain() == SPECS[:32]
    assert races.possible() == SPECS
    records, _, _ = raced(trained)
    for record in records:
        races.add(record)
    assert (races.certain(), races.possible(), races.waited_for()) == ([], [], [])
