"""The contenders: commands for dropsweep, PyTorch and a textbook solver, as whole processes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workload import Workload

SCRIPTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (SCRIPTS, SCRIPTS.parent)))}


@dataclass(frozen=True)
class Contender:
    """Some processes that together do a workload once."""

    name: str
    commands: list[list[str]]
    """Started at the same time."""
    tidy: Callable[[], object] = field(default=lambda: None)
    """Work to be done before each time, which is not timed."""

    def seconds(self) -> float:
        """Wall time from the first start to the last end."""
        self.tidy()
        start = time.perf_counter()
        running = [
            subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)  # noqa: S603 ours
            for command in self.commands
        ]
        codes = [process.wait() for process in running]
        elapsed = time.perf_counter() - start
        if any(codes):
            raise RuntimeError(f"{self.name} failed: exit codes {codes}")
        return elapsed


def contenders(work: Workload, folder: Path, processes: int, naive: bool) -> list[Contender]:
    """All that can do the work on this machine; dropsweep comes first."""
    found = [dropsweep(work, folder, processes)]
    if importlib.util.find_spec("torch"):
        found += [torch(work, folder, 1, processes), torch(work, folder, processes, 1)]
    if naive:
        file = work.write(folder / "naive.json")
        found.append(Contender("textbook NumPy", [_python("-m", "benchmarks.naive_solver", file)]))
    return found


def dropsweep(work: Workload, folder: Path, processes: int) -> Contender:
    """The command that a user types, without figures and report: the others draw none."""
    output = folder / "results"
    config = write_config(work, folder / "sweep.yaml")
    command = dropsweep_command("run", config, "-j", processes, "-o", output, *options(work))
    return Contender(
        f"dropsweep run -j {processes}",
        [command],
        tidy=lambda: shutil.rmtree(output, ignore_errors=True),
    )


def options(work: Workload) -> list[str]:
    """The path of the prepared data, and to say and draw nothing."""
    data_dir = Path(work.data).parents[1]  # <data dir>/dropsweep-cache/cifar10
    return ["--data-dir", str(data_dir), "--offline", "--no-plots", "--quiet"]


def torch(work: Workload, folder: Path, processes: int, threads: int) -> Contender:
    """PyTorch in one of its two modes; the runs are dealt out to the processes beforehand."""
    files = [
        part.write(folder / f"torch-{processes}-{at}.json")
        for at, part in enumerate(work.split(processes))
    ]
    return Contender(
        f"PyTorch, {processes} x {threads} threads",
        [_python("-m", "benchmarks.torch_solver", file, threads) for file in files],
    )


def write_config(work: Workload, path: Path) -> Path:
    """The workload in dropsweep's words; its runs are every rate with every seed."""
    rates, seeds = (sorted(set(column)) for column in zip(*work.runs, strict=True))
    config = {
        "dataset": {
            "name": "cifar10",
            "train_size": work.train_size,
            "val_size": work.val_size,
            "test_size": work.test_size,
        },
        "model": {"hidden_sizes": [work.hidden]},
        "dropout": {"rates": rates},
        "training": {
            "epochs": work.epochs,
            "batch_size": work.batch_size,
            "learning_rate": work.learning_rate,
        },
        "seeds": seeds,
    }
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def dropsweep_command(*arguments: object) -> list[str]:
    """The ``dropsweep`` of this checkout."""
    return _python("-m", "dropsweep", *arguments)


def _python(*arguments: object) -> list[str]:
    return [sys.executable, *map(str, arguments)]
