"""From a data set's name to the folder where it is prepared, by a download if necessary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors
from dropsweep.datasets import arrays, cache, official, synthetic
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.datasets.cache import find_prepared
from dropsweep.datasets.download import Progress, SpeedFloor, fetch
from dropsweep.datasets.folders import preparing_dir
from dropsweep.datasets.sources import choose, find_sources, is_url, source_at
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.sources import ImageSource

Note: TypeAlias = Callable[[str], None]
"""Called with a sentence that the user should read."""


def key_of(source: ImageSource) -> str:
    """The name of a source's prepared folder: all forms of the official set share one."""
    return CIFAR10_IDENTITY if source.difference is None else f"sha256-{source.sha256}"


def prepare(
    name: str,
    *,
    path: Path | None,
    data_dir: Path,
    offline: bool,
    on_note: Note,
    on_progress: Progress,
) -> Path:
    """Prepare a data set unless it is prepared; the folder that `open_prepared` takes.

    ``path`` is an archive or folder to use in place of the official ones, or the file of arrays. A
    `DataError` if the data cannot be found or downloaded, or fail verification.
    """
    if name == "synthetic":
        return _prepare_synthetic(data_dir)
    if path is not None and name == "arrays":
        if is_url(path):
            raise errors.data_path_is_url(path)
        return arrays.prepare(path, data_dir)
    if path is not None:
        return _prepare_path(path, data_dir, on_note)
    return _prepare_cifar10(data_dir, offline, on_note, on_progress)


def _prepare_synthetic(data_dir: Path) -> Path:
    folder = find_prepared(SYNTHETIC_IDENTITY, data_dir)
    if not cache.is_prepared(folder):
        train, test = synthetic.generate()
        cache.publish(
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
    folder = find_prepared(key_of(source), data_dir)
    if not cache.is_prepared(folder):
        _publish_source(folder, source)
    info = cache.read_info(folder)
    if info.identity != CIFAR10_IDENTITY:
        counts = f"{info.train} training, {info.test} test images"
        on_note(f"{path} is not the full CIFAR-10: {counts}")
    return folder


def _prepare_cifar10(data_dir: Path, offline: bool, on_note: Note, on_progress: Progress) -> Path:
    folder = find_prepared(CIFAR10_IDENTITY, data_dir)
    if cache.is_prepared(folder):
        return folder
    source = choose(find_sources(data_dir), on_note)
    if source is None:
        archive = official.PYTHON_ARCHIVE
        if offline:
            raise errors.offline_without_data(data_dir, archive.name)
        place = preparing_dir(data_dir)
        source = ArchiveSource(
            fetch(archive, place, speed_floor=SpeedFloor(), on_progress=on_progress)
        )
    _publish_source(folder, source)
    if not folder.is_relative_to(data_dir):
        on_note(f"{data_dir} cannot be written: the images are prepared in {folder}")
    return folder


def _publish_source(folder: Path, source: ImageSource) -> None:
    *train, test = batches = source.read()
    cache.publish(
        folder,
        train,
        [test],
        # an archive packed again has another SHA-256, and the same images
        identity=CIFAR10_IDENTITY if all(batch.published for batch in batches) else None,
        source=source.path.name,
        source_sha256=source.sha256,
    )
