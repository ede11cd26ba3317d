"""The user's own arrays: checked row by row, and prepared block by block."""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep import errors
from dropsweep.datasets import cache
from dropsweep.datasets.dataset import pixel_sums
from dropsweep.datasets.folders import scratch_folder
from dropsweep.datasets.npz import open_arrays
from dropsweep.errors import about_arrays as about
from dropsweep.files import at_home, sha256_of_file
from dropsweep.records import Content, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dropsweep.datasets.dataset import Values
    from dropsweep.datasets.npz import Arrays

MOST_CLASSES = 1 << 16


def prepare(path: Path, data_dir: Path) -> Path:
    """Prepare the file's arrays unless they are; the folder that `open_prepared` takes.

    A `DataError` if the file is missing or damaged, or with every mistake in its arrays.
    """
    path = at_home(path)
    return _prepare(path, _sha256(path), data_dir)


def is_arrays(path: Path) -> bool:
    """True for a file with the name of one of arrays; CIFAR-10 comes in no such file."""
    return path.suffix.lower() == ".npz" and os.path.isfile(path)  # noqa: PTH113 - it never raises


def examine(path: Path, data_dir: Path) -> tuple[Path, cache.Info]:
    """The prepared folder, or the file itself; and what `prepare` would find, its errors too."""
    sha256 = _sha256(path)
    folder = _folder(sha256, data_dir)
    if cache.is_prepared(folder):
        return folder, cache.read_info(folder)

    def drop(_file: str, _shape: tuple[int, ...], _dtype: str, blocks: Iterable[Values]) -> None:
        deque(blocks, maxlen=0)

    with open_arrays(path) as arrays, TemporaryDirectory() as scratch:
        return path, _read(arrays, sha256, Path(scratch), drop)


def keep_arrays(given: Mapping[str, Any], data_dir: Path) -> Path:
    """A file of arrays that are in memory, named by their hash, so that it is written once.

    They are prepared as well, so that mistakes are told, in a `DataError`, before there is a file.
    They have the names of `npz.KEYS`; None leaves one out.
    """
    arrays: dict[str, Any] = {}
    mistakes = []
    for key, array in given.items():
        try:
            arrays |= {} if array is None else {key: _plain(array)}
        except ValueError:
            mistakes.append(about("ragged", key=key))
    mistakes += [about("objects", key=key) for key, each in arrays.items() if each.dtype.hasobject]
    if missing := [key for key in ("x", "y") if given.get(key) is None]:
        mistakes.append(about("not_given", missing=" and ".join(missing)))
    if mistakes:
        raise errors.arrays_mistakes(None, mistakes)
    folder = data_dir / "arrays"
    with scratch_folder(folder / "arrays.npz") as scratch:
        written = scratch / "arrays.npz"
        np.savez(written, **arrays)
        sha256 = sha256_of_file(written)
        target = folder / f"arrays-{sha256[:12]}.npz"
        if not target.exists():
            written = written.replace(scratch / target.name)
            _prepare(written, sha256, data_dir, given=True)
            written.replace(target)
    return target


def _plain(array: Any) -> Values:
    """An array of numbers or text; pandas holds text as objects."""
    plain = np.asarray(array)
    if plain.dtype.hasobject and all(isinstance(each, str) for each in plain.flat):
        plain = plain.astype(str)
    return plain


def _sha256(path: Path) -> str:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise errors.arrays_broken(path, "it is a folder")
        if not stat.S_ISREG(kind):
            raise errors.data_path_not_a_file(path)
        return sha256_of_file(path)
    except (FileNotFoundError, NotADirectoryError):
        raise errors.data_path_missing(path) from None
    except (OSError, ValueError) as cause:
        raise errors.data_unreadable(path, cause) from cause


def _folder(sha256: str, data_dir: Path) -> Path:
    return cache.find_prepared(f"arrays-{sha256}", data_dir)


def _prepare(path: Path, sha256: str, data_dir: Path, *, given: bool = False) -> Path:
    folder = _folder(sha256, data_dir)
    if cache.is_prepared(folder):
        return folder
    with open_arrays(path, given=given) as arrays, cache.publishing(folder) as finished:

        def write(file: str, shape: tuple[int, ...], dtype: str, blocks: Iterable[Values]) -> None:
            cache.write_array(finished / file, shape, dtype, blocks)

        cache.write_info(finished, _read(arrays, sha256, finished.parent, write))
    return folder


