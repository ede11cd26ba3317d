"""The user's own arrays: an ``.npz`` file read without pickle, checked, prepared block by block.

No more than a block of rows is in memory, however large the file is, and whatever it claims to be.
"""

from __future__ import annotations

import hashlib
import math
import stat
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep import errors
from dropsweep.datasets import cache
from dropsweep.datasets.dataset import pixel_sums
from dropsweep.datasets.scratch import scratch_folder
from dropsweep.files import at_home, sha256_of_file
from dropsweep.records import Content, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dropsweep.datasets.dataset import Values

KEYS = ("x", "y", "x_test", "y_test")
"""Names of the arrays; the last two may be left out."""

MOST_VALUES = 1_000_000
"""Values of a row at most."""

MOST_CLASSES = 1 << 16

_BLOCK_BYTES = 8 << 20
_LONGEST_LABEL = 4096  # bytes of a text
_RATIO, _BOMB = 400, 64 << 20  # no array of that size with something to learn shrinks so much
_FLOATS = {2: "<f4", 4: "<f4", 8: "<f8"}
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError,
    struct.error, MemoryError, OverflowError, KeyError, TypeError,
)  # fmt: skip
"""Ways in which zip and npy say that a file is damaged."""


def prepare(path: Path, folder_of: Callable[[str], Path]) -> Path:
    """Prepare the file's arrays unless they are; the folder that `open_prepared` takes.

    Parameters
    ----------
    folder_of
        The folder of a set, by its key.

    Raises
    ------
    DataError
        If the file is missing or damaged, or with every mistake in its arrays.
    """
    path = at_home(path)
    folder = folder_of(f"arrays-{_sha256(path)}")
    if not cache.is_prepared(folder):
        try:
            with zipfile.ZipFile(path) as archive:
                _prepare(_Arrays(path, archive), folder)
        except _BROKEN as cause:
            raise errors.arrays_broken(path, _first_line(cause)) from cause
        except OSError as cause:
            raise errors.data_unreadable(path, cause) from cause
    return folder


def keep_arrays(arrays: Mapping[str, Any], data_dir: Path) -> Path:
    """A file of arrays that are in memory, named by their hash, so that it is written once.

    Parameters
    ----------
    arrays
        By the names of `KEYS`; None leaves one out.

    Raises
    ------
    DataError
        If one of them would have to be pickled, or the data directory cannot be written.
    """
    given = {key: _plain(each) for key, each in arrays.items() if each is not None}
    if objects := [key for key, array in given.items() if array.dtype.hasobject]:
        raise errors.arrays_mistakes(Path("data"), list(map(errors.arrays_of_objects, objects)))
    folder = data_dir / "arrays"
    with scratch_folder(folder / "arrays.npz") as scratch:
        written = scratch / "arrays.npz"
        np.savez(written, **dict[str, Any](given))
        target = folder / f"arrays-{sha256_of_file(written)[:12]}.npz"
        if not target.exists():
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


def _first_line(cause: BaseException) -> str:
    return (str(cause) or type(cause).__name__).splitlines()[0].rstrip(".")


