"""An extracted CIFAR-10: a folder with the six batch files of either version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.batches import MAX_BYTES, parse

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch


@dataclass(frozen=True)
class FolderSource:
    """A folder in the layout of one version."""

    path: Path
    """The folder that holds the files themselves."""
    layout: official.Layout

    @cached_property
    def sha256(self) -> str:
        """Over the names and SHA-256 of the six files."""
        digest = hashlib.sha256()
        for file in self._files():
            digest.update(f"{file.name} {_hash(file, 'sha256')}\n".encode())
        return digest.hexdigest()

    @cached_property
    def difference(self) -> errors.Difference | None:
        """None if all six files are the official ones, else the first that is not."""
        for name, published in self.layout.digests.items():
            file = self.path / name
            label = self.layout.hash_name.upper()
            found = f"{label} {_hash(file, self.layout.hash_name)}" if file.exists() else "missing"
            if found != f"{label} {published}":
                return errors.Difference(file, found, published)
        return None

    def missing(self) -> list[str]:
        """Names of the batch files that are not there."""
        return [name for name in self.layout.digests if not (self.path / name).exists()]

    def read(self) -> list[Batch]:
        """The six batches, the test batch last."""
        return [parse(self.layout, file.name, _bytes(file), str(file)) for file in self._files()]

    def _files(self) -> list[Path]:
        if missing := self.missing():
            raise errors.data_members_missing(self.path, missing)
        return [self.path / name for name in self.layout.digests]


def find_folder(path: Path) -> FolderSource:
    """The most complete version in ``path`` itself or in the folder of its name below."""
    possible = [
        FolderSource(folder, layout)
        for layout in official.LAYOUTS
        for folder in (path, path / layout.folder)
    ]
    return min(possible, key=lambda source: len(source.missing()))


def _hash(file: Path, name: str) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, name).hexdigest()
    except OSError as cause:
        raise errors.data_unreadable(file, cause) from cause


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise errors.data_too_large(file, MAX_BYTES)
        return file.read_bytes()
    except OSError as cause:
        raise errors.data_unreadable(file, cause) from cause