def _read(
    arrays: Arrays,
    sha256: str,
    scratch: Path,
    store: Callable[[str, tuple[int, ...], str, Iterable[Values]], None],
) -> cache.Info:
    """Read and check all rows, and hand them to ``store``: file name, shape, dtype and blocks."""
    digest, dtype, counts = hashlib.sha256(), arrays.image_dtype, {}
    labels, sums = _Labels.of(arrays, scratch), _Sums(dtype)
    label_dtype = cache.label_dtype(len(labels.classes))
    for name, x, y in (("train", "x", "y"), ("test", "x_test", "y_test")):
        counts[name] = rows = arrays.members[x].shape[0] if x in arrays.members else 0
        images = _images(arrays, x, scratch, sums)
        shape = (rows, math.prod(arrays.shape))
        store(f"{name}_images.npy", shape, dtype, cache.hashed(images, digest))
        codes = _codes(arrays, y, scratch, labels.classes, label_dtype)
        store(f"{name}_labels.npy", (rows,), label_dtype, cache.hashed(codes, digest))
    if sums.constant:
        arrays.note("all_equal")
    arrays.raise_mistakes()
    if dtype == "uint8":
        store(cache.SUMS, sums.total.shape, "int64", [sums.total])
    content = digest.hexdigest()
    form = f"{dtype} {arrays.shape} {counts} {content}"
    return cache.Info(
        identity=f"arrays:{hashlib.sha256(form.encode()).hexdigest()}",
        train=counts["train"],
        test=counts["test"],
        source=arrays.path.name,
        source_sha256=sha256,
        content_sha256=content,
        own=True,
        dtype=dtype,
        content=Content(arrays.shape, len(labels.classes), labels.chance),
        rows=labels.rows,
    )


class _Sums:
    """Sums over the training images."""

    def __init__(self, dtype: str) -> None:
        self._bytes = dtype == "uint8"
        self._first: Any = None
        self.constant = True
        self.total: Any = 0

    def add(self, rows: Values) -> None:
        """Take in a block of shape (n, D)."""
        self._first = rows[0, 0] if self._first is None else self._first
        self.constant = self.constant and bool((rows == self._first).all())
        if self._bytes:
            self.total = self.total + pixel_sums(rows)


def _images(arrays: Arrays, key: str, scratch: Path, sums: _Sums) -> Iterator[Values]:
    """Blocks of rows as they are stored, shape (n, D): pictures plane by plane, as CIFAR-10's are.

    None comes once there is a mistake, but all are read.
    """
    at, wrong = 0, False
    for block in arrays.blocks(key, scratch):
        pictures = block.transpose(0, 3, 1, 2) if block.ndim == 4 else block
        with np.errstate(over="ignore"):
            stored = np.ascontiguousarray(pictures, arrays.image_dtype).reshape(len(block), -1)
            if block.dtype.kind == "f" and not wrong:
                bad = ~np.isfinite(stored.astype(np.float32, copy=False))
                if wrong := bool(bad.any()):
                    row = int(np.argmax(bad.any(axis=1)))
                    value = float(stored[row][bad[row]][0])
                    arrays.note("not_finite", key=key, row=at + row, value=value)
        if key == "x":
            sums.add(stored)
        if not arrays.mistakes:
            yield stored
        at += len(block)


@dataclass(frozen=True)
class _Labels:
    """The classes of the training labels, and what follows from their order."""

    classes: Values
    """Sorted; a label is stored as its place among them."""
    chance: float
    rows: Rows

    @classmethod
    def of(cls, arrays: Arrays, scratch: Path) -> _Labels:
        """One reading of the labels."""
        member = arrays.members["y"]
        counts: dict[Any, int] = {}
        firsts: dict[Any, int] = {}
        at = last_run = 0
        last = None
        for block in member.blocks(scratch):
            found, first, count = np.unique(block, return_index=True, return_counts=True)
            for label, where, number in zip(found.tolist(), first, count, strict=True):
                counts[label] = counts.get(label, 0) + int(number)
                firsts.setdefault(label, at + int(where))
            if len(counts) > MOST_CLASSES:
                arrays.note("too_many_classes", limit=MOST_CLASSES)
                break
            changes = np.flatnonzero(block[1:] != block[:-1])
            if len(changes):
                last_run = at + int(changes[-1]) + 1
            elif last is not None and block[0] != last:
                last_run = at
            last = block[-1]
            at += len(block)
        if len(counts) == 1:
            arrays.note("one_class", label=next(iter(counts)))
        rows = member.shape[0]
        return cls(
            np.array(sorted(counts), member.dtype),
            max(counts.values()) / rows,
            Rows(max(firsts.values()) + 1, rows - last_run + 1),
        )


def _codes(arrays: Arrays, key: str, scratch: Path, known: Values, dtype: str) -> Iterator[Values]:
    """Blocks of labels as they are stored: places among the known classes."""
    at = 0
    for block in arrays.blocks(key, scratch):
        if _kinds(block) != _kinds(known):
            arrays.note("two_kinds", train=known.dtype, test=block.dtype)
            break
        places = np.minimum(np.searchsorted(known, block), len(known) - 1)
        if (new := known[places] != block).any():
            row = int(np.argmax(new))
            arrays.note("not_trained", key=key, row=at + row, label=block[row].item())
            break
        if not arrays.mistakes:
            yield places.astype(dtype)
        at += len(block)


def _kinds(labels: Values) -> str:
    """Integers of any size can be compared, and so can texts of any length."""
    return "i" if labels.dtype.kind in "iub" else labels.dtype.kind