@dataclass(frozen=True)
class _Member:
    """One array of the file: its header, and its rows in blocks."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype[Any]
    start: int
    """Bytes of the header."""

    @classmethod
    def of(cls, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
        """The array of a member, by its header, which must not lie about its size."""
        with archive.open(info) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a header that Python 2 wrote
            version = np.lib.format.read_magic(file)
            read = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }.get(version)
            if read is None:
                raise ValueError(f"{info.filename} is of an unknown version {version}")
            shape, by_columns, dtype = read(file)
            start = file.tell()
        member = cls(archive, info, shape, by_columns, dtype, start)
        claimed = start + member.size
        if not dtype.hasobject and (min(shape, default=0) < 0 or info.file_size != claimed):
            raise ValueError(
                f"{info.filename} says it has the shape {shape}, and does not have its size"
            )
        return member

    @property
    def size(self) -> int:
        """Bytes that its rows take."""
        return math.prod(self.shape) * self.dtype.itemsize

    def blocks(self, scratch: Path) -> Iterator[Values]:
        """All rows in order, some at a time, each block of shape (n, ...)."""
        rows = max(_BLOCK_BYTES // max(self.size // max(self.shape[0], 1), 1), 1)
        if self.by_columns and len(self.shape) > 1:
            yield from self._blocks_of_columns(scratch, rows)
            return
        with self.archive.open(self.info) as file:
            self._exactly(file, self.start)
            for at in range(0, self.shape[0], rows):
                shape = (min(rows, self.shape[0] - at), *self.shape[1:])
                size = math.prod(shape) * self.dtype.itemsize
                yield np.frombuffer(self._exactly(file, size), self.dtype).reshape(shape)

    def _blocks_of_columns(self, scratch: Path, rows: int) -> Iterator[Values]:
        """An array that is stored column by column is unpacked first, and read row by row."""
        unpacked = scratch / "columns"
        with self.archive.open(self.info) as file, unpacked.open("wb") as copy:
            self._exactly(file, self.start)
            for at in range(0, self.size, _BLOCK_BYTES):
                copy.write(self._exactly(file, min(_BLOCK_BYTES, self.size - at)))
        try:
            whole = np.memmap(unpacked, self.dtype, "r", shape=self.shape, order="F")
            for at in range(0, self.shape[0], rows):
                yield np.ascontiguousarray(whole[at : at + rows])
        finally:
            unpacked.unlink()

    def _exactly(self, file: Any, size: int) -> bytes:
        """So many bytes; the last of a member are compared with its checksum when they are read."""
        try:
            data: bytes = file.read(size)
        except OSError as cause:  # not one of the folder that is written to
            raise errors.data_unreadable(Path(self.archive.filename or ""), cause) from cause
        if len(data) < size:
            raise EOFError(f"{self.info.filename} ends too early")
        return data


class _Arrays:
    """The arrays of a file, and every mistake in them."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.mistakes: list[str] = []
        infos = archive.infolist()
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise ValueError("two of its members have one name")
        found = {info.filename.removesuffix(".npy"): info for info in infos}
        wanted = [key for key in KEYS if key in found]
        for key in wanted:
            self._refuse_unusual(found[key])
        self.members: dict[str, _Member] = {key: _Member.of(archive, found[key]) for key in wanted}
        if missing := [key for key in ("x", "y") if key not in found]:
            self.mistakes.append(errors.arrays_missing(missing, list(found)))
        if ("x_test" in found) != ("y_test" in found):
            self.mistakes.append(errors.arrays_half_a_test())
        self._check_headers()

    def _refuse_unusual(self, info: zipfile.ZipInfo) -> None:
        """Members that NumPy does not write, and those that unpack to next to nothing."""
        if info.flag_bits & 1:
            raise ValueError(f"{info.filename} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{info.filename} is compressed as numpy.savez_compressed never does")
        if info.file_size > _BOMB and info.file_size > _RATIO * info.compress_size:
            raise errors.arrays_bomb(self.path, info.filename, info.compress_size, info.file_size)

    def _check_headers(self) -> None:
        for key, member in self.members.items():
            check = _image_mistake if key in ("x", "x_test") else _label_mistake
            if mistake := check(key, member.shape, member.dtype):
                self.mistakes.append(mistake)
        if self.mistakes:
            return
        for x, y in (("x", "y"), ("x_test", "y_test")):
            if x in self.members:
                rows = self.members[x].shape[0], self.members[y].shape[0]
                if rows[0] != rows[1]:
                    self.mistakes.append(errors.arrays_of_two_lengths(x, y, *rows))
        if "x_test" in self.members:
            train, test = self.members["x"], self.members["x_test"]
            if train.shape[1:] != test.shape[1:] or train.dtype.kind != test.dtype.kind:
                forms = [f"{each.dtype} of shape {each.shape}" for each in (train, test)]
                self.mistakes.append(errors.arrays_of_two_forms(*forms))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Of a row as it is stored: pictures plane by plane."""
        inner = self.members["x"].shape[1:]
        if len(inner) == 1:
            return inner
        height, width, *planes = inner
        return (*planes, height, width) if planes else (1, height, width)

    @property
    def image_dtype(self) -> str:
        """Of the images as they are stored."""
        dtype = self.members["x"].dtype
        return "uint8" if dtype.kind == "u" else np.dtype(_FLOATS[dtype.itemsize]).name

    def raise_mistakes(self) -> None:
        """Every mistake found so far, at once."""
        if self.mistakes:
            raise errors.arrays_mistakes(self.path, self.mistakes)


def _image_mistake(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    if dtype.hasobject:
        return errors.arrays_of_objects(key)
    is_float = dtype.kind == "f" and dtype.itemsize in _FLOATS
    if not is_float and (dtype.kind, dtype.itemsize) != ("u", 1):
        return errors.images_of_wrong_type(key, str(dtype))
    if not 2 <= len(shape) <= 4:
        return errors.images_of_wrong_shape(key, shape)
    if 0 in shape:
        return errors.array_empty(key, shape)
    values = math.prod(shape[1:])
    return errors.rows_too_wide(key, values, MOST_VALUES) if values > MOST_VALUES else ""


def _label_mistake(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    if dtype.hasobject:
        return errors.arrays_of_objects(key)
    if dtype.kind not in "iubUS":
        return errors.labels_of_wrong_type(key, str(dtype))
    if len(shape) != 1:
        return errors.labels_of_wrong_shape(key, shape)
    if dtype.kind in "US" and not 0 < dtype.itemsize <= _LONGEST_LABEL:
        return errors.labels_of_wrong_type(key, str(dtype))
    return errors.array_empty(key, shape) if 0 in shape else ""


# --- preparing ----------------------------------------------------------------------------------


def _prepare(arrays: _Arrays, folder: Path) -> None:
    arrays.raise_mistakes()
    with cache.publishing(folder) as finished:
        digest = hashlib.sha256()
        labels = _Labels.of(arrays, finished.parent)
        counts, sums = {}, None
        for name, x, y in (("train", "x", "y"), ("test", "x_test", "y_test")):
            sums = sums if name == "test" else _Sums(arrays)
            rows = _write_images(arrays, x, finished / f"{name}_images.npy", digest, sums)
            _write_labels(arrays, labels, y, finished / f"{name}_labels.npy", digest)
            counts[name] = rows
        if sums is not None and sums.constant:
            arrays.mistakes.append(errors.images_all_equal())
        arrays.raise_mistakes()
        if sums is not None and arrays.image_dtype == "uint8":
            with (finished / cache.SUMS).open("xb") as file:
                np.save(file, sums.total, allow_pickle=False)
                cache.sync(file)
        content, dtype = digest.hexdigest(), arrays.image_dtype
        form = f"{dtype} {arrays.shape} {counts} {content}"
        info = cache.Info(
            identity=f"arrays:{hashlib.sha256(form.encode()).hexdigest()}",
            train=counts["train"],
            test=counts["test"],
            source=arrays.path.name,
            source_sha256=folder.name.removeprefix("arrays-"),
            content_sha256=content,
            own=True,
            dtype=dtype,
            content=Content(arrays.shape, len(labels.classes), labels.chance),
            rows=labels.rows,
        )
        cache.write_info(finished, info)


class _Sums:
    """Sums over the training images."""

    def __init__(self, arrays: _Arrays) -> None:
        self._bytes = arrays.image_dtype == "uint8"
        self._first: Any = None
        self.constant = True
        self.total: Any = 0

    def add(self, rows: Values) -> None:
        """Take in a block of shape (n, D)."""
        self._first = rows[0, 0] if self._first is None else self._first
        self.constant = self.constant and bool((rows == self._first).all())
        if self._bytes:
            self.total = self.total + pixel_sums(rows)


def _write_images(arrays: _Arrays, key: str, target: Path, digest: Any, sums: _Sums | None) -> int:
    """Write, hash and check the images of one part; the number of its rows.

    Nothing more is written once there is a mistake, but all is read.
    """
    member = arrays.members.get(key)
    rows = 0 if member is None else member.shape[0]
    width = math.prod(arrays.shape)
    with target.open("xb") as file:
        _write_header(file, arrays.image_dtype, (rows, width))
        at, wrong = 0, False
        for block in () if member is None else member.blocks(target.parent.parent):
            stored = _planes(block, arrays.image_dtype)
            if block.dtype.kind == "f" and not wrong:
                with np.errstate(over="ignore"):
                    bad = ~np.isfinite(stored.astype(np.float32, copy=False))
                if wrong := bool(bad.any()):
                    row = int(np.argmax(bad.any(axis=1)))
                    value = stored[row][bad[row]][0]
                    arrays.mistakes.append(errors.image_not_finite(key, at + row, float(value)))
            if sums is not None and key == "x":
                sums.add(stored)
            if not arrays.mistakes:
                digest.update(stored.data)
                file.write(stored.data)
            at += len(block)
        cache.sync(file)
    return rows


def _planes(block: Values, dtype: str) -> Values:
    """Rows of shape (n, D): pictures plane by plane, as CIFAR-10's are."""
    if block.ndim == 4:
        block = block.transpose(0, 3, 1, 2)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(block, dtype).reshape(len(block), -1)


