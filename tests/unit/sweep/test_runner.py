"""Completing a sweep in a results folder."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep import __version__, config, sweep
from dropsweep.errors import DataError, RunsFailedError
from dropsweep.executors import InProcess
from dropsweep.results import ResultsFolder
from dropsweep.sweep.work import train_remotely
from tests.factories import make_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.config.reading import Loaded
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

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say nothing."""

    def point(self, spec: RunSpec, point: Point) -> None:
        """Say nothing."""

    def finished(self, record: RunRecord) -> None:  # noqa: ARG002 whichever it is
        """Do it."""
        self.when_finished()

    def failed(self, failure: FailureRecord) -> None:
        """Say nothing."""

    def step(self, sentence: str) -> None:
        """Say nothing."""

    def drawing(self, number: int, count: int) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""

    def complete(self, report: Path | None) -> None:
        """Say nothing."""


def small(place: Path) -> tuple[Loaded, ResultsFolder, sweep.DataSource]:
    """The config of the small sweep, its folder, which is not there yet, and its data."""
    path = place / "s.yaml"
    path.write_text(SMALL)
    loaded = config.load(str(path))
    source = sweep.DataSource.of(loaded, place / "data", offline=True)
    return loaded, ResultsFolder(place / "out"), source


def complete(tmp_path: Path, when_finished: Callable[[], object]) -> ResultsFolder:
    """Run the small sweep."""
    loaded, folder, source = small(tmp_path)
    result = sweep.run(loaded, folder, lambda *_: InProcess(), source, Silent(when_finished))
    assert len(result.collection.records) == 2
    return folder


def test_the_tables_belong_to_the_config_that_is_there(tmp_path: Path) -> None:
    """The tables of another command, which has put its own config in place meanwhile, stay."""
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


def test_the_executor_is_opened_before_the_data_are_prepared(tmp_path: Path) -> None:
    """Workers start meanwhile; the executor knows how many runs are missing, then that none is."""
    loaded, folder, source = small(tmp_path)
    told: list[tuple[int, bool]] = []

    def open_executor(tasks: int, module: str, _: object) -> InProcess:
        importlib.import_module(module)
        told.append((tasks, (tmp_path / "data").exists()))
        return InProcess()

    for _ in range(2):
        sweep.run(loaded, folder, open_executor, source, Silent(lambda: None))
    assert told == [(2, False), (0, True)]


class Elsewhere(InProcess):
    """An executor that shares no disk."""

    shares_disk = False


def test_workers_elsewhere_are_sent_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They start in other folders; the user is told where they look."""
    monkeypatch.chdir(tmp_path)
    loaded, folder, source = small(Path())
    progress, notes = Silent(lambda: None), list[str]()
    monkeypatch.setattr(progress, "note", notes.append)
    result = sweep.run(loaded, folder, lambda *_: Elsewhere(), source, progress)
    assert len(result.collection.records) == 2
    assert notes == [f"workers look for the data at {tmp_path / 'data'}"]


def test_work_of_another_version_is_refused(tmp_path: Path) -> None:
    """The worker's dropsweep must be the one that planned the run; the error has both versions."""
    source = sweep.DataSource("synthetic", None, tmp_path, offline=True)
    with pytest.raises(
        RunsFailedError, match=rf"has dropsweep {__version__}, .* dropsweep 0\.0\.1"
    ):
        train_remotely(make_spec(), lambda *_: None, source=source, version="0.0.1")


def test_a_node_with_other_data_refuses_the_run(tmp_path: Path) -> None:
    """Nothing is trained on other images than the spec's."""
    source = sweep.DataSource("synthetic", None, tmp_path, offline=True)
    spec = make_spec(identity="sha256:other")
    with pytest.raises(DataError, match="sha256:other"):
        train_remotely(spec, lambda *_: None, source=source, version=__version__)
