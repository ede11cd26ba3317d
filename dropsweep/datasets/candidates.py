"""What lies in a data directory under the names of CIFAR-10, and which of it to use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.datasets.cache import prepared_folder
from dropsweep.datasets.folder import FolderSource, find_folder
from dropsweep.files import at_home
from dropsweep.records import CIFAR10_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch


class Source(Protocol):
    """An archive or folder on disk that can be read as a data set."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""

    @property
    def difference(self) -> errors.Difference | None:
        """None if it is what was officially published."""

    def read(self) -> list[Batch]:
        """Its six batches, the test batch last."""


@dataclass(frozen=True)
class Choice:
    """Which candidate to use, and which were passed over."""

    source: Source | None
    altered: tuple[errors.Difference, ...]
    """Of the candidates before it."""


def source_at(path: Path) -> Source:
    """What stands at a path that the user gave."""
    path = at_home(path)
    try:
        if path.is_dir():
            return find_folder(path)
        if path.exists():
            return ArchiveSource(path)
    except OSError as cause:
        raise errors.data_unreadable(path, cause) from cause
    raise errors.data_path_missing(path)


def find_candidates(data_dir: Path) -> list[Source]:
    """Folders and archives under the names that loaders leave, in the order of preference."""
    try:
        folders = [
            FolderSource(folder, layout)
            for name, layout in official.FOLDERS.items()
            if (folder := data_dir / name).is_dir()
        ]
        archives = [
            ArchiveSource(archive)
            for name in official.ARCHIVE_NAMES
            if (archive := data_dir / name).is_file()
        ]
    except OSError as cause:
        raise errors.data_unreadable(data_dir, cause) from cause
    return [*folders, *archives]


def choose(candidates: Sequence[Source]) -> Choice:
    """The first candidate that is what was published.

    Raises
    ------
    DataError
        If there are candidates and none is: a download must not hide that.
    """
    altered: list[errors.Difference] = []
    for source in candidates:
        if source.difference is None:
            return Choice(source, tuple(altered))
        altered.append(source.difference)
    if altered:
        raise errors.official_data_altered(altered)
    return Choice(None, ())


def official_identity(source: Source) -> str | None:
    """`CIFAR10_IDENTITY` if the source is what was published."""
    return CIFAR10_IDENTITY if source.difference is None else None


def folder_for(source: Source, data_dir: Path) -> Path:
    """Where a source is prepared: all forms of the official set share one folder."""
    key = official_identity(source) or f"sha256-{source.sha256}"
    return prepared_folder(data_dir, key)
