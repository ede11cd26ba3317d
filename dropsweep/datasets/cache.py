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
from dropsweep.datasets.dataset import Bytes, Dataset, Sums, Values, pixel_sums
from dropsweep.datasets.scratch import scratch_folder
from dropsweep.records import ANY_ORDER, CIFAR10_CONTENT, Content, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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

    @property
    def label_dtype(self) -> str:
        """Of the labels."""
        return label_dtype(self.content.classes)


def label_dtype(classes: int) -> str:
    """The smallest that holds so many classes."""
    return "uint8" if classes <= 256 else "uint16"


def prepared_folder(data_dir: Path, key: str) -> Path:
    """The folder of the set with this key, whether it is there or not."""
    return data_dir / "dropsweep-cache" / key


def prepared_folders(data_dir: Path) -> list[Path]:
    """All prepared sets of a data directory."""
    cache = data_dir / "dropsweep-cache"
    try:
        return sorted(path for path in cache.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as cause:
        raise errors.prepared_unreadable(cache, cause) from cause


def open_prepared(folder: Path) -> Dataset:
    """The prepared data set, memory-mapped and read-only.

    Raises
    ------
    DataError
        If a file is missing, cut or of another size than it was written with.
    """
    info, arrays, sums = _open_or_explain(folder)
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset(
        info.identity,
        train_images,
        train_labels,
        test_images,
        test_labels,
        info.source_sha256,
        sums,
        info.own,
    )


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


def content_sha256(folder: Path) -> str:
    """Hash of the four arrays as they are on disk now, to compare with `Info.content_sha256`."""
    digest = hashlib.sha256()
    for array in _open_or_explain(folder)[1]:
        digest.update(array.data)
    return digest.hexdigest()


def has_right_sums(folder: Path) -> bool:
    """True unless sums are stored that are not those of the training images."""
    _, (train_images, *_), sums = _open_or_explain(folder)
    return sums is None or np.array_equal(sums, pixel_sums(train_images))


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
    inputs, images, labels = info.content.inputs, info.dtype, info.label_dtype
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
        content = _write_arrays(finished, train, test)
        _write_sums(finished / SUMS, train)
        info = Info(
            identity=identity or f"sha256:{content}",
            train=_count(train),
            test=_count(test),
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


def _write_arrays(folder: Path, train: Sequence[Batch], test: Sequence[Batch]) -> str:
    """Write the four arrays block by block; the hash of their contents."""
    contents = [
        [batch.images for batch in train],
        [batch.labels for batch in train],
        [batch.images for batch in test],
        [batch.labels for batch in test],
    ]
    digest = hashlib.sha256()
    for name, blocks in zip(ARRAYS, contents, strict=True):
        with (folder / f"{name}.npy").open("xb") as file:
            _write_array(file, blocks, digest)
            sync(file)
    return digest.hexdigest()


def _write_array(file: BinaryIO, blocks: Sequence[Bytes], digest: hashlib._Hash) -> None:
    """Write blocks as one ``.npy`` without joining them in memory."""
    shape = (sum(map(len, blocks)), *blocks[0].shape[1:])
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    for block in blocks:
        whole = np.ascontiguousarray(block).data
        digest.update(whole)
        file.write(whole)


def _write_sums(path: Path, train: Sequence[Batch]) -> None:
    with path.open("xb") as file:
        np.save(file, sum(pixel_sums(batch.images) for batch in train), allow_pickle=False)
        sync(file)


def write_info(folder: Path, info: Info) -> None:
    """Write ``info.json``."""
    with (folder / "info.json").open("xb") as file:
        file.write(json.dumps(asdict(info), indent=1).encode())
        sync(file)


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


def _count(batches: Sequence[Batch]) -> int:
    return sum(len(batch.labels) for batch in batches)


def sync(file: BinaryIO) -> None:
    """Wait until what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())
