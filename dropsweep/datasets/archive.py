"""An official-layout archive, read as one stream and never extracted.

The stream is read to its end, so that gzip's own checksum is checked too.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.batches import MAX_BYTES, parse
from dropsweep.files import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch

MAX_UNPACKED = 512 << 20
"""Bytes of a whole archive: over twice what an official one has."""

_WANTED = {member for layout in official.LAYOUTS for member in layout.members}
_BROKEN = (EOFError, ValueError, RecursionError, zlib.error, gzip.BadGzipFile, tarfile.TarError)

_READS_BEYOND = 100
"""Of nothing, at the end: many more than tarfile makes, unless a member claims exabytes."""


@dataclass(frozen=True)
class ArchiveSource:
    """A gzipped tar archive in the layout of either version."""

    path: Path

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes."""
        try:
            return sha256_of_file(self.path)
        except OSError as cause:
            raise errors.data_unreadable(self.path, cause) from cause

    @cached_property
    def difference(self) -> errors.Difference | None:
        """None if this is one of the official archives."""
        published = [archive.sha256 for archive in official.ARCHIVES]
        if self.sha256 in published:
            return None
        return errors.Difference(self.path, f"SHA-256 {self.sha256}", " or ".join(published))

    def read(self) -> list[Batch]:
        """The six batches, the test batch last."""
        contents = _read_members(self.path)
        layout = _layout_of(self.path, contents)
        return [
            parse(layout, name, contents.pop(member), f"{self.path}: {member}")
            for name, member in zip(layout.digests, layout.members, strict=True)
        ]


def _layout_of(path: Path, contents: dict[str, bytes]) -> official.Layout:
    def missing(layout: official.Layout) -> list[str]:
        return [name for name in layout.members if name not in contents]

    layout = min(official.LAYOUTS, key=lambda candidate: len(missing(candidate)))
    if missing(layout):
        raise errors.data_members_missing(path, missing(layout))
    return layout


def _read_members(path: Path) -> dict[str, bytes]:
    """The bytes of all wanted members, by name."""
    contents: dict[str, bytes] = {}
    try:
        with _Limited(path) as stream:
            with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 20) as tar:
                for name, raw in _wanted_members(tar, path):
                    if name in contents:
                        raise errors.archive_broken(path, f"{name} is in it twice")
                    contents[name] = raw
            while stream.read(1 << 20):
                pass
    except _BROKEN as cause:
        raise errors.archive_broken(path, cause or type(cause).__name__) from cause
    except OSError as cause:
        raise errors.data_unreadable(path, cause) from cause
    return contents


def _wanted_members(tar: tarfile.TarFile, path: Path) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        if _points_out(member.name):
            raise errors.archive_unsafe(path, member.name)
        if member.name not in _WANTED:
            continue
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise errors.archive_unsafe(path, member.name)
        if member.size > MAX_BYTES:
            raise errors.data_too_large(path / member.name, MAX_BYTES)
        file = tar.extractfile(member)
        if file is not None:  # always, for a regular member
            yield member.name, file.read()


def _points_out(name: str) -> bool:
    pure = PurePosixPath(name.replace("\\", "/"))
    return pure.is_absolute() or ".." in pure.parts


class _Limited(gzip.GzipFile):
    """A stream that refuses to unpack more than an archive of CIFAR-10's size can hold.

    Nor is it read beyond its end for ever, as tarfile would in search of a member's claimed end.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path
        self._unpacked = self._reads_beyond = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._unpacked += len(data)
        if self._unpacked > MAX_UNPACKED:
            raise errors.data_too_large(self._path, MAX_UNPACKED)
        self._reads_beyond += not data
        if self._reads_beyond > _READS_BEYOND:
            raise EOFError("it ends inside a member")
        return data
