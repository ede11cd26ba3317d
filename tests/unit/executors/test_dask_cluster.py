"""Work on a Dask cluster, which loses workers and outlives its users."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep import __version__
from dropsweep.errors import ConfigError, Exit
from dropsweep.executors import DaskCluster, dask_cluster
from dropsweep.records import FailureRecord
from dropsweep.sweep.agenda import InOrder
from dropsweep.sweep.engine import execute
from tests.factories import make_spec
from tests.unit.executors import jobs
from tests.unit.executors.clusters import local_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of the scheduler of a cluster that gives a task up at the first worker it kills."""
    with local_cluster(allowed_failures=0) as cluster:
        yield cluster.scheduler_address


@contextmanager
def dask_waits_shortly() -> Iterator[None]:
    """The scheduler asks a dead worker for a result for a second, not for half a minute."""
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        yield


def test_work_is_done_by_the_workers(address: str) -> None:
    """Elsewhere, and not on one disk with us as far as we know; more is handed over than runs."""
    with DaskCluster(address) as executor:
        assert not executor.shares_disk
        assert executor.capacity == 4
        futures = [executor.submit(jobs.square, x) for x in range(5)]
        assert [future.result() for future in futures] == [0, 1, 4, 9, 16]
        assert executor.submit(jobs.process_id).result() != os.getpid()


def test_equal_calls_are_worked_on_each(address: str, tmp_path: Path) -> None:
    """Nothing is remembered from one submission to the next."""
    counted = tmp_path / "count"
    with DaskCluster(address) as executor:
        for _ in range(2):
            executor.submit(jobs.append, counted).result()
    assert counted.read_text() == "xx"


def test_an_exception_comes_back(address: str) -> None:
    """With its type and message."""
    with DaskCluster(address) as executor, pytest.raises(ValueError, match="not this one"):
        executor.submit(jobs.fail).result()


def test_what_kills_its_worker_fails_alone(address: str) -> None:
    """After a second worker; others do the other work, started again."""
    with DaskCluster(address) as executor:
        neighbours = [executor.submit(jobs.slow_square, x) for x in range(3)]
        deadly = executor.submit(jobs.die)
        neighbours += [executor.submit(jobs.slow_square, x) for x in range(3, 6)]
        assert type(deadly.exception()).__name__ == "KilledWorker"
        assert [each.result() for each in neighbours] == [0, 1, 4, 9, 16, 25]
        assert [executor.submit(jobs.square, x).result() for x in range(4)] == [0, 1, 4, 9]


def test_work_of_a_killed_worker_is_done_by_another() -> None:
    """A node may go: what it was on is tried again, and nobody notices."""
    with local_cluster() as cluster, DaskCluster(cluster.scheduler_address) as executor:
        victim = executor.submit(jobs.process_id).result()
        futures = [executor.submit(jobs.slow_square, x) for x in range(6)]
        os.kill(victim, signal.SIGKILL)
        assert [future.result() for future in futures] == [0, 1, 4, 9, 16, 25]


def test_what_killed_two_workers_is_not_tried_again() -> None:
    """The scheduler's word is final when it has tried itself."""
    with (
        local_cluster(allowed_failures=1) as cluster,
        DaskCluster(cluster.scheduler_address) as executor,
    ):
        error = executor.submit(jobs.die).exception()
        assert type(error).__name__ == "KilledWorker"


def test_workers_that_die_cost_a_sweep_nothing() -> None:
    """Also while results are on their way: every run has its result, once."""
    specs = [make_spec(0.5, seed=seed) for seed in range(150)]
    with (
        local_cluster(workers=3) as cluster,
        dask_waits_shortly(),
        DaskCluster(cluster.scheduler_address) as executor,
    ):
        outcomes: list[tuple[int, int]] = []
        for outcome in execute(InOrder(specs), executor, jobs.short_run, lambda *_: None):
            assert not isinstance(outcome, FailureRecord), outcome.error
            outcomes.append(outcome)
            if len(outcomes) in (40, 80, 110):
                os.kill(outcome[1], signal.SIGKILL)
    assert sorted(seed for seed, _ in outcomes) == list(range(150))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of runs of each task that is handed to a scheduler."""
    sizes: list[int] = []
    real = DaskCluster._send

    def counted(self: DaskCluster, calls: list[Any], **how: bool) -> None:
        sizes.append(len(calls))
        real(self, calls, **how)

    monkeypatch.setattr(DaskCluster, "_send", counted)
    return sizes


def test_short_runs_travel_together(address: str, sent: list[int]) -> None:
    """A task has many of them; one that raises or kills its worker still fails alone."""
    specs = [make_spec(0.5, seed=seed) for seed in range(300)]
    with dask_waits_shortly(), DaskCluster(address, runs=300) as executor:
        ended = list(execute(InOrder(specs), executor, jobs.mixed_run, lambda *_: None))
    failed = {each.spec.seed: each for each in ended if isinstance(each, FailureRecord)}
    assert sorted(failed) == [90, 157]
    assert "ValueError: not this one" in failed[90].error
    assert "in fail" in failed[90].traceback
    done = sorted(each for each in ended if not isinstance(each, FailureRecord))
    assert done == [seed for seed in range(300) if seed not in failed]
    assert max(sent) > 10
    assert len(sent) < 250


def test_a_worker_gives_back_what_takes_too_long(
    address: str, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that are slower than those before them do not wait for each other in one task."""
    monkeypatch.setattr(DaskCluster, "_together", lambda _: 5)  # as short runs before would have it
    specs = [make_spec(0.5, seed=seed) for seed in range(10)]
    with DaskCluster(address, runs=10) as executor:
        ended = list(execute(InOrder(specs), executor, jobs.half_a_second, lambda *_: None))
    assert sorted(each for each in ended if not isinstance(each, FailureRecord)) == [*range(1, 10)]
    assert sent[:2] == [5, 5]
    assert set(sent[2:]) == {1}


