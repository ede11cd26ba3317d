"""What ``dropsweep data info`` tells: which data a sweep would use, and where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from dropsweep.datasets import cache
from dropsweep.datasets.candidates import (
    choose,
    find_candidates,
    folder_for,
    official_identity,
    source_at,
)
from dropsweep.datasets.facts import KNOWN
from dropsweep.datasets.folder import FolderSource

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.candidates import Source
    from dropsweep.datasets.facts import Facts


@dataclass(frozen=True)
class Description:
    """One data set as it is on this machine."""

    where: Path
    """The folder or file; of absent data, the data directory."""
    form: Literal["prepared", "archive", "folder", "absent"]
    identity: str | None
    """None before a set other than CIFAR-10 is first prepared."""
    train_images: int | None
    """Images; None like ``identity``."""
    test_images: int | None
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
    known = KNOWN[name]
    folder = cache.prepared_folder(data_dir, known.identity)
    if cache.is_prepared(folder):
        return _of_prepared(folder)
    candidates = find_candidates(data_dir) if name == "cifar10" else []
    found = choose(candidates).source
    return _of_source(found) if found else _absent(known, data_dir)


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
    form: Literal["archive", "folder"] = "folder" if isinstance(source, FolderSource) else "archive"
    found = Description(source.path, form, None, None, None, source.sha256, _bytes_in(source.path))
    if official_identity(source) is None:
        return found  # nobody has counted its images yet
    known = KNOWN["cifar10"]
    return replace(
        found,
        identity=known.identity,
        train_images=known.train_images,
        test_images=known.test_images,
    )


def _absent(known: Facts, data_dir: Path) -> Description:
    return Description(
        data_dir, "absent", known.identity, known.train_images, known.test_images, None, bytes=0
    )


def _bytes_in(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
