"""The number of processes that a machine has room for."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.executors.base import InProcess
from dropsweep.executors.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

from dropsweep.executors.base import RunExecutor

_WORKER_BYTES = 280_000_000
"""Memory of a worker with 50,000 images, measured; 180 MB of it are shared, and count as well."""

_OTHER_FILES = 64
"""Open files of the parent process besides one per worker: libraries, results, fonts."""


def local_executor(
    jobs: int | None, tasks: int, module: str, note: Callable[[str], None]
) -> RunExecutor:
    """Processes for so many tasks, or this process where there would be only one.

    Parameters
    ----------
    jobs
        Processes at most; None for as many as CPUs and memory allow.
    module
        Imported by the workers while this process does other things.
    note
        Called with a sentence if there are fewer processes than were asked for.
    """
    if jobs is None:
        jobs = min(available_cpus(), max(available_memory() // _WORKER_BYTES, 1))
    wanted = min(jobs, tasks)
    if wanted <= 1:
        return InProcess()
    count = min(wanted, _open_files(wanted))
    if count < wanted:
        note(errors.fewer_processes(count, OSError(errno.EMFILE, os.strerror(errno.EMFILE))))
    return Processes(count, module, note)


def available_cpus(root: Path = Path("/")) -> int:
    """CPUs that this process may use: by affinity, control groups, and Slurm's allocation."""
    counts = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(len(os.sched_getaffinity(0)))
    if slurm := os.environ.get("SLURM_CPUS_PER_TASK", ""):
        counts.append(int(slurm) if slurm.isdecimal() else counts[0])
    for folder in _control_groups("cpu", root):
        quota, period = _numbers(folder / "cpu.max", 2) or (
            _numbers(folder / "cpu.cfs_quota_us") + _numbers(folder / "cpu.cfs_period_us")
        ) or (0, 0)  # fmt: skip
        if quota > 0 and period > 0:
            counts.append(-(-quota // period))
    return max(min(counts), 1)


def available_memory(root: Path = Path("/")) -> int:
    """Bytes that may be used without swapping: of the machine, and of control groups."""
    left = [1 << 62]
    with contextlib.suppress(OSError):
        text = (root / "proc/meminfo").read_text(encoding="ascii")
        left += [int(kib) * 1024 for kib in re.findall(r"^MemAvailable: *(\d+) kB", text, re.M)]
    for folder in _control_groups("memory", root):
        limit = _numbers(folder / "memory.max") or _numbers(folder / "memory.limit_in_bytes")
        used = _numbers(folder / "memory.current") or _numbers(folder / "memory.usage_in_bytes")
        if limit and used:
            left.append(max(limit[0] - used[0] + _file_cache(folder), 0))
    return min(left)


def _file_cache(folder: Path) -> int:
    """Bytes that count as used, and are given back when they are needed."""
    try:
        text = (folder / "memory.stat").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^(?:total_)?inactive_file (\d+)$", text, re.M)
    return int(found[1]) if found else 0


def _numbers(path: Path, count: int = 1) -> tuple[int, ...]:
    """The numbers in a control group's file; none if it is absent or says ``max``."""
    try:
        words = path.read_text(encoding="ascii").split()
        return tuple(map(int, words)) if len(words) == count else ()
    except (OSError, ValueError):
        return ()


def _control_groups(controller: str, root: Path) -> Iterator[Path]:
    """Folders of this process's control group and of those around it, of version 2 and 1.

    ``/proc/self/cgroup`` says which group, relative to where ``mountinfo`` says it is mounted; in
    a container the path may begin above what is mounted.
    """
    try:
        groups = (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace")
        mounts = (root / "proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        words, (kind, *_, options) = before.split(), after.split() or ("", "")
        if kind == "cgroup2":
            found = re.search(r"^0::(.*)$", groups, re.M)
        elif kind == "cgroup" and controller in options.split(","):
            found = re.search(rf"^\d+:(?:[^:]*,)?{controller}(?:,[^:]*)?:(.*)$", groups, re.M)
        else:
            continue
        top, mounted_at = words[3], root / words[4].replace("\\040", " ").lstrip("/")
        group = found[1] if found else "/"
        inside = group.removeprefix(top if top != "/" else "").lstrip("/")
        folder = mounted_at / inside
        while True:
            yield folder
            if folder == mounted_at or mounted_at not in folder.parents:
                break
            folder = folder.parent


def _open_files(wanted: int) -> int:
    """Workers that the limit of open files leaves room for; the soft limit is raised for them."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY:
            needed = min(needed, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(needed, soft), hard))
            soft = max(needed, soft)
        return max(min(wanted, soft - _OTHER_FILES), 1)
    return wanted
