"""The prepared form of a data set: four arrays on disk that all processes map and share.

A prepared set is the folder ``<data dir>/dropsweep-cache/<key>/`` with four ``.npy`` files (of
bytes, or a user's own floats), ``info.json`` and the sums of the training images, which floats and
sets of an older version lack. It appears whole, by one rename, and is never changed after.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from dropsweep import errors
from dropsweep.datasets.dataset import Dataset, Sums, Values, pixel_sums
from dropsweep.datasets.folders import prepared_folder, preparing_dir, scratch_folder
from dropsweep.records import ANY_ORDER, CIFAR10_CONTENT, Content, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch

LAYOUT = 1
"""Version of the folder's layout."""

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")
"""File names without ``.npy``, in the order in which their bytes are hashed."""

SUMS = "train_sums.npy"
"""File name of `pixel_sums` of the training images."""

_DAMAGE = (ValueError, KeyError, TypeError, EOFError, FileNotFoundError, NotADirectoryError)

_OCCUPIED = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)


@dataclass(frozen=True)
class Info:
    """The content of ``info.json``."""

    identity: str
    train: int
    """Number of training images."""
    test: int
    """Number of test images."""
    source: str
    """Name of the archive or folder it was read from, or ``generated``."""
    source_sha256: str | None
    content_sha256: str
    """Over the bytes of the four arrays, in the order of `ARRAYS`."""
    layout: int = LAYOUT
    own: bool = False
    """Arrays of the user's, of which the rest is about."""
    dtype: str = "uint8"
    """Of the images."""
    content: Content = CIFAR10_CONTENT
    rows: Rows = ANY_ORDER

    @classmethod
    def of_json(cls, raw: bytes) -> Info:
        """The content of the file."""
        info = json.loads(raw)
        if "content" in info:
            shape = tuple(info["content"]["shape"])
            info["content"] = Content(**(info["content"] | {"shape": shape}))
            info["rows"] = Rows(**info["rows"])
        return cls(**info)


def label_dtype(classes: int) -> str:
    """The smallest that holds so many classes."""
    return "uint8" if classes <= 256 else "uint16"


def find_prepared(key: str, data_dir: Path) -> Path:
    """The folder in which a set is prepared, or else is to be prepared."""
    folder = prepared_folder(data_dir, key)
    if is_prepared(folder):
        return folder
    return prepared_folder(preparing_dir(data_dir), key)


def open_prepared(folder: Path) -> Dataset:
    """The prepared data set, memory-mapped and read-only; a `DataError` if it is damaged."""
    info, arrays, sums = _open_or_explain(folder)
    x, y, x_test, y_test = arrays
    return Dataset(info.identity, x, y, x_test, y_test, info.source_sha256, sums, info.own)


def read_info(folder: Path) -> Info:
    """The content of ``info.json`` of a prepared set."""
    return _open_or_explain(folder)[0]


def is_prepared(folder: Path) -> bool:
    """True if a set of the right sizes stands there; contents are not hashed."""
    try:
        _open(folder)
    except _DAMAGE:
        return False
    except OSError as cause:
        raise errors.prepared_unreadable(folder, cause) from cause
    return True


def find_change(folder: Path) -> str:
    """The first difference of a prepared set from what was prepared; empty if there is none."""
    info, arrays, sums = _open_or_explain(folder)
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(array.data)
    if (found := digest.hexdigest()) != info.content_sha256:
        return f"SHA-256 {found}, prepared with {info.content_sha256}"
    if sums is not None and not np.array_equal(sums, pixel_sums(arrays[0])):
        return f"{SUMS} does not hold the sums of the training images"
    return ""


def _open_or_explain(folder: Path) -> tuple[Info, list[Values], Sums | None]:
    try:
        return _open(folder)
    except _DAMAGE as cause:
        raise errors.prepared_damaged(folder, cause) from cause
    except OSError as cause:
        raise errors.prepared_unreadable(folder, cause) from cause


