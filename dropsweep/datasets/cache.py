"""The prepared form of a data set: four arrays on disk that all processes map and share.

A prepared set is the folder ``<data dir>/dropsweep-cache/<key>/`` with four uint8 ``.npy`` files
and ``info.json``. It appears whole, by one rename, and is never changed after.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep import errors
from dropsweep.datasets.dataset import PIXELS, Bytes, Dataset

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = 1
"""Version of the folder's layout."""

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")
"""File names without ``.npy``, in the order in which their bytes are hashed."""

_DAMAGE = (ValueError, KeyError, TypeError, EOFError, FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True)
class Info:
    """What ``info.json`` says about a prepared set."""

    identity: str
    train: int
    """Images."""
    test: int
    """Images."""
    source: str
    """Name of the archive or folder it was read from, or ``generated``."""
    source_sha256: str | None
    content_sha256: str
    """Over the bytes of the four arrays, in the order of `ARRAYS`."""
    layout: int = LAYOUT


def prepared_folder(data_dir: Path, key: str) -> Path:
    """Where the set of this key is, or would be."""
    return data_dir / "dropsweep-cache" / key


def prepared_folders(data_dir: Path) -> list[Path]:
    """All prepared sets of a data directory."""
    return sorted((data_dir / "dropsweep-cache").glob("[!.]*"))


def open_prepared(folder: Path) -> Dataset:
    """The prepared data set, memory-mapped and read-only.

    Raises
    ------
    DataError
        If a file is missing, cut or of another size than it was written with.
    """
    info, (train_images, train_labels, test_images, test_labels) = _open_or_explain(folder)
    return Dataset(
        info.identity, train_images, train_labels, test_images, test_labels, info.source_sha256
    )


def read_info(folder: Path) -> Info:
    """What a prepared set says about itself."""
    return _open_or_explain(folder)[0]


def is_prepared(folder: Path) -> bool:
    """Whether a set of the right sizes stands there; contents are not hashed."""
    try:
        _open(folder)
    except _DAMAGE:
        return False
    except OSError as cause:
        raise errors.data_unreadable(folder, cause) from cause
    return True


def content_sha256(folder: Path) -> str:
    """Hash of what is on disk now, to be compared with `Info.content_sha256`."""
    digest = hashlib.sha256()
    for array in _open_or_explain(folder)[1]:
        digest.update(array.data)
    return digest.hexdigest()


def _open_or_explain(folder: Path) -> tuple[Info, list[Bytes]]:
    try:
        return _open(folder)
    except _DAMAGE as cause:
        raise errors.prepared_damaged(folder, cause) from cause
    except OSError as cause:
        raise errors.data_unreadable(folder, cause) from cause


def _open(folder: Path) -> tuple[Info, list[Bytes]]:
    info = Info(**json.loads((folder / "info.json").read_bytes()))
    if info.layout != LAYOUT:
        raise ValueError(f"layout {info.layout} is not {LAYOUT}")
    shapes = [(info.train, PIXELS), (info.train,), (info.test, PIXELS), (info.test,)]
    files = [folder / f"{name}.npy" for name in ARRAYS]
    return info, [_map(file, shape) for file, shape in zip(files, shapes, strict=True)]


def _map(path: Path, shape: tuple[int, ...]) -> Bytes:
    array: np.memmap[Any, np.dtype[np.uint8]] = np.load(path, mmap_mode="r")
    if array.shape != shape or array.dtype != np.uint8:
        raise ValueError(f"{path.name} is {array.dtype} of shape {array.shape}, not {shape}")
    if path.stat().st_size != array.offset + array.nbytes:
        raise ValueError(f"{path.name} has too many bytes")
    return array
