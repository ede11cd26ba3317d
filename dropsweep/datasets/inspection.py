"""The data on this machine: the set a sweep would use, and whether files are still as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from dropsweep import errors
from dropsweep.datasets import arrays, cache
from dropsweep.datasets.cache import find_prepared
from dropsweep.datasets.folders import prepared_folders, preparing_dir
from dropsweep.datasets.locate import key_of
from dropsweep.datasets.official import KNOWN
from dropsweep.datasets.sources import FolderSource, choose, find_sources, source_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dropsweep.datasets.sources import ImageSource

T = TypeVar("T")


@dataclass(frozen=True)
class Description:
    """One data set as it is on this machine."""

    where: Path
    """The folder or file; for absent data, the data directory."""
    form: Literal["prepared", "archive", "folder", "file", "absent"]
    identity: str | None
    """None before a set other than CIFAR-10 is first prepared; of arrays it is always known."""
    train_images: int | None
    """Images; None like ``identity``."""
    test_images: int | None
    """Images; None like ``identity``."""
    sha256: str | None
    """Hash of the archive or folder the data come from; None for generated or absent data."""
    bytes: int
    """On disk."""


@dataclass(frozen=True)
class ArraysDescription(Description):
    """A file of the user's arrays; images are rows."""

    shape: str
    """Of a row as it is stored, pictures plane by plane: ``3 x 32 x 32``."""
    classes: int


def describe(name: str, *, path: Path | None, data_dir: Path) -> Description:
    """The data that `prepare` would use; nothing is kept or downloaded."""
    if path is not None and name == "arrays":
        where, info = arrays.examine(path, data_dir)
        form: Literal["file", "prepared"] = "file" if where == path else "prepared"
        counts, size = (info.train, info.test), _bytes_in(where)
        return ArraysDescription(
            where, form, info.identity, *counts, info.source_sha256, size,
            _shape(info), info.content.classes,
        )  # fmt: skip
    known = KNOWN[name]
    source = None if path is None else source_at(path)
    folder = find_prepared(known.identity if source is None else key_of(source), data_dir)
    if cache.is_prepared(folder):
        info, size = cache.read_info(folder), _bytes_in(folder)
        return Description(
            folder, "prepared", info.identity, info.train, info.test, info.source_sha256, size
        )
    if source is None and name == "cifar10":
        source = choose(find_sources(data_dir), on_note=lambda _note: None)
    official = known.identity, known.train_images, known.test_images
    if source is None:
        return Description(data_dir, "absent", *official, None, bytes=0)
    # nobody has counted the images of another archive than the official ones yet
    identity, train, test = official if source.difference is None else (None, None, None)
    kind: Literal["folder", "archive"] = "folder" if isinstance(source, FolderSource) else "archive"
    size = _bytes_in(source.path)
    return Description(source.path, kind, identity, train, test, source.sha256, size)


def _shape(info: cache.Info) -> str:
    return " x ".join(map(str, info.content.shape))


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
    detail: str
    """The finding in words."""
    remedy: str = ""
    """The next step if it is not what it was."""

    @property
    def ok(self) -> bool:
        """True if it is what it was."""
        return not self.remedy


Finding: TypeAlias = tuple[str, str]
"""Detail and remedy."""


def verify(*, path: Path | None, data_dir: Path) -> list[Verified]:
    """Check all prepared sets, official archives and folders, and ``path`` if given."""
    places = dict.fromkeys([data_dir, preparing_dir(data_dir)])
    prepared = [folder for place in places for folder in prepared_folders(place)]
    found = [_verified(folder, _prepared, folder) for folder in prepared]
    found += [_verified(source.path, _official, source) for source in find_sources(data_dir)]
    if path is None:
        return found
    source = None if arrays.is_arrays(path) else source_at(path)
    what = path if source is None else source.path
    try:
        detail = _arrays(path, data_dir) if source is None else _given(source)
        return [*found, Verified(what, detail)]
    except errors.DataError as error:
        remedy = error.remedy.rstrip(".")
        return [*found, Verified(what, "; ".join(map(str.strip, error.what.splitlines())), remedy)]


def _verified(what: Path, check: Callable[[T], Finding], checked: T) -> Verified:
    try:
        return Verified(what, *check(checked))
    except errors.DataError as error:
        return Verified(what, error.what, errors.MAKE_READABLE)


def _prepared(folder: Path) -> Finding:
    if not cache.is_prepared(folder):
        return "it is damaged: files are missing, cut or of another size", errors.DELETE_PREPARED
    if change := cache.find_change(folder):
        return change, errors.DELETE_PREPARED
    return "as it was prepared", ""


def _official(source: ImageSource) -> Finding:
    if source.difference is not None:
        return str(source.difference), errors.DELETE_OFFICIAL
    return "as published", ""


def _given(source: ImageSource) -> str:
    """A set of the user's own has no published hash: it is only read to its end."""
    if source.difference is None:
        return "as published"
    if all(batch.published for batch in source.read()):
        return "every batch as published, in another archive"
    return "intact, but not the full CIFAR-10"


def _arrays(path: Path, data_dir: Path) -> str:
    _, info = arrays.examine(path, data_dir)
    rows = f"{info.train:,} rows" + (f" and {info.test:,} to test" if info.test else "")
    return f"intact: {rows} of {_shape(info)} values, {info.content.classes} classes"