def _open(folder: Path) -> tuple[Info, list[Values], Sums | None]:
    info = Info.of_json((folder / "info.json").read_bytes())
    if info.layout != LAYOUT:
        raise ValueError(f"layout {info.layout} is not {LAYOUT}")
    inputs, images, labels = info.content.inputs, info.dtype, label_dtype(info.content.classes)
    forms = [((info.train, inputs), images), ((info.train,), labels)]
    forms += [((info.test, inputs), images), ((info.test,), labels)]
    arrays = [
        _map(folder / f"{name}.npy", shape, dtype)
        for name, (shape, dtype) in zip(ARRAYS, forms, strict=True)
    ]
    try:
        sums = _map(folder / SUMS, (2, inputs), "int64")
    except FileNotFoundError:
        return info, arrays, None
    return info, arrays, np.array(sums)


def _map(path: Path, shape: tuple[int, ...], dtype: str) -> np.ndarray[Any, Any]:
    array: np.memmap[Any, Any] = np.load(path, mmap_mode="r")
    if array.shape != shape or array.dtype != dtype:
        raise ValueError(f"{path.name} is {array.dtype} of shape {array.shape}, not {shape}")
    if path.stat().st_size != array.offset + array.nbytes:
        raise ValueError(f"{path.name} has too many bytes")
    return array


def publish(
    folder: Path,
    train: Sequence[Batch],
    test: Sequence[Batch],
    *,
    identity: str | None,
    source: str,
    source_sha256: str | None,
) -> None:
    """Write a prepared set; where another process was quicker, its set stays.

    ``identity`` None stands for ``sha256:`` and the hash of the contents, which is the same for
    both versions of one set.
    """
    with publishing(folder) as finished:
        digest = hashlib.sha256()
        for name in ARRAYS:
            part, values = name.split("_")
            blocks = [getattr(each, values) for each in (train if part == "train" else test)]
            shape = (sum(map(len, blocks)), *blocks[0].shape[1:])
            write_array(finished / f"{name}.npy", shape, "uint8", hashed(blocks, digest))
        sums = np.array(sum(pixel_sums(batch.images) for batch in train))
        write_array(finished / SUMS, sums.shape, "int64", [sums])
        content = digest.hexdigest()
        info = Info(
            identity=identity or f"sha256:{content}",
            train=sum(len(batch.labels) for batch in train),
            test=sum(len(batch.labels) for batch in test),
            source=source,
            source_sha256=source_sha256,
            content_sha256=content,
        )
        write_info(finished, info)


@contextmanager
def publishing(folder: Path) -> Iterator[Path]:
    """A new folder to write a set in, which takes its name at the end if nothing went wrong."""
    with scratch_folder(folder) as scratch:
        finished = scratch / "finished"
        finished.mkdir()
        yield finished
        _install(finished, folder, scratch)


def hashed(blocks: Iterable[Values], digest: hashlib._Hash) -> Iterator[Values]:
    """The blocks, each in the order of its rows, once it is in the hash."""
    for block in blocks:
        whole = np.ascontiguousarray(block)
        digest.update(whole.data)
        yield whole


def write_array(path: Path, shape: tuple[int, ...], dtype: str, blocks: Iterable[Values]) -> None:
    """Write blocks as one ``.npy`` without joining them in memory."""
    descr = np.lib.format.dtype_to_descr(np.dtype(dtype))
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    with path.open("xb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(block.data)
        _sync(file)


def write_info(folder: Path, info: Info) -> None:
    """Write ``info.json``."""
    with (folder / "info.json").open("xb") as file:
        file.write(json.dumps(asdict(info), indent=1).encode())
        _sync(file)


def _install(finished: Path, folder: Path, scratch: Path) -> None:
    """Rename ``finished`` to ``folder``; a damaged set that stands there goes to ``scratch``."""
    for attempt in itertools.count():
        try:
            finished.rename(folder)
        except OSError as cause:
            if cause.errno not in _OCCUPIED:
                raise
        else:
            return
        if is_prepared(folder):
            return
        aside = scratch / f"damaged-{attempt}"
        with suppress(FileNotFoundError):  # another process has just moved it
            folder.rename(aside)
        if is_prepared(aside):  # another process was quicker: its set goes back
            finished = aside


def _sync(file: BinaryIO) -> None:
    """Wait until what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())
