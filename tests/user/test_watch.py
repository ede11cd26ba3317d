"""``dropsweep show`` while a sweep runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep.results import ResultsFolder
from tests.factories import make_record, plan_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dropsweep.records import RunRecord
    from tests.user.conftest import Dropsweep

SWEEP = """\
dataset: {name: synthetic, train_size: 100, val_size: 100}
dropout: {rates: [0, 0.5]}
training: {epochs: 2}
seeds: 2
"""


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


@pytest.fixture
def records(dropsweep: Dropsweep, tmp_path: Path) -> list[RunRecord]:
    """The runs of a sweep whose folder, ``out``, has only its config."""
    assert dropsweep
    _, specs = plan_folder(tmp_path / "out", SWEEP)
    return [make_record(spec) for spec in specs]


def publish(record: RunRecord) -> None:
    """A run is finished."""
    ResultsFolder(Path("out")).publish(record)


def test_a_running_sweep_says_how_far_it_is(dropsweep: Dropsweep, records: list[RunRecord]) -> None:
    """In place of the runs that are missing, by every command that reads it."""
    assert re.search(r"^0 of 4 runs, started \d+ s ago$", dropsweep("show", "out").stderr, re.M)
    for record in records[:3]:
        publish(record)
    for command in ("show", "plot", "report"):
        stderr = dropsweep(command, "out").stderr
        assert re.search(r"3 of 4 runs, last \d+ s ago, about \d+ s left$", stderr, re.M)
        assert "missing" not in stderr


def test_a_stopped_sweep_has_missing_runs(dropsweep: Dropsweep, records: list[RunRecord]) -> None:
    """After a kill, when nothing came for long; after Ctrl-C at once, which writes the tables."""
    publish(records[0])
    long_ago = time.time() - 600
    for path in (Path("out/config.yaml"), *Path("out/runs").iterdir()):
        os.utime(path, (long_ago, long_ago))
    assert "3 planned runs are missing" in dropsweep("show", "out").stderr
    publish(records[1])
    ResultsFolder(Path("out")).write_csv("summary.csv", ("run_id", "rate", "seed", "status"), [])
    assert "2 planned runs are missing" in dropsweep("show", "out").stderr


@pytest.fixture
def watching(records: list[RunRecord]) -> Iterator[subprocess.Popen[str]]:
    """A process that watches the folder into a pipe."""
    publish(records[0])
    process = subprocess.Popen(
        [sys.executable, "-m", "dropsweep", "show", "out", "--watch", "--format", "csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def test_a_pipe_gets_the_table_after_each_change(
    watching: subprocess.Popen[str], records: list[RunRecord]
) -> None:
    """Without control sequences; the last table is of the complete sweep, and the exit code 0."""
    assert watching.stdout is not None
    first = [watching.stdout.readline() for _ in range(2)]
    assert first[0].startswith("rate,runs,")
    assert first[1].startswith("0.0,1,")
    for record in records[1:]:
        publish(record)
    stdout, stderr = watching.communicate(timeout=120)
    assert watching.returncode == 0
    assert [line[:6] for line in stdout.splitlines()[-3:]] == ["rate,r", "0.0,2,", "0.5,2,"]
    assert "1 of 4 runs, last " in stderr
    assert "\x1b" not in stdout + stderr


def test_a_complete_sweep_is_printed_once(dropsweep: Dropsweep, records: list[RunRecord]) -> None:
    """There is nothing to wait for; failed runs are not waited for either."""
    for record in records:
        publish(record)
    once = dropsweep("show", "out")
    watched = dropsweep("show", "out", "--watch")
    assert (watched.returncode, watched.stdout) == (0, once.stdout)


def test_ctrl_c_is_the_usual_way_to_leave(watching: subprocess.Popen[str]) -> None:
    """The exit code says so, and nothing is called an error; SIGTERM is one."""
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    _, stderr = watching.communicate(timeout=120)
    assert watching.returncode == 130
    assert "rror" not in stderr


def test_a_watch_that_is_terminated_says_so(watching: subprocess.Popen[str]) -> None:
    """By a program, not by the user who looks."""
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.terminate()
    _, stderr = watching.communicate(timeout=120)
    assert (watching.returncode, stderr.splitlines()[-1]) == (143, "Error: terminated.")
