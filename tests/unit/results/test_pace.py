"""The pace of a sweep, by the times of its files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dropsweep.results import Pace, ResultsFolder

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_000_000.0


def folder_with(path: Path, runs: list[float], **others: float) -> ResultsFolder:
    """A folder whose files were written so many seconds ago."""
    made = ResultsFolder(path)
    made.runs.mkdir()
    made.checkpoints.mkdir()
    names = {"tables": "summary.csv", "config": "config.yaml", "checkpoint": "checkpoints/a.npz"}
    ages = {f"runs/{number}.json": age for number, age in enumerate(runs)}
    for name, age in (ages | {names[each]: age for each, age in others.items()}).items():
        (path / name).touch()
        os.utime(path / name, (NOW - age, NOW - age))
    return made


@pytest.mark.parametrize(
    ("runs", "others", "running"),
    [
        ([], {}, False),
        ([], {"config": 5}, True),
        ([], {"config": 500}, False),
        ([20, 10, 3], {"config": 30}, True),
        ([20, 10, 3], {"config": 30, "tables": 2}, False),
        ([500, 490, 10, 3], {"config": 999, "tables": 480}, True),
        ([920, 910, 900], {"config": 930}, False),
        ([900, 600, 300], {"config": 999}, True),
        ([900], {"config": 999, "checkpoint": 20}, True),
        ([900], {"config": 999, "checkpoint": 20, "tables": 10}, False),
    ],
)
def test_a_sweep_runs_until_its_tables_are_written(
    tmp_path: Path, runs: list[float], others: dict[str, float], running: bool
) -> None:
    """Or until nothing came for long, as after a kill."""
    found = Pace.of(folder_with(tmp_path, runs, **others), 10.0, NOW)
    assert found.is_running == running
    signs = [*runs, *(age for name, age in others.items() if name != "tables")]
    assert found.age == min(signs, default=None)


def test_the_time_between_runs_counts_all_workers(tmp_path: Path) -> None:
    """Two at once that take 10 s each are a run every 5 s; runs of an earlier command differ."""
    made = folder_with(tmp_path, [5000, 4000, 20, 20, 10, 10, 0, 0], tables=3000)
    assert Pace.of(made, 10.0, NOW).between == pytest.approx(5)


def test_a_clock_that_is_behind_is_no_negative_age(tmp_path: Path) -> None:
    """Another machine may have written the file."""
    assert Pace.of(folder_with(tmp_path, [-40]), 1.0, NOW).age == 0
