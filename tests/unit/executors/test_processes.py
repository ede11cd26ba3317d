"""Spawned processes that die alone."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import BrokenExecutor
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from dropsweep.errors import ConfigError, RunsFailedError
from dropsweep.executors import Processes
from dropsweep.sweep import InOrder, execute
from tests.factories import make_spec
from tests.unit.executors import jobs
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]


def test_work_is_done_in_other_processes(tmp_path: Path) -> None:
    """As many as asked for, and none of them this one."""
    with Processes(2) as executor:
        assert executor.capacity == 2
        assert [executor.submit(jobs.square, x).result() for x in range(5)] == [0, 1, 4, 9, 16]
        both = [executor.submit(jobs.meet, tmp_path, 2) for _ in range(2)]
        pids = {future.result() for future in both}
    assert len(pids) == 2
    assert os.getpid() not in pids


def children() -> set[int]:
    """Processes that this one has started, and that live."""
    ps = ["/bin/ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())]
    listed = subprocess.run(ps, capture_output=True, text=True, check=True)
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if "serve(" in line}


def test_processes_start_before_there_is_work() -> None:
    """Each imports the module meanwhile; a module that is not there costs nothing."""
    with Processes(2, "wave") as executor:
        pids = children()
        assert len(pids) == 2
        assert {executor.submit(jobs.process_id).result() for _ in range(4)} <= pids
        assert executor.submit(jobs.has_imported, "wave").result()
    assert not children()
    with Processes(1, "no_such_module") as executor:
        assert executor.submit(jobs.square, 3).result() == 9
        assert not executor.submit(jobs.has_imported, "wave").result()


def test_a_process_that_dies_while_it_starts_is_replaced() -> None:
    """It costs one task at the most."""
    with Processes(1) as executor:
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        assert isinstance(executor.submit(jobs.square, 3).exception(), BrokenExecutor | NoneType)
        assert executor.submit(jobs.square, 3).result() == 9


def test_processes_that_all_die_while_they_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep ends in words after a few of them, and not once for each run."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    specs = [make_spec(rate / 1000) for rate in range(1000)]
    with Processes(2) as executor, pytest.raises(RunsFailedError, match="die while they start"):
        list(execute(InOrder(specs), executor, jobs.square_of, lambda *_: None))


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told with the limits that may be at fault, before anything is done."""
    monkeypatch.setattr(subprocess, "Popen", refusing(0))
    with pytest.raises(ConfigError, match=r"no worker process .* \(Resource temporarily") as caught:
        Processes(2)
    assert "ulimit -u" in caught.value.remedy


def test_a_python_that_may_not_be_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cause is named, with the way that needs no process; no limit is at fault."""
    (tmp_path / "python").write_text("")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    cause = rf"no worker process .* \({tmp_path}/python: Permission denied\)"
    with pytest.raises(ConfigError, match=cause) as caught:
        Processes(2)
    assert "-j 1" in caught.value.remedy
    assert "ulimit" not in caught.value.remedy


def test_some_processes_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer do the work, and one line says so."""
    monkeypatch.setattr(subprocess, "Popen", refusing(2))
    notes: list[str] = []
    with Processes(5, note=notes.append) as executor:
        assert executor.capacity == 2
        assert [executor.submit(jobs.square, x).result() for x in range(4)] == [0, 1, 4, 9]
    (note,) = notes
    assert note.startswith("training with 2 processes: no more can be started (")


def refusing(after: int) -> Any:
    """`subprocess.Popen` where the system allows so many processes and no more."""
    started: list[Any] = []
    popen = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> Any:
        if len(started) == after:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        started.append(popen(*arguments, **options))
        return started[-1]

    return start


def test_one_file_for_each_process_and_no_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of 256 open files is enough for a hundred processes, and /dev/shm may be missing."""
    monkeypatch.setattr("_multiprocessing.SemLock", None)
    files = Path("/proc/self/fd")
    before = len(list(files.iterdir()))
    with Processes(3) as executor:
        assert executor.submit(jobs.square, 3).result() == 9
        assert len(list(files.iterdir())) == before + 3
    assert len(list(files.iterdir())) == before


def test_files_of_the_current_directory_are_never_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever standard module they are called after, and however the folder came to the path."""
    for name in sys.stdlib_module_names:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    with Processes(1, "dropsweep.training") as executor:
        assert executor.submit(jobs.square, 3).result() == 9
    assert not (tmp_path / "executed").exists()


def test_a_current_directory_that_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes start and work there."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with Processes(1) as executor:
        assert executor.submit(jobs.square, 3).result() == 9


def test_an_exception_that_cannot_travel() -> None:
    """Its text and traceback arrive; the process goes on."""
    with Processes(1) as executor:
        with pytest.raises(RuntimeError, match="Unpicklable: this one"):
            executor.submit(jobs.fail_strangely).result()
        with pytest.raises(RuntimeError, match="Forgetful: this one in there"):
            executor.submit(jobs.fail_forgetfully).result()
        assert executor.submit(jobs.square, 3).result() == 9


def test_an_exception_comes_back() -> None:
    """With its type, message and traceback; the process goes on."""
    with Processes(1) as executor:
        before = executor.submit(jobs.process_id).result()
        with pytest.raises(ValueError, match="not this one") as caught:
            executor.submit(jobs.fail).result()
        assert "in fail\n" in "".join(traceback.format_exception(caught.value))
        assert executor.submit(jobs.process_id).result() == before


def test_a_killed_process_costs_its_own_work_alone() -> None:
    """The other's work is finished, and a new process takes the dead one's place."""
    with Processes(2) as executor:
        dying, living = executor.submit(jobs.die), executor.submit(jobs.square, 3)
        assert isinstance(dying.exception(), BrokenExecutor)
        assert "killed by signal 9" in str(dying.exception())
        assert living.result() == 9
        assert [executor.submit(jobs.square, x).result() for x in range(4)] == [0, 1, 4, 9]


def test_a_process_killed_while_idle_is_replaced() -> None:
    """The next work does not even notice."""
    with Processes(1) as executor:
        idle = executor.submit(jobs.process_id).result()
        os.kill(idle, signal.SIGKILL)
        os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
        assert executor.submit(jobs.square, 4).result() == 16


def test_reports_are_heard_here_in_order() -> None:
    """Every point, in this thread, before the result."""
    heard: list[tuple[Any, Any]] = []
    with Processes(1) as executor:
        report = executor.reporter(lambda spec, point: heard.append((spec, point)))
        future = executor.submit(jobs.say, report, "spec", 3)
        future.result()
    assert heard == [("spec", 0), ("spec", 1), ("spec", 2)]


def test_an_interrupt_ends_the_processes_at_once(tmp_path: Path) -> None:
    """The jobs in progress are left; no process ticks on."""
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
    """Workers end when their parent is killed with SIGKILL."""
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
    """All points arrive, in order and before its result."""
    heard: list[Any] = []
    with Processes(1) as executor:
        report = executor.reporter(lambda _, point: heard.append(point))
        assert executor.submit(jobs.say_much, report, 5000).result() == 5000
    assert heard == list(range(5000))
