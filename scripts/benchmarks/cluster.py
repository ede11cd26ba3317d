"""A Dask cluster of many workers, simulated: how much of their time they wait, what is lost.

The scheduler and most workers share one process, each with a thread of its own; the workers that
are killed are processes of their own. A stand-in training sleeps: only the hand-over costs.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.contenders import ENVIRONMENT
from dropsweep import config
from dropsweep.executors import DaskCluster
from dropsweep.records import FailureRecord
from dropsweep.sweep.agenda import InOrder
from dropsweep.sweep.engine import execute

if TYPE_CHECKING:
    from dropsweep.executors import Report
    from dropsweep.records import RunSpec

WORKERS, KILLED = 64, 5
SIZES = ((10_000, 0.05), (40_000, 0.05), (1000, 2.0))
"""Runs, and seconds of one stand-in training."""

HOST = {
    **ENVIRONMENT,
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
"""The scheduler asks a dead worker for its results for 2 s, by default 30; and no worker looks at
itself a hundred times a second, which 64 workers on two cores would feel."""


@dataclass(frozen=True)
class Served:
    """The work of a cluster on its runs."""

    runs: int
    results: int
    run_seconds: float
    """Of one stand-in training."""
    seconds: float
    """From the first submission to the last result."""
    ideal: float
    """The same if no worker ever waited."""
    idle: float
    """Share of their time that the workers which lived to the end waited, on average."""
    idlest: float
    """That of the worker which waited most."""
    parent_cpu: float
    """Seconds of the process that hands the runs over."""
    cluster_cpu: float
    """Seconds of the process with the scheduler and most workers."""
    growth: float
    """Megabytes that the parent's peak grew by after its first tenth of the runs."""


def stand_in(
    spec: RunSpec,
    report: Report,  # noqa: ARG001
    *,
    seconds: float,
) -> tuple[int, str, float, float]:
    """Sleep; return the seed, the worker, and when it began and ended."""
    from distributed import get_worker

    start = time.time()
    time.sleep(seconds)
    return spec.seed, get_worker().address, start, time.time()


def serve(runs: int, run_seconds: float) -> Served:
    """Hand the runs over, and kill some workers on the way."""
    spec = _any_spec()
    host = _start("host", str(WORKERS - KILLED))
    assert host.stdout is not None  # noqa: S101 it is a pipe
    address = host.stdout.readline().strip()
    doomed = [_start("worker", address) for _ in range(KILLED)]
    killed = set()
    for each in doomed:
        assert each.stdout is not None  # noqa: S101
        killed.add(each.stdout.readline().strip())
    work = partial(stand_in, seconds=run_seconds)
    found: list[tuple[int, str, float, float]] = []
    early = 0
    try:
        with DaskCluster(address, runs=runs) as executor:
            before, cluster_before, start = time.process_time(), _cpu(host.pid), time.perf_counter()
            agenda = InOrder(replace(spec, seed=seed) for seed in range(runs))
            for result in execute(agenda, executor, work, _say_nothing):
                if isinstance(result, FailureRecord):
                    raise RuntimeError(result.error)
                found.append(result)
                if len(found) == runs // 10:
                    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                if doomed and len(found) > runs // 2:
                    doomed.pop().kill()
            seconds = time.perf_counter() - start
            cpu, cluster_cpu = time.process_time() - before, _cpu(host.pid) - cluster_before
    finally:
        for each in [host, *doomed]:
            each.kill()
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - early) * 1.024 / 1e3
    idle = _idle([each for each in found if each[1] not in killed])
    mean = sum(idle) / len(idle)
    distinct, ideal = len({seed for seed, *_ in found}), runs * run_seconds / WORKERS
    return Served(
        runs, distinct, run_seconds, seconds, ideal, mean, max(idle), cpu, cluster_cpu, growth
    )  # fmt: skip


def rows(found: list[Served]) -> list[tuple[str, ...]]:
    """Name of each number, and its value for every size."""
    columns = [_column(each) for each in found]
    return [(name, *(column[name] for column in columns)) for name in columns[0]]


def _column(found: Served) -> dict[str, str]:
    return {
        "seconds of a run": f"{found.run_seconds:g}",
        "runs / results": f"{found.runs:,} / {found.results:,}",
        "seconds (ideal)": f"{found.seconds:.1f} ({found.ideal:.1f})",
        "idle, mean (most)": f"{found.idle:.1%} ({found.idlest:.1%})",
        "parent, CPU ms a run": f"{found.parent_cpu / found.runs * 1e3:.2f}",
        "scheduler and workers, CPU ms a run": f"{found.cluster_cpu / found.runs * 1e3:.2f}",
        "parent's growth, MB": f"{found.growth:.1f}",
    }


def _idle(found: list[tuple[int, str, float, float]]) -> list[float]:
    """Of each worker, from the first run's start to the last start."""
    first, last = min(each[2] for each in found), max(each[2] for each in found)
    busy: dict[str, list[tuple[float, float]]] = {}
    for _, worker, start, end in found:
        busy.setdefault(worker, []).append((start, min(end, last)))
    worked = (sum(max(end - start, 0) for start, end in each) for each in busy.values())
    return [1 - each / (last - first) for each in worked]


def _any_spec() -> RunSpec:
    data = {"name": "cluster", "dataset": {"name": "synthetic"}, "dropout": {"rates": [0.5]}}
    (spec,) = config.specs(config.Config.model_validate(data), "synthetic-1")
    return spec


def _say_nothing(spec: Any, point: Any) -> None:
    pass


def _cpu(pid: int) -> float:
    """User and system seconds of a process so far (Linux)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.cluster", *arguments]
    return subprocess.Popen(command, env=HOST, stdout=subprocess.PIPE, text=True)  # noqa: S603 ours


async def _host(workers: int) -> None:
    from distributed import Scheduler

    async with Scheduler(port=0, dashboard=False, host="127.0.0.1") as scheduler:
        await asyncio.gather(*(_worker(scheduler.address) for _ in range(workers)))
        print(scheduler.address, flush=True)  # noqa: T201
        await scheduler.finished()


async def _worker(address: str) -> Any:
    from distributed import Worker

    return await Worker(address, nthreads=1, dashboard=False, memory_limit=0)


async def _single(address: str) -> None:
    worker = await _worker(address)
    print(worker.address, flush=True)  # noqa: T201
    await worker.finished()


if __name__ == "__main__":
    kind, argument = sys.argv[1:]
    asyncio.run(_host(int(argument)) if kind == "host" else _single(argument))
