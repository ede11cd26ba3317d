"""Cost of many run files: CPU seconds and memory of each command that reads them, and their growth.

The files are made from random numbers, not trained: only their count and their shape matter.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.contenders import ENVIRONMENT, dropsweep_command
from dropsweep import config, datasets
from dropsweep.records import SCHEMA, History, MonteCarlo, RunRecord
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dropsweep.records import RunSpec

RATES, SEEDS = 10, 20
"""Of every setting."""

_STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""

COMMANDS = ("plan", "no-op", "show", "plot", "report", "merge")


@dataclass(frozen=True)
class Cost:
    """One command on one number of run files."""

    command: str
    runs: int
    seconds: float
    """CPU time of the whole process, user and system: it hardly depends on what else runs."""
    megabytes: float
    """Its resident memory at its highest."""


def scale(folder: Path, counts: tuple[int, ...]) -> list[Cost]:
    """Every command on every count of runs, fewest first."""
    return [cost for count in counts for cost in _costs(folder / str(count), count)]


def rows(found: list[Cost]) -> list[tuple[str, ...]]:
    """Command, runs, CPU seconds, exponent from the count before, megabytes."""
    table: list[tuple[str, ...]] = []
    for each in found:
        before = [other for other in found if other.command == each.command and other is not each]
        smaller = [other for other in before if other.runs < each.runs]
        exponent = "" if not smaller else f"{_exponent(smaller[-1], each):.2f}"
        memory = f"{each.megabytes:.0f}"
        table.append((each.command, f"{each.runs:,}", f"{each.seconds:.1f}", exponent, memory))
    return table


def _exponent(smaller: Cost, larger: Cost) -> float:
    """Slope of log(time) over log(runs)."""
    return float(np.log(larger.seconds / smaller.seconds) / np.log(larger.runs / smaller.runs))


def _costs(folder: Path, count: int) -> Iterator[Cost]:
    sweep, results = _make_sweep(folder, count)
    run = dropsweep_command("run", str(sweep), "-o", str(results), "-j", "1", "--no-plots")
    commands = {
        "plan": [*run, "--dry-run"],
        "no-op": run,
        "show": dropsweep_command("show", str(results)),
        "plot": dropsweep_command("plot", str(results)),
        "report": dropsweep_command("report", str(results)),
        "merge": dropsweep_command("merge", str(results), "-o", str(folder / "merged")),
    }
    for name in COMMANDS:
        yield Cost(name, count, *_measure(commands[name]))
    shutil.rmtree(folder)


def _measure(command: list[str]) -> tuple[float, float]:
    """CPU seconds and megabytes of a process that succeeds; its output is thrown away.

    A small process starts it: Linux counts the memory of the one that does as the child's own.
    """
    found = subprocess.run(  # noqa: S603 ours
        [sys.executable, "-c", _STARTER, *command], env=ENVIRONMENT, check=True, capture_output=True
    )
    seconds, kilobytes = map(float, found.stdout.split())
    return seconds, kilobytes * 1.024 / 1e3


def _make_sweep(folder: Path, count: int) -> tuple[Path, Path]:
    """A config, and the results folder with a file for each of its runs."""
    folder.mkdir(parents=True)
    path, results = folder / "scale.yaml", ResultsFolder(folder / "results")
    settings = count // (RATES * SEEDS)
    path.write_text(
        f"dataset: {{name: synthetic}}\n"
        f"dropout: {{rates: {[round(0.1 * each, 1) for each in range(RATES)]}}}\n"
        f"seeds: {SEEDS}\n"
        f"grid: {{dataset.train_size: {[500 + each for each in range(settings)]}}}\n",
        encoding="utf-8",
    )
    loaded = config.load(str(path), (), datasets.KNOWN)
    results.runs.mkdir(parents=True)
    random = np.random.default_rng(0)
    for spec in config.plan(loaded, "synthetic-1", 5000, 1000):
        results.run_file(spec.run_id).write_bytes(_record(spec, random).to_json())
    return path, results.path


def _record(spec: RunSpec, random: np.random.Generator) -> RunRecord:
    """A finished run whose accuracies are random images out of a thousand."""
    points = len(spec.epochs_measured)
    train, val = random.integers(200, 400, (2, points)) / 1000
    return RunRecord(
        schema=SCHEMA,
        run_id=spec.run_id,
        spec=spec,
        status="done",
        history=History(
            spec.epochs_measured,
            tuple(random.random(points).tolist()),
            tuple(train.tolist()),
            tuple(val.tolist()),
        ),
        best_epoch=spec.epochs_measured[int(val.argmax())],
        best_val_accuracy=float(val.max()),
        val_accuracy=float(val[-1]),
        test_accuracy=float(random.integers(200, 400)) / 1000,
        monte_carlo=MonteCarlo(),
        seconds=1.0,
        environment={"dropsweep": "scale", "cpu": "none"},
    )
