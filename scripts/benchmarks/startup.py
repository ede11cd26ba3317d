"""The cost of a command before and beside the training."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.contenders import Contender, dropsweep, dropsweep_command

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.workload import Workload


def startup(work: Workload, folder: Path, processes: int, rounds: int) -> dict[str, list[float]]:
    """Wall seconds of whole commands, by what they do.

    A sweep with a single step has all there is before the first step of any sweep, and the end of
    it as well.
    """
    folder.mkdir(exist_ok=True)
    rates = tuple((rate, 0) for rate, _ in work.runs[:processes])
    step = replace(
        work, runs=rates, train_size=work.batch_size, epochs=1, val_size=1, test_size=0, hidden=8
    )
    sweeps = {
        count: dropsweep(step, folder / str(count), count) for count in _made(folder, processes)
    }
    commands = {
        "dropsweep --help": Contender("help", [dropsweep_command("--help")]),
        **{f"run -j {count}: one step a run": sweep for count, sweep in sweeps.items()},
        "run with nothing to train": replace(sweeps[1], tidy=lambda: None),
    }
    found: dict[str, list[float]] = {what: [] for what in commands}
    for _ in range(rounds):
        for what, command in commands.items():
            found[what].append(command.seconds())
    return found


def rows(found: dict[str, list[float]]) -> list[tuple[str, ...]]:
    """Command, median, fastest and slowest."""
    return [
        (what, f"{median(seconds):.2f}", f"{min(seconds):.2f} - {max(seconds):.2f}")
        for what, seconds in found.items()
    ]


def _made(folder: Path, processes: int) -> list[int]:
    """The numbers of processes to start with, each with a folder."""
    counts = sorted({1, processes})
    for count in counts:
        (folder / str(count)).mkdir(exist_ok=True)
    return counts
