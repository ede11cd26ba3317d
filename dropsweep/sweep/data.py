"""The source of a sweep's images, here or at the node that works on a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dropsweep import datasets

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.config import Loaded


@dataclass(frozen=True)
class DataSource:
    """A data set, and how it may be had."""

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
