"""CIFAR-10 on disk as loaders, browsers and users leave it: folders and archives, found and chosen.

One search serves a path of the user's and the data directory. It looks at the folder itself, at
folders with CIFAR-10's name below it, and one level deeper, as Keras and archive managers unpack.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.datasets.batches import MAX_BYTES, parse
from dropsweep.files import at_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch

_URL = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)


@dataclass(frozen=True)
class FolderSource:
    """A folder with the six batch files of one version."""

    path: Path
    """The folder that holds the files themselves."""
    layout: official.Layout

    @cached_property
    def sha256(self) -> str:
        """Hash over the names and SHA-256 of the six files."""
        digest = hashlib.sha256()
        for file in self._files():
            digest.update(f"{file.name} {_hash(file, 'sha256')}\n".encode())
        return digest.hexdigest()

    @cached_property
    def difference(self) -> errors.WrongFile | None:
        """None if all six files are the official ones, else the first that is not."""
        missing = self.missing()
        for name, published in self.layout.digests.items():
            file = self.path / name
            label = self.layout.hash_name.upper()
            found = "missing" if name in missing else f"{label} {_hash(file, label)}"
            if found != f"{label} {published}":
                return errors.WrongFile(file, found, published)
        return None

    def missing(self) -> list[str]:
        """Names of the batch files that are not there."""
        try:
            return [name for name in self.layout.digests if not _is_there(self.path / name)]
        except OSError as cause:
            raise errors.data_unreadable(self.path, cause) from cause

    def read(self) -> list[Batch]:
        """The six batches, the test batch last."""
        return [parse(self.layout, file.name, _bytes(file), str(file)) for file in self._files()]

    def _files(self) -> list[Path]:
        if missing := self.missing():
            raise errors.data_members_missing(self.path, missing)
        return [self.path / name for name in self.layout.digests]


ImageSource: TypeAlias = ArchiveSource | FolderSource
"""Both have ``path``, ``sha256``, ``difference``, ``missing()`` and ``read()``."""


def source_at(path: Path) -> ImageSource:
    """The archive or folder at a path that the user gave.

    Of several in a folder, the first of those that lack least.
    """
    path = at_home(path)
    if is_url(path):
        raise errors.data_path_is_url(path)
    try:
        is_folder = (path.stat().st_mode & 0o170000) == 0o040000
    except (FileNotFoundError, NotADirectoryError):
        raise errors.data_path_missing(path) from None
    except (OSError, ValueError) as cause:
        raise errors.data_unreadable(path, cause) from cause
    if not is_folder:
        if not path.is_file():
            raise errors.data_path_not_a_file(path)
        return ArchiveSource(path)
    found = find_sources(path)
    if not found:
        raise errors.data_batches_absent(path, [entry.name for entry in _entries(path)[:3]])
    return min(found, key=lambda source: len(source.missing()))


def is_url(path: Path) -> bool:
    """True if a path is an address, and no file of that name is there."""
    return bool(_URL.match(str(path))) and not os.path.lexists(path)


def find_sources(folder: Path) -> list[ImageSource]:
    """Folders with batches in ``folder`` or below, then archives, in the order of preference."""
    folders: list[ImageSource] = []
    for place in _places(folder):
        try:
            names = {file.name for file in place.iterdir()}
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:  # reading it as a source will say why
            folders.append(FolderSource(place, official.PYTHON))
            continue
        folders += [
            FolderSource(place, layout)
            for layout in official.LAYOUTS
            if names.intersection(layout.digests)
        ]
    usual = [archive.name for archive in official.ARCHIVES]
    archives = [path for path in _entries(folder) if _is_archive(path)]
    archives.sort(key=lambda path: (path.name not in usual, path.name))
    return [*folders, *map(ArchiveSource, archives)]


def choose(candidates: Iterable[ImageSource], on_note: Callable[[str], None]) -> ImageSource | None:
    """The first candidate that is what was published; None if there are no candidates.

    Those before it are named in a note. A `DataError` if there are candidates and none is: a
    download must not hide that.
    """
    wrong: list[errors.WrongFile] = []
    unreadable: list[errors.DataError] = []
    for source in candidates:
        try:
            difference = source.difference
        except errors.DataError as error:
            unreadable.append(error)
            continue
        if difference is None:
            for file in wrong:
                on_note(f"not used, because it is not what was published: {file}")
            for problem in unreadable:
                on_note(f"not used: {problem.what}")
            return source
        wrong.append(difference)
    if unreadable:
        raise unreadable[0]
    if wrong:
        raise errors.official_data_altered(wrong)
    return None


def _places(folder: Path) -> list[Path]:
    """The folder, those with CIFAR-10's name in it, and the folders in these."""
    named = [path for path in _folders_in(folder) if official.FOLDER_NAME.fullmatch(path.name)]
    below = [inner for path in named for inner in _folders_in(path, must_be_readable=False)]
    return [folder, *named, *below]


def _folders_in(folder: Path, *, must_be_readable: bool = True) -> list[Path]:
    try:
        return [path for path in _entries(folder) if os.path.isdir(path)]  # noqa: PTH112 - see _is_archive
    except errors.DataError:
        if must_be_readable:
            raise
        return []


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as cause:
        raise errors.data_unreadable(folder, cause) from cause


def _is_archive(path: Path) -> bool:
    # os.path asks without raising; Path.is_file raises or not, as the version of Python goes
    return bool(official.ARCHIVE_NAME.fullmatch(path.name)) and os.path.isfile(path)  # noqa: PTH113


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


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
