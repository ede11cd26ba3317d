"""The number of processes that a machine has room for."""

from __future__ import annotations

import errno
import os
import resource
from typing import TYPE_CHECKING

import pytest

from dropsweep.executors import InProcess, Processes, available_cpus, capacity, local_executor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Machine:
    """Files as Linux shows them, below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> None:
        """Make one."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def version_2(self, group: str, mounted_at: str = "/sys/fs/cgroup", top: str = "/") -> None:
        """A process in a control group of version 2."""
        self.write("proc/self/cgroup", f"0::{group}\n")
        self.write(
            "proc/self/mountinfo", f"30 23 0:26 {top} {mounted_at} rw - cgroup2 cgroup2 rw\n"
        )

    def version_1(self, controller: str, mounted_at: str) -> None:
        """A process in control group /job of version 1."""
        self.write("proc/self/cgroup", f"7:cpuset:/x\n4:{controller},other:/job\n0::/\n")
        self.write(
            "proc/self/mountinfo",
            f"33 23 0:29 / {mounted_at} rw shared:9 - cgroup cgroup rw,{controller},other\n",
        )


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine of 64 CPUs without limits."""
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(64), raising=False)
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("max 100000", 64), ("150000 100000", 2), ("50000 100000", 1), ("", 64), ("x y", 64),
     ("0 100000", 64), ("100000 0", 64), ("-1 100000", 64)],
)  # fmt: skip
def test_a_quota_of_version_2(machine: Machine, text: str, cpus: int) -> None:
    """It counts as whole CPUs, rounded up; no quota, or one without sense, is no limit."""
    machine.version_2("/a/b")
    machine.write("sys/fs/cgroup/a/b/cpu.max", text)
    assert available_cpus(machine.root) == cpus


def test_the_groups_around_count(machine: Machine) -> None:
    """The smallest quota from the process's own group up to where the file system is mounted."""
    machine.version_2(
        "/docker/a/b", mounted_at="/mnt/my groups".replace(" ", "\\040"), top="/docker"
    )
    machine.write("mnt/my groups/a/b/cpu.max", "900000 100000")
    machine.write("mnt/my groups/a/cpu.max", "300000 100000")
    machine.write("mnt/cpu.max", "100000 100000")
    assert available_cpus(machine.root) == 3


def test_a_quota_of_version_1(machine: Machine) -> None:
    """Half a CPU is one process; -1 is no limit."""
    machine.version_1("cpu", "/sys/fs/cgroup/cpu")
    machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "50000\n")
    machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n")
    assert available_cpus(machine.root) == 1
    machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n")
    assert available_cpus(machine.root) == 64


def test_memory_of_the_machine_and_of_control_groups(machine: Machine) -> None:
    """The least of both; a group's page cache counts as free."""
    assert capacity.available_memory(machine.root) > 1e15
    machine.write("proc/meminfo", "MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n")
    assert capacity.available_memory(machine.root) == 8_192_000_000
    machine.version_2("/a")
    machine.write("sys/fs/cgroup/a/memory.max", "1000000000")
    machine.write("sys/fs/cgroup/a/memory.current", "900000000")
    machine.write("sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file 300000000\n")
    assert capacity.available_memory(machine.root) == 400_000_000
    machine.version_1("memory", "/sys/fs/cgroup/memory")
    machine.write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "700000000")
    machine.write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100000000")
    assert capacity.available_memory(machine.root) == 600_000_000


def test_the_smallest_limit_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slurm's allocation is respected, and never exceeds what the machine has."""
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    here = available_cpus()
    assert 1 <= here <= (os.cpu_count() or 1)
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "1")
    assert available_cpus() == 1
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "100000")
    assert available_cpus() == here


class Counted(Processes):
    """Processes that are not started."""

    def __init__(self, count: int, *_: object) -> None:
        self.capacity = count


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The list for notes, on a machine of eight CPUs; no process is started."""
    monkeypatch.setattr(capacity, "Processes", Counted)
    monkeypatch.setattr(capacity, "available_cpus", lambda: 8)
    return []


@pytest.mark.parametrize(
    ("jobs", "tasks", "memory", "processes"),
    [(None, 100, 1e12, 8), (None, 3, 1e12, 3), (None, 1, 1e12, 1), (None, 0, 1e12, 1),
     (None, 100, 900e6, 3), (None, 100, 1e6, 1), (1, 100, 1e12, 1), (20, 100, 1e6, 20),
     (20, 2, 1e12, 2)],
)  # fmt: skip
def test_no_more_processes_than_there_is_use_for(
    monkeypatch: pytest.MonkeyPatch,
    notes: list[str],
    *,
    jobs: int | None,
    tasks: int,
    memory: float,
    processes: int,
) -> None:
    """Runs are one limit; where none is asked for, CPUs and memory are too; one is in process."""
    monkeypatch.setattr(capacity, "available_memory", lambda: int(memory))
    executor = local_executor(jobs, tasks, "wave", notes.append)
    assert executor.capacity == processes
    assert isinstance(executor, InProcess) == (processes == 1)
    assert not notes


@pytest.fixture
def own_limit() -> Iterator[None]:
    """Give the test runner its limit of open files back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("own_limit")
def test_the_limit_of_open_files(monkeypatch: pytest.MonkeyPatch, notes: list[str]) -> None:
    """The soft limit is raised as far as needed; the hard one makes it fewer, with a line."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
    assert local_executor(400, 400, "wave", notes.append).capacity == 400
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (464, hard)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 300))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    assert local_executor(400, 400, "wave", notes.append).capacity == 300 - 64
    assert notes == [
        f"training with 236 processes: no more can be started ({os.strerror(errno.EMFILE)})"
    ]
