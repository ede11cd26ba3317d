"""What ``dropsweep data info`` tells: which data a sweep would use, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dropsweep.datasets import cache, official, synthetic
from dropsweep.datasets.candidates import (
    choose,
    find_candidates,
    folder_for,
    official_identity,
    source_at,
)
from dropsweep.datasets.folder import FolderSource
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.candidates import Source

_SIZES = {
    CIFAR10_IDENTITY: (official.TRAIN_SIZE, official.TEST_SIZE),
    SYNTHETIC_IDENTITY: (synthetic.TRAIN_SIZE, synthetic.TEST_SIZE),
}


@dataclass(frozen=True)
class Description:
    """One data set as it is on this machine."""

    where: Path
    """The folder or file; of absent data, the data directory."""
    form: Literal["prepared", "archive", "folder", "absent"]
    identity: str | None
    """None before a set other than CIFAR-10 is first prepared."""
    train: int | None
    """Images; None like ``identity``."""
    test: int | None
    """Images; None like ``identity``."""
    sha256: str | None
    """Of the archive or folder the data come from; None for generated or absent data."""
    bytes: int
    """On disk."""


def describe(name: str, *, path: Path | None, data_dir: Path) -> Description:
    """What `prepare` would use; nothing is written or downloaded."""
    if path is not None:
        source = source_at(path)
        folder = folder_for(source, data_dir)
        return _of_prepared(folder) if cache.is_prepared(folder) else _of_source(source)
    identity = SYNTHETIC_IDENTITY if name == "synthetic" else CIFAR10_IDENTITY
    folder = cache.prepared_folder(data_dir, identity)
    if cache.is_prepared(folder):
        return _of_prepared(folder)
    candidates = find_candidates(data_dir) if name == "cifar10" else []
    found = choose(candidates).source
    return _of_source(found) if found else _absent(identity, data_dir)


def _of_prepared(folder: Path) -> Description:
    info = cache.read_info(folder)
    return Description(
        folder,
        "prepared",
        info.identity,
        info.train,
        info.test,
        info.source_sha256,
        _bytes_in(folder),
    )


def _of_source(source: Source) -> Description:
    identity = official_identity(source)
    train, test = _SIZES[identity] if identity else (None, None)
    form: Literal["archive", "folder"] = "folder" if isinstance(source, FolderSource) else "archive"
    return Description(
        source.path, form, identity, train, test, source.sha256, _bytes_in(source.path)
    )


def _absent(identity: str, data_dir: Path) -> Description:
    return Description(data_dir, "absent", identity, *_SIZES[identity], sha256=None, bytes=0)


def _bytes_in(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
