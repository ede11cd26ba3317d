"""Spawned processes that die alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep.executors import Processes
from tests.unit.executors import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


def wait_for(condition: Callable[[], object]) -> None:
    """Until it holds; a minute at the most, which no test's outcome rests on."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited for a minute")


def test_work_is_done_in_other_processes() -> None:
    """As many as asked for, and none of them this one."""
    with Processes(2) as executor:
        assert executor.capacity == 2
        assert [executor.submit(jobs.square, x).result() for x in range(5)] == [0, 1, 4, 9, 16]
        pids = {executor.submit(jobs.process_id).result() for _ in range(6)}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_processes_get_ready_before_there_is_work() -> None:
    """As many as the tasks keep busy; each has imported the module when the first task comes."""
    with Processes(3) as executor:
        executor.prepare(2, "wave")
        pids = {child.pid for child in multiprocessing.active_children()}
        assert len(pids) == 2
        assert executor.submit(jobs.has_imported, "wave").result()
        assert {executor.submit(jobs.process_id).result() for _ in range(3)} > pids
        assert not all(executor.submit(jobs.has_imported, "wave").result() for _ in range(3))


def test_nothing_to_do_starts_no_process() -> None:
    """Nor does a executor that is never asked to get ready."""
    with Processes(2) as executor:
        executor.prepare(0, "wave")
        assert multiprocessing.active_children() == []


def test_a_process_that_dies_while_it_gets_ready_is_replaced() -> None:
    """It costs one task at the most, and a module that is not there costs none."""
    with Processes(1) as executor:
        executor.prepare(1, "wave")
        (child,) = multiprocessing.active_children()
        child.kill()
        assert isinstance(executor.submit(jobs.square, 3).exception(), BrokenExecutor | NoneType)
        assert executor.submit(jobs.square, 3).result() == 9
        executor.prepare(1, "no_such_module")
        assert executor.submit(jobs.square, 3).result() == 9


def test_an_exception_comes_back() -> None:
    """With its type and message; the process goes on."""
    with Processes(1) as executor:
        before = executor.submit(jobs.process_id).result()
        with pytest.raises(ValueError, match="not this one"):
            executor.submit(jobs.fail).result()
        assert executor.submit(jobs.process_id).result() == before


def test_a_killed_process_costs_its_own_work_alone() -> None:
    """The other's work is finished, and a new process takes the dead one's place."""
    with Processes(2) as executor:
        dying, living = executor.submit(jobs.die), executor.submit(jobs.square, 3)
        assert isinstance(dying.exception(), BrokenExecutor)
        assert living.result() == 9
        assert [executor.submit(jobs.square, x).result() for x in range(4)] == [0, 1, 4, 9]


def test_a_process_killed_while_idle_is_replaced() -> None:
    """The next work does not even notice."""
    with Processes(1) as executor:
        os.kill(executor.submit(jobs.process_id).result(), signal.SIGKILL)
        time.sleep(0.2)
        assert executor.submit(jobs.square, 4).result() == 16


def test_reports_are_heard_here_in_order() -> None:
    """Every point, in this thread, when it is listened for."""
    heard: list[tuple[Any, Any]] = []
    with Processes(1) as executor:
        report = executor.reporter(lambda spec, point: heard.append((spec, point)))
        future = executor.submit(jobs.say, report, "spec", 3)
        future.result()

        def all_heard() -> bool:
            executor.poll()
            return len(heard) == 3

        wait_for(all_heard)
    assert heard == [("spec", 0), ("spec", 1), ("spec", 2)]


def test_an_interrupt_ends_the_processes_at_once(tmp_path: Path) -> None:
    """What they are on is left; no process ticks on."""
    file = tmp_path / "tick"
    with pytest.raises(KeyboardInterrupt):
        be_interrupted_at(file)
    assert_still(file)


def be_interrupted_at(file: Path) -> None:
    """Ctrl-C while a process ticks."""
    with Processes(1) as executor:
        executor.submit(jobs.tick, file)
        wait_for(file.exists)
        raise KeyboardInterrupt


def assert_still(file: Path) -> None:
    """No one writes to the file any more."""

    def is_still() -> bool:
        before = file.read_text()
        time.sleep(0.1)
        return file.read_text() == before

    wait_for(is_still)


def test_no_orphan_works_on(tmp_path: Path) -> None:
    """When the parent is killed with SIGKILL, its workers go too."""
    file = tmp_path / "tick"
    code = (
        "from pathlib import Path\n"
        "from dropsweep.executors import Processes\n"
        "from tests.unit.executors import jobs\n"
        "if __name__ == '__main__':\n"
        f"    Processes(1).submit(jobs.tick, Path({str(file)!r})).result()\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code)
    parent = subprocess.Popen([sys.executable, script], env=os.environ | {"PYTHONPATH": str(ROOT)})
    wait_for(file.exists)
    parent.kill()
    parent.wait()
    assert_still(file)


def test_a_run_that_reports_much_is_not_held_up() -> None:
    """All that has come is taken each time it is listened for, and nothing is left at the end."""
    heard: list[Any] = []
    with Processes(1) as executor:
        report = executor.reporter(lambda _, point: heard.append(point))
        future = executor.submit(jobs.say_much, report, 5000)
        listened = 0
        while not future.done():
            executor.poll()
            listened += 1
            time.sleep(0.01)
        executor.poll()
    assert heard == list(range(5000))
    assert listened < 2500