def test_runs_travel_alone_where_their_number_is_unknown(address: str) -> None:
    """A call is on its way when `submit` returns, however short those before it were."""
    with DaskCluster(address) as executor:
        executor.wait([executor.submit(jobs.square, 1)], 60)
        assert executor.submit(jobs.square, 2).result(60) == 4
        assert executor.capacity <= 4


def test_an_ended_future_is_kept_until_it_is_asked_for(address: str) -> None:
    """Whoever waits for one future loses no other; one that was given is given again."""
    with DaskCluster(address) as executor:
        first = executor.submit(jobs.square, 1)
        first.result()
        second = executor.submit(jobs.square, 2)
        assert executor.wait([second], 60) == {second}
        assert executor.wait([first, second], 60) == {first}
        assert executor.wait([first], 0.01) == {first}


def test_work_that_the_cluster_forgets_is_given_back() -> None:
    """Its future is cancelled, not failed: the run did nothing wrong."""
    from distributed import Client

    with (
        local_cluster() as cluster,
        DaskCluster(cluster.scheduler_address) as executor,
        Client(cluster.scheduler_address) as other,
    ):
        future = executor.submit(jobs.slow_square, 3)
        other.restart()
        assert executor.wait([future], 60) == {future}
        assert future.cancelled()
        assert executor.submit(jobs.square, 3).result() == 9


def test_the_cluster_outlives_us(address: str) -> None:
    """Also when we leave in a hurry, with work on its way."""
    with pytest.raises(KeyboardInterrupt):
        leave_in_a_hurry(address)
    with DaskCluster(address) as executor:
        assert executor.submit(jobs.square, 4).result() == 16


def leave_in_a_hurry(address: str) -> None:
    """Ctrl-C while a worker is at work."""
    with DaskCluster(address) as executor:
        executor.submit(jobs.slow_square, 3)
        raise KeyboardInterrupt


def test_points_are_not_told(address: str) -> None:
    """A run is heard of when it ends."""
    heard: list[Any] = []
    with DaskCluster(address) as executor:
        report = executor.reporter(lambda *each: heard.append(each))
        executor.submit(jobs.say, report, "spec", 3).result()
    assert heard == []


CONNECT = """
import sys
from dropsweep.errors import ConfigError
from dropsweep.executors import DaskCluster
try:
    DaskCluster(sys.argv[1])
except ConfigError as error:
    print(int(error.exit_code), error)
"""


@pytest.mark.parametrize("address", ["nowhere", "tls://127.0.0.1:1", "ucx://127.0.0.1:1"])
def test_an_address_without_meaning_is_told(address: str) -> None:
    """It is a mistake of the command line, also where a protocol lacks what it needs.

    In a process of its own: a client that fails to start leaves Dask's event loop in any state.
    """
    pytest.importorskip("distributed", reason="distributed is not installed")
    command = [sys.executable, "-c", CONNECT, address]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert result.stdout.startswith(f"{int(Exit.USAGE)} --dask {address}: no scheduler answers")
    assert "dask scheduler" in result.stdout


def test_a_worker_of_another_version_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is trained, with both versions; or the dropsweep that it lacks."""
    monkeypatch.setattr(dask_cluster, "__version__", "9.9")
    with pytest.raises(ConfigError, match=rf"has dropsweep {__version__}; .* is dropsweep 9\.9\."):
        DaskCluster(address)
    monkeypatch.setattr(dask_cluster, "_VERSION", "no_such_package.__version__")
    with pytest.raises(ConfigError, match="cannot import dropsweep"):
        DaskCluster(address)


def test_a_worker_too_busy_to_answer_is_not_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that fails says nothing about the dropsweep there: its first run checks it."""
    from distributed import Client

    monkeypatch.setattr(Client, "run", lambda *_, **__: {"tcp://busy:1": OSError("timed out")})
    with DaskCluster(address) as executor:
        assert executor.submit(jobs.square, 2).result() == 4


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line at once, and again after a while."""
    with local_cluster(workers=0) as cluster:
        notes: list[str] = []
        executor = DaskCluster(cluster.scheduler_address, notes.append)
        future = executor.submit(jobs.square, 3)
        for _ in range(3):
            executor.wait([future], 0.01)
        assert notes == [
            f"no worker is connected to {cluster.scheduler_address}; waiting for: "
            f"dask worker --nthreads 1 {cluster.scheduler_address}"
        ]
        monkeypatch.setattr(executor, "_next_note", 0.0)
        executor.wait([future], 0.01)
        assert len(notes) == 2
        executor.shutdown(cancel_futures=True)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match="needs the package distributed") as caught:
        DaskCluster("tcp://127.0.0.1:1")
    assert caught.value.remedy == "pip install 'dropsweep[dask]'"