@dataclass(frozen=True)
class _Labels:
    """The classes of the training labels, and what follows from their order."""

    classes: Values
    """Sorted; a label is stored as its place among them."""
    chance: float
    rows: Rows

    @classmethod
    def of(cls, arrays: _Arrays, scratch: Path) -> _Labels:
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
                arrays.mistakes.append(errors.too_many_classes(MOST_CLASSES))
                break
            changes = np.flatnonzero(block[1:] != block[:-1])
            if len(changes):
                last_run = at + int(changes[-1]) + 1
            elif last is not None and block[0] != last:
                last_run = at
            last = block[-1]
            at += len(block)
        if len(counts) == 1:
            arrays.mistakes.append(errors.one_class(next(iter(counts))))
        rows = member.shape[0]
        return cls(
            np.array(sorted(counts), member.dtype),
            max(counts.values()) / rows,
            Rows(max(firsts.values()) + 1, rows - last_run + 1),
        )


def _write_labels(arrays: _Arrays, labels: _Labels, key: str, target: Path, digest: Any) -> None:
    member = arrays.members.get(key)
    rows = 0 if member is None else member.shape[0]
    dtype = cache.label_dtype(len(labels.classes))
    known = labels.classes
    with target.open("xb") as file:
        _write_header(file, dtype, (rows,))
        at = 0
        for block in () if member is None else member.blocks(target.parent.parent):
            if _kinds(block) != _kinds(known):
                arrays.mistakes.append(
                    errors.labels_of_two_kinds(str(known.dtype), str(block.dtype))
                )
                break
            places = np.minimum(np.searchsorted(known, block), len(known) - 1)
            if (new := known[places] != block).any():
                row = int(np.argmax(new))
                arrays.mistakes.append(errors.class_not_trained(key, at + row, block[row].item()))
                break
            if not arrays.mistakes:
                codes = places.astype(dtype)
                digest.update(codes.data)
                file.write(codes.data)
            at += len(block)
        cache.sync(file)


def _kinds(labels: Values) -> str:
    """Integers of any size can be compared, and so can texts of any length."""
    return "i" if labels.dtype.kind in "iub" else labels.dtype.kind


def _write_header(file: Any, dtype: str, shape: tuple[int, ...]) -> None:
    descr = np.lib.format.dtype_to_descr(np.dtype(dtype))
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
