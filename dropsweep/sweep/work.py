"""The work on one spec: where it finds its data, here or on another machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import __version__, datasets, errors
from dropsweep.executors import Report
from dropsweep.records import RunSpec, Trained

if TYPE_CHECKING:
    from dropsweep.config import Loaded

Work: TypeAlias = Callable[[RunSpec, Report], Trained]

TRAINING = "dropsweep.training"
"""The module that all work imports; workers import it while this process prepares the data."""


@dataclass(frozen=True)
class DataSource:
    """A data set, and where it is found."""

    name: str
    path: Path | None
    """An archive or folder of the user's own."""
    data_dir: Path | None
    """The folder of the data sets; None for each machine's own default."""
    offline: bool
    """True if a download is out of the question."""

    @classmethod
    def of(cls, loaded: Loaded, data_dir: Path | None, offline: bool) -> DataSource:
        """The data that a config names."""
        dataset = loaded.config.dataset
        path = None if dataset.path is None else Path(dataset.path)
        return cls(dataset.name, path, data_dir, offline)

    def absolute(self) -> DataSource:
        """The same with absolute paths, for a process that starts in another folder."""
        path, data_dir = (each and each.absolute() for each in (self.path, self.data_dir))
        return replace(self, path=path, data_dir=data_dir)

    def prepare(
        self,
        on_note: Callable[[str], None] = lambda _: None,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> Path:
        """Find or fetch it on this machine; returns the prepared folder."""
        return datasets.prepare(
            self.name,
            path=self.path,
            data_dir=datasets.default_data_dir(self.data_dir),
            offline=self.offline,
            on_note=on_note,
            on_progress=on_progress,
        )


def train_remotely(spec: RunSpec, report: Report, *, source: DataSource, version: str) -> Trained:
    """Train it on another machine, which finds or downloads the data itself.

    Raises
    ------
    RunsFailedError
        If the dropsweep there is not the ``version`` that planned the run.
    DataError
        If the data are not there, or are not those of the spec.
    """
    if version != __version__:
        raise errors.version_differs(version, __version__)
    prepared = source.prepare()
    found = datasets.facts(source.name, prepared).identity
    if found != spec.dataset.identity:
        raise errors.data_differ_on_worker(str(source.path), spec.dataset.identity, found)
    from dropsweep import training

    return training.train(spec, report, data=prepared)
