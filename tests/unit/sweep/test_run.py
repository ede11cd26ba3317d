"""Completing a sweep in a results folder."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from dropsweep import config, sweep
from dropsweep.executors import InProcess
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dropsweep.records import FailureRecord, Point, RunRecord, RunSpec

SMALL = """\
dataset: {name: synthetic, train_size: 20, val_size: 20, test_size: 0}
model: {hidden_sizes: [4]}
dropout: {rates: [0, 0.5]}
training: {epochs: 1, batch_size: 10}
"""


HEADER = b"# The config of the latest `dropsweep run` into this folder\n"
THEIRS = ("run_id", "rate", "seed", "status", "theirs")


class Silent:
    """A progress that does one thing when a run is finished."""

    def __init__(self, when_finished: Callable[[], object]) -> None:
        self.when_finished = when_finished

    def note(self, sentence: str) -> None:
        """Say nothing."""

    def downloaded(self, done: int, total: int) -> None:
        """Say nothing."""

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """Say nothing."""

    def point(self, spec: RunSpec, point: Point) -> None:
        """Say nothing."""

    def finished(self, record: RunRecord) -> None:  # noqa: ARG002 whichever it is
        """Do it."""
        self.when_finished()

    def failed(self, failure: FailureRecord) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


def complete(tmp_path: Path, when_finished: Callable[[], object]) -> ResultsFolder:
    """Run the small sweep."""
    path, folder = tmp_path / "s.yaml", ResultsFolder(tmp_path / "out")
    path.write_text(SMALL)
    loaded = config.load(str(path))
    source = sweep.DataSource.of(loaded, tmp_path / "data", offline=True)
    result = sweep.run(loaded, folder, InProcess(), source, Silent(when_finished))
    assert len(result.collection.records) == 2
    return folder


def test_the_tables_belong_to_the_config_that_is_there(tmp_path: Path) -> None:
    """Where another command has put its own config in place meanwhile, its tables stay."""
    folder = complete(tmp_path, lambda: None)
    assert len((folder.path / "summary.csv").read_text().splitlines()) == 3

    other = ResultsFolder(tmp_path / "b" / "out")

    def another_command() -> None:
        other.write_config(HEADER + b"dropout: {rates: [0.25]}\n")
        other.write_csv("summary.csv", (*THEIRS,), [])

    (tmp_path / "b").mkdir()
    complete(tmp_path / "b", another_command)
    assert (other.path / "summary.csv").read_text() == ",".join(THEIRS) + "\n"
    assert len(other.run_ids()) == 2


class Expecting(InProcess):
    """Notes what it was told to get ready for, and whether the data were there then."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.told: list[tuple[int, bool]] = []

    def prepare(self, tasks: int, module: str) -> None:
        """Note it."""
        importlib.import_module(module)
        self.told.append((tasks, self.data.exists()))


def test_the_workplace_gets_ready_while_the_data_are_prepared(tmp_path: Path) -> None:
    """It is told how many runs are missing, before the data; the second time there are none."""
    path, folder = tmp_path / "s.yaml", ResultsFolder(tmp_path / "out")
    path.write_text(SMALL)
    loaded = config.load(str(path))
    source = sweep.DataSource.of(loaded, tmp_path / "data", offline=True)
    executor = Expecting(tmp_path / "data")
    for _ in range(2):
        sweep.run(loaded, folder, executor, source, Silent(lambda: None))
    assert executor.told == [(2, False), (0, True)]
