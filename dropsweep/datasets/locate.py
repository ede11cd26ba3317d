"""From a data set's name to the folder where it is prepared, getting it if need be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors
from dropsweep.datasets import cache, official, synthetic
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.datasets.candidates import (
    choose,
    find_candidates,
    folder_for,
    source_at,
)
from dropsweep.datasets.download import fetch
from dropsweep.datasets.mirror import Progress, SpeedFloor
from dropsweep.datasets.publish import publish
from dropsweep.files import at_home
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from dropsweep.datasets.candidates import Source

Note: TypeAlias = Callable[[str], None]
"""Called with a sentence that the user should read."""


def default_data_dir(option: Path | None) -> Path:
    """``option``, ``DROPSWEEP_DATA_DIR``, ``./data`` if it exists, or the user's cache folder."""
    if option is not None:
        return at_home(option)
    if variable := os.environ.get("DROPSWEEP_DATA_DIR"):
        return at_home(Path(variable))
    if (local := Path("data")).is_dir():
        return local
    import pooch

    return Path(pooch.os_cache("dropsweep"))


def prepare(
    name: str,
    *,
    path: Path | None,
    data_dir: Path,
    offline: bool,
    on_note: Note,
    on_progress: Progress,
) -> Path:
    """Make sure that a data set is prepared; the folder that `open_prepared` takes.

    Parameters
    ----------
    name
        ``cifar10`` or ``synthetic``.
    path
        An archive or folder to use in place of the official ones.
    on_progress
        Told of a download's bytes.

    Raises
    ------
    DataError
        If the data cannot be had, or are not what they should be.
    """
    if name == "synthetic":
        return _prepare_synthetic(data_dir)
    if path is not None:
        return _prepare_path(path, data_dir, on_note)
    return _prepare_cifar10(data_dir, offline, on_note, on_progress)


def _prepare_synthetic(data_dir: Path) -> Path:
    folder = cache.prepared_folder(data_dir, SYNTHETIC_IDENTITY)
    if not cache.is_prepared(folder):
        train, test = synthetic.generate()
        publish(
            folder,
            [train],
            [test],
            identity=SYNTHETIC_IDENTITY,
            source="generated",
            source_sha256=None,
        )
    return folder


def _prepare_path(path: Path, data_dir: Path, on_note: Note) -> Path:
    source = source_at(path)
    folder = folder_for(source, data_dir)
    if not cache.is_prepared(folder):
        _publish_source(folder, source)
    info = cache.read_info(folder)
    if info.identity != CIFAR10_IDENTITY:
        counts = f"{info.train} training, {info.test} test images"
        on_note(f"{path} is not the full CIFAR-10: {counts}")
    return folder


def _prepare_cifar10(data_dir: Path, offline: bool, on_note: Note, on_progress: Progress) -> Path:
    folder = cache.prepared_folder(data_dir, CIFAR10_IDENTITY)
    if cache.is_prepared(folder):
        return folder
    choice = choose(find_candidates(data_dir))
    for difference in choice.altered:
        on_note(f"not used, because it is not what was published: {difference}")
    source = choice.source or _download(data_dir, offline, on_progress)
    _publish_source(folder, source)
    return folder


def _download(data_dir: Path, offline: bool, on_progress: Progress) -> Source:
    archive = official.PYTHON_ARCHIVE
    if offline:
        raise errors.offline_without_data(data_dir, archive.name)
    file = fetch(archive, data_dir, speed_floor=SpeedFloor(), on_progress=on_progress)
    return ArchiveSource(file)


def _publish_source(folder: Path, source: Source) -> None:
    *train, test = batches = source.read()
    publish(
        folder,
        train,
        [test],
        # an archive packed anew has another SHA-256, and the same images
        identity=CIFAR10_IDENTITY if all(batch.published for batch in batches) else None,
        source=source.path.name,
        source_sha256=source.sha256,
    )
