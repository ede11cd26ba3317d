"""Run many specs: what is finished stays, what is missing is trained and kept at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dropsweep import config, datasets, rows, training

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from dropsweep.config import Loaded
    from dropsweep.records import Point, RunRecord, RunSpec
    from dropsweep.results import ResultsFolder


class Watcher(Protocol):
    """Who is told what happens: the terminal, or a test."""

    def note(self, sentence: str) -> None:
        """Something the user should know."""

    def downloaded(self, done: int, total: int) -> None:
        """Bytes of the data set that have come."""

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """The sweep is planned: these runs are trained now, so many were there already."""

    def point(self, spec: RunSpec, point: Point) -> None:
        """A run has measured a point of its history."""

    def finished(self, record: RunRecord) -> None:
        """A run's file is on disk."""

    def end(self) -> None:
        """Nothing more comes, whether the sweep is complete or was stopped."""


@dataclass(frozen=True)
class Data:
    """Where a sweep's images come from."""

    data_dir: Path
    """Where data sets are looked for and kept."""
    offline: bool
    """Whether a download is out of the question."""

    def prepare(self, name: str, path: str | None, watcher: Watcher) -> Path:
        """Find or fetch a data set; returns the prepared folder."""
        return datasets.prepare(
            name,
            path=None if path is None else Path(path),
            data_dir=self.data_dir,
            offline=self.offline,
            on_note=watcher.note,
            on_progress=watcher.downloaded,
        )


def run(
    loaded: Loaded, folder: ResultsFolder, executor: Executor, data: Data, watcher: Watcher
) -> list[RunRecord]:
    """Complete the sweep of a config in a results folder; returns the records of all its runs.

    Nothing is created before the config is known to fit the data and the data are there, and no
    data are fetched if no run is missing.
    """
    dataset = loaded.config.dataset
    prepared = data.prepare(dataset.name, dataset.path, watcher) if dataset.path else None
    facts = datasets.facts(dataset.name, prepared)
    specs = config.plan(loaded, facts.identity, facts.train_images, facts.test_images)

    run_ids = [spec.run_id for spec in specs]
    finished, damaged = folder.read(run_ids)
    missing = _without(specs, finished)
    if missing and prepared is None:
        prepared = data.prepare(dataset.name, None, watcher)
    folder.create()
    for run_id, reason in damaged:
        if aside := folder.set_aside(run_id):
            watcher.note(f"{run_id}: {reason}; set aside as {aside.name}")
    folder.write_config(config.dump(loaded.config, facts.identity))

    watcher.begin(missing, len(finished))
    try:
        if missing and prepared is not None:
            for record in _train(missing, executor, prepared, watcher):
                folder.publish(record)
                watcher.finished(record)
    finally:
        watcher.end()
        if missing:  # the files are the truth, whatever stopped us and whoever wrote them
            finished, _ = folder.read(run_ids)
        folder.write_csv("summary.csv", *rows.summary_rows(finished))
        folder.write_csv("history.csv", *rows.history_rows(finished))
    return finished


def _train(
    specs: Sequence[RunSpec], executor: Executor, prepared: Path, watcher: Watcher
) -> Iterator[RunRecord]:
    for spec in specs:
        yield executor.submit(training.run, spec, prepared, partial(watcher.point, spec)).result()


def _without(specs: Sequence[RunSpec], finished: Iterable[RunRecord]) -> list[RunSpec]:
    there = {record.run_id for record in finished}
    return [spec for spec in specs if spec.run_id not in there]
