"""Memory of a sweep's processes on a full-size data set, as Linux counts it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import ENVIRONMENT, dropsweep

if TYPE_CHECKING:
    from benchmarks.workload import Workload

PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """One process, in MB at its highest."""

    role: str
    resident: float
    """All its pages in memory, shared ones included."""
    own: float
    """Those that no file is behind: not the mapped data set, not the libraries."""


def memory(work: Workload, folder: Path, processes: int) -> list[Memory]:
    """Watch a sweep of the runs until it ends; nothing where there is no ``/proc``."""
    if not PROC.is_dir():
        return []
    folder.mkdir(exist_ok=True)
    sweep = dropsweep(work, folder, processes)
    sweep.tidy()
    peaks: dict[str, tuple[float, float]] = {}
    with subprocess.Popen(sweep.commands[0], env=ENVIRONMENT, stdout=subprocess.DEVNULL) as parent:  # noqa: S603 ours
        while parent.poll() is None:
            for pid, role in _family(parent.pid):
                resident, own = _megabytes(pid)
                before = peaks.get(role, (0.0, 0.0))
                peaks[role] = max(before[0], resident), max(before[1], own)
            time.sleep(0.05)
    return [Memory(role, *peak) for role, peak in peaks.items()]


def rows(found: list[Memory]) -> list[tuple[str, ...]]:
    """Process, resident and own megabytes."""
    return [(each.role, f"{each.resident:.0f}", f"{each.own:.0f}") for each in found]


def _family(parent: int) -> list[tuple[int, str]]:
    """The sweep's process and its workers."""
    children = (PROC / f"{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    workers = [int(pid) for pid in children if "import serve" in _command_line(int(pid))]
    named = [(pid, f"worker {at + 1}") for at, pid in enumerate(workers)]
    return [(parent, "parent"), *named]


def _command_line(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has just ended
        return ""


def _megabytes(pid: int) -> tuple[float, float]:
    try:
        text = (PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0, 0.0
    sizes = dict(line.split(":", 1) for line in text.splitlines())
    kilobytes = [int(sizes.get(key, "0 kB").split()[0]) for key in ("VmHWM", "RssAnon")]
    return kilobytes[0] / 1e3 * 1.024, kilobytes[1] / 1e3 * 1.024
