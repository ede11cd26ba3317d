"""An archive of CIFAR-10's batches, read as one stream and never extracted.

The stream is read to its end, so that gzip's own checksum is checked too.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.batches import MAX_BYTES, parse
from dropsweep.files import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch

MAX_UNPACKED = 512 << 20
"""Most bytes of a whole archive: over twice those of an official one."""

_BATCHES = {name for layout in official.LAYOUTS for name in layout.digests}
_BROKEN = (EOFError, ValueError, RecursionError, zlib.error, gzip.BadGzipFile, tarfile.TarError)

_READS_BEYOND = 100
"""Empty reads at the end: many more than tarfile makes, unless a member claims exabytes."""

_GZIP = b"\x1f\x8b"
_TAR = b"ustar"  # at byte 257
_OTHER_FILES = {
    b"PK": "a zip archive",
    b"\xfd7zXZ": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x80": "a pickle, perhaps a single batch",
    b"\x93NUMPY": "a NumPy array",
    b"\x89HDF": "an HDF5 file",
    b"<": "a web page",
}
"""First bytes of files that are given in place of an archive."""


@dataclass(frozen=True)
class ArchiveSource:
    """A tar archive, gzipped or plain, with the batches of either version."""

    path: Path

    @cached_property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        try:
            return sha256_of_file(self.path)
        except OSError as cause:
            raise errors.data_unreadable(self.path, cause) from cause

    @cached_property
    def difference(self) -> errors.WrongFile | None:
        """None if this is one of the official archives."""
        published = [archive.sha256 for archive in official.ARCHIVES]
        if self.sha256 in published:
            return None
        return errors.WrongFile(self.path, f"SHA-256 {self.sha256}", " or ".join(published))

    def missing(self) -> list[str]:
        """Nothing is known to be missing before the archive is read."""
        return []

    def read(self) -> list[Batch]:
        """The six batches, the test batch last."""
        contents, others = _read_members(self.path)
        layout = _layout_of(self.path, contents, others)
        return [
            parse(layout, name, contents.pop(name), f"{self.path}: {name}")
            for name in layout.digests
        ]


def _layout_of(path: Path, contents: dict[str, bytes], others: list[str]) -> official.Layout:
    if not contents:
        raise errors.data_batches_absent(path, others)

    def missing(layout: official.Layout) -> list[str]:
        return [name for name in layout.digests if name not in contents]

    layout = min(official.LAYOUTS, key=lambda candidate: len(missing(candidate)))
    if missing(layout):
        raise errors.data_members_missing(path, missing(layout))
    return layout


def _read_members(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of all batches by the last part of their name, and some names of the others.

    Archives of users have other folders than the official ones, or none, or ``./`` in front.
    """
    contents: dict[str, bytes] = {}
    others: list[str] = []
    try:
        with path.open("rb") as file:
            stream = _Limited(path, _unpacked(path, file))
            with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 20) as tar:  # type: ignore[call-overload]
                for name, raw in _batches_in(tar, path, others):
                    if name in contents:
                        raise errors.archive_broken(path, f"{name} is in it twice")
                    contents[name] = raw
            while stream.read(1 << 20):
                pass
    except _BROKEN as cause:
        raise errors.archive_broken(path, cause or type(cause).__name__) from cause
    except OSError as cause:
        raise errors.data_unreadable(path, cause) from cause
    return contents, others


def _unpacked(path: Path, file: IO[bytes]) -> IO[bytes]:
    """The tar stream of a file, or an error that says what the file is instead."""
    head = file.read(512)
    file.seek(0)
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]  # it reads like one
    if head[257:].startswith(_TAR):
        return file
    if not head:
        raise errors.archive_broken(path, "it is empty")
    kinds = [kind for start, kind in _OTHER_FILES.items() if head.lstrip().startswith(start)]
    raise errors.file_not_an_archive(path, kinds[0] if kinds else "a file of an unknown kind")


def _batches_in(tar: tarfile.TarFile, path: Path, others: list[str]) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        if _points_out(member.name):
            raise errors.archive_unsafe(path, member.name)
        name = PurePosixPath(member.name).name
        if name not in _BATCHES:
            if member.isfile() and len(others) < 3:
                others.append(member.name)
            continue
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise errors.archive_unsafe(path, member.name)
        if member.size > MAX_BYTES:
            raise errors.data_too_large(path / member.name, MAX_BYTES)
        file = tar.extractfile(member)
        if file is not None:  # always, for a regular member
            yield name, file.read()


def _points_out(name: str) -> bool:
    pure = PurePosixPath(name.replace("\\", "/"))
    return pure.is_absolute() or ".." in pure.parts


class _Limited:
    """A stream that refuses to unpack more than an archive of CIFAR-10's size can hold.

    Nor is it read beyond its end for ever, as tarfile would in search of a member's claimed end.
    """

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path = path
        self._stream = stream
        self._unpacked = self._reads_beyond = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._unpacked += len(data)
        if self._unpacked > MAX_UNPACKED:
            raise errors.data_too_large(self._path, MAX_UNPACKED)
        self._reads_beyond += not data
        if self._reads_beyond > _READS_BEYOND:
            raise EOFError("it ends inside a member")
        return data
