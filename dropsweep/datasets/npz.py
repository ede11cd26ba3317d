"""An ``.npz`` file of the user's arrays, read without pickle: headers first, then rows in blocks.

No more than a block of rows is in memory, however large the file is, and whatever it claims to be.
"""

from __future__ import annotations

import math
import struct
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep import errors
from dropsweep.errors import about_arrays as about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dropsweep.datasets.dataset import Values

KEYS = ("x", "y", "x_test", "y_test")
"""Names of the arrays; the last two may be left out."""

MOST_VALUES = 1_000_000
"""Values of a row at most."""

_BLOCK_BYTES = 8 << 20
_LONGEST_LABEL = 4096  # bytes of a text
_RATIO, _BOMB = 400, 64 << 20  # no array of that size with something to learn shrinks so much
_FLOATS = {2: "<f4", 4: "<f4", 8: "<f8"}
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError,
    struct.error, MemoryError, OverflowError, KeyError, TypeError,
)  # fmt: skip
"""Ways in which zip and npy say that a file is damaged."""


@contextmanager
def open_arrays(path: Path, *, given: bool = False) -> Iterator[Arrays]:
    """The arrays of a file, their headers checked.

    A `DataError` if the file is damaged or unreadable, also where it is read inside the block; or
    with every mistake in the headers. Those of arrays that were given from Python name no file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = Arrays(path, archive, given)
            arrays.raise_mistakes()
            yield arrays
    except _BROKEN as cause:
        why = (str(cause) or type(cause).__name__).splitlines()[0].rstrip(".")
        raise errors.arrays_broken(path, why) from cause
    except OSError as cause:
        raise errors.data_unreadable(path, cause) from cause


@dataclass(frozen=True)
class Member:
    """One array of the file: its header, and its rows in blocks."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype[Any]
    start: int
    """Bytes of the header."""

    @classmethod
    def of(cls, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
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


class Arrays:
    """The arrays of a file, and every mistake in them."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, given: bool) -> None:
        self.path, self.given = path, given
        self.mistakes: list[str] = []
        infos = archive.infolist()
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise ValueError("two of its members have one name")
        found = {info.filename.removesuffix(".npy"): info for info in infos}
        wanted = [key for key in KEYS if key in found]
        for key in wanted:
            self._refuse_unusual(found[key])
        self.members: dict[str, Member] = {key: Member.of(archive, found[key]) for key in wanted}
        if missing := [key for key in ("x", "y") if key not in found]:
            self.note(
                "missing", missing=" and ".join(missing), there=", ".join([*found][:5]) or "nothing"
            )
        if ("x_test" in found) != ("y_test" in found):
            self.note("half_a_test")
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
                rows, labels = self.members[x].shape[0], self.members[y].shape[0]
                if rows != labels:
                    first = min(rows, labels)
                    self.note("two_lengths", x=x, y=y, rows=rows, labels=labels, first=first)
        if "x_test" in self.members:
            train, test = self.members["x"], self.members["x_test"]
            if train.shape[1:] != test.shape[1:] or train.dtype.kind != test.dtype.kind:
                old, new = (f"{each.dtype} of shape {each.shape}" for each in (train, test))
                self.note("two_forms", train=old, test=new)

    def blocks(self, key: str, scratch: Path) -> Iterator[Values]:
        """The rows of an array in blocks; none of one that is left out."""
        return self.members[key].blocks(scratch) if key in self.members else iter(())

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

    def note(self, kind: str, **values: object) -> None:
        """Remember a mistake, by its name in `errors.about_arrays`."""
        self.mistakes.append(about(kind, **values))

    def raise_mistakes(self) -> None:
        """Every mistake found so far, at once."""
        if self.mistakes:
            raise errors.arrays_mistakes(None if self.given else self.path, self.mistakes)


def _image_mistake(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    if dtype.hasobject:
        return about("objects", key=key)
    is_float = dtype.kind == "f" and dtype.itemsize in _FLOATS
    if not is_float and (dtype.kind, dtype.itemsize) != ("u", 1):
        return about("image_type", key=key, dtype=dtype)
    if not 2 <= len(shape) <= 4:
        return about("image_shape", key=key, shape=shape)
    if 0 in shape:
        return about("empty", key=key, shape=shape)
    values = math.prod(shape[1:])
    if values <= MOST_VALUES:
        return ""
    return about("row_too_wide", key=key, values=values, limit=MOST_VALUES)


def _label_mistake(key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    if dtype.hasobject:
        return about("objects", key=key)
    if dtype.kind not in "iubUS":
        return about("label_type", key=key, dtype=dtype)
    if len(shape) != 1:
        remedy = "argmax(axis=1)" if len(shape) == 2 and shape[1] > 1 else "ravel()"
        return about("label_shape", key=key, shape=shape, remedy=remedy)
    if dtype.kind in "US" and not 0 < dtype.itemsize <= _LONGEST_LABEL:
        return about("label_type", key=key, dtype=dtype)
    return about("empty", key=key, shape=shape) if 0 in shape else ""
