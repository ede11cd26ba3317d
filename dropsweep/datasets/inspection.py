"""The data on this machine: the set a sweep would use, and whether files are still as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from dropsweep import errors
from dropsweep.datasets import cache
from dropsweep.datasets.locate import find_prepared, key_of, preparing_dir
from dropsweep.datasets.official import KNOWN
from dropsweep.datasets.sources import FolderSource, choose, find_sources, source_at

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.sources import ImageSource


@dataclass(frozen=True)
class Description:
    """One data set as it is on this machine."""

    where: Path
    """The folder or file; for absent data, the data directory."""
    form: Literal["prepared", "archive", "folder", "absent"]
    identity: str | None
    """None before a set other than CIFAR-10 is first prepared."""
    train_images: int | None
    """Images; None like ``identity``."""
    test_images: int | None
    """Images; None like ``identity``."""
    sha256: str | None
    """Hash of the archive or folder the data come from; None for generated or absent data."""
    bytes: int
    """On disk."""


def describe(name: str, *, path: Path | None, data_dir: Path) -> Description:
    """The data that `prepare` would use; nothing is written or downloaded."""
    source: ImageSource | None = None
    if path is not None:
        source = source_at(path)
        folder = find_prepared(key_of(source), data_dir)
    else:
        folder = find_prepared(KNOWN[name].identity, data_dir)
    if cache.is_prepared(folder):
        info = cache.read_info(folder)
        size = _bytes_in(folder)
        return Description(
            folder, "prepared", info.identity, info.train, info.test, info.source_sha256, size
        )
    if source is None and name == "cifar10":
        source = choose(find_sources(data_dir), on_note=lambda _note: None)
    if source is None:
        known = KNOWN[name]
        images = known.train_images, known.test_images
        return Description(data_dir, "absent", known.identity, *images, None, bytes=0)
    return _of_source(source)


def _of_source(source: ImageSource) -> Description:
    form: Literal["archive", "folder"] = "folder" if isinstance(source, FolderSource) else "archive"
    found = Description(source.path, form, None, None, None, source.sha256, _bytes_in(source.path))
    if source.difference is not None:
        return found  # nobody has counted its images yet
    known = KNOWN["cifar10"]
    return replace(
        found,
        identity=known.identity,
        train_images=known.train_images,
        test_images=known.test_images,
    )


def _bytes_in(path: Path) -> int:
    try:
        files = path.iterdir() if path.is_dir() else [path]
        return sum(file.stat().st_size for file in files)
    except OSError as cause:
        raise errors.data_unreadable(path, cause) from cause


@dataclass(frozen=True)
class Verified:
    """One set, archive or folder that was hashed again."""

    what: Path
    ok: bool
    detail: str
    """The finding in words."""
    remedy: str = ""
    """The next step if it is not what it was."""


def verify(*, path: Path | None, data_dir: Path) -> list[Verified]:
    """Check all prepared sets, official archives and folders, and ``path`` if given."""
    places = dict.fromkeys([data_dir, preparing_dir(data_dir)])
    prepared = [folder for place in places for folder in cache.prepared_folders(place)]
    found = [_verify_prepared(folder) for folder in prepared]
    found += [_verify_official(source) for source in find_sources(data_dir)]
    if path is not None:
        found.append(_verify_given(source_at(path)))
    return found


def _verify_prepared(folder: Path) -> Verified:
    try:
        if not cache.is_prepared(folder):
            detail = "it is damaged: files are missing, cut or of another size"
            return Verified(folder, False, detail, errors.DELETE_PREPARED)
        expected = cache.read_info(folder).content_sha256
        found = cache.content_sha256(folder)
        sums_are_right = cache.has_right_sums(folder)
    except errors.DataError as error:
        return Verified(folder, False, error.what, errors.MAKE_READABLE)
    if found != expected:
        detail = f"SHA-256 {found}, prepared with {expected}"
        return Verified(folder, False, detail, errors.DELETE_PREPARED)
    if not sums_are_right:
        detail = f"{cache.SUMS} does not hold the sums of the training images"
        return Verified(folder, False, detail, errors.DELETE_PREPARED)
    return Verified(folder, True, "as it was prepared")


def _verify_official(source: ImageSource) -> Verified:
    try:
        difference = source.difference
    except errors.DataError as error:
        return Verified(source.path, False, error.what, errors.MAKE_READABLE)
    if difference is not None:
        return Verified(source.path, False, str(difference), errors.DELETE_OFFICIAL)
    return Verified(source.path, True, "as published")


def _verify_given(source: ImageSource) -> Verified:
    """A set of the user's own has no published hash: it is only read to its end."""
    try:
        if source.difference is None:
            return Verified(source.path, True, "as published")
        batches = source.read()
    except errors.DataError as error:
        return Verified(source.path, False, error.what, error.remedy.rstrip("."))
    if all(batch.published for batch in batches):
        return Verified(source.path, True, "every batch as published, in another archive")
    return Verified(source.path, True, "intact, but not the full CIFAR-10")
