"""One batch file of either version, from its bytes to checked arrays.

The Python version is a pickle, and is read without running a line of it. The few names of NumPy
that a batch needs become classes that only remember what they were given, so that no code outside
this file sees the pickle's values before they are checked.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.dataset import CLASSES, PIXELS, Batch, Bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_BYTES = 64 << 20
"""Most bytes of one file: twice those of an official one."""


def parse(layout: official.Layout, name: str, raw: bytes, where: str) -> Batch:
    """The images and labels in the bytes of batch ``name``; ``where`` is for an error."""
    read = _read_python if layout is official.PYTHON else _read_binary
    batch = _checked(read(raw, where), where)
    digest = hashlib.new(layout.hash_name, raw).hexdigest()
    return replace(batch, published=digest == layout.digests[name])


def _read_python(raw: bytes, where: str) -> Batch:
    try:
        return read_pickled_batch(raw)
    except Refused as cause:
        raise errors.pickle_refused(where, cause) from cause


def _read_binary(raw: bytes, where: str) -> Batch:
    """Records of a label byte and 3072 pixel bytes."""
    if len(raw) % (1 + PIXELS):
        raise errors.batch_malformed(where, f"{len(raw)} bytes are no whole number of records")
    records = np.frombuffer(raw, np.uint8).reshape(-1, 1 + PIXELS)
    return Batch(images=records[:, 1:], labels=records[:, 0])


def _checked(batch: Batch, where: str) -> Batch:
    if not 0 < len(batch.labels) == len(batch.images):
        counts = f"{len(batch.images)} images, {len(batch.labels)} labels"
        raise errors.batch_malformed(where, counts)
    if (largest := int(batch.labels.max())) >= CLASSES:
        raise errors.batch_malformed(where, f"a label is {largest}, the largest class is 9")
    return batch


class Refused(Exception):  # noqa: N818 - an event, caught where the file's name is known
    """The pickle is not a plain batch."""


class _Remembered:
    """Stands for an object of the pickle: its arguments and state, untouched."""

    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Name(_Remembered):
    """The class ``numpy.ndarray``, an argument of the others."""


class _Dtype(_Remembered):
    """``dtype("u1", ...)``. Remembered too, NumPy does not warn about its old ``align=0``."""


class _Array(_Remembered):
    """``_reconstruct(ndarray, ...)`` with a state: version, shape, dtype, Fortran order, bytes."""


class _Buffer(_Remembered):
    """``_frombuffer(bytes, dtype, shape, order, ...)``: an array in protocol 5."""


class _Scalar(_Remembered):
    """``scalar(dtype, bytes)``."""


class _Encoded(_Remembered):
    """``encode(text, "latin1")``: bytes in a protocol below 3."""


_CORES = ("numpy.core", "numpy._core")  # before and since NumPy 2
_ALLOWED: dict[tuple[str, str], type[_Remembered]] = {
    ("numpy", "ndarray"): _Name,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _Encoded,
    **{(f"{core}.multiarray", "_reconstruct"): _Array for core in _CORES},
    **{(f"{core}.multiarray", "scalar"): _Scalar for core in _CORES},
    **{(f"{core}.numeric", "_frombuffer"): _Buffer for core in _CORES},
}


# Python's own form rather than the C one: its memo is a dictionary, so that a forged memo index
# cannot make it claim gigabytes.
class _Unpickler(pickle._Unpickler):
    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def find_class(self, module: str, name: str) -> type[_Remembered]:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise Refused(f"it asks for {module}.{name}") from None

    def load_bytes(self) -> None:
        """The opcode BYTEARRAY8. Python's own claims the memory before it looks for the bytes."""
        (size,) = struct.unpack("<Q", self.read(8))  # type: ignore[attr-defined]
        self.append(self.read(min(size, MAX_BYTES + 1)))  # type: ignore[attr-defined]

    dispatch[pickle.BYTEARRAY8[0]] = load_bytes


def read_pickled_batch(raw: bytes) -> Batch:
    """The images and labels of one batch file of the Python version.

    A batch that was loaded and saved again, by any Python, is read as well. `Refused` if it asks
    for anything but the names of an array, or is not a batch.
    """
    try:
        content = _Unpickler(io.BytesIO(raw), encoding="bytes").load()
    except Refused:
        raise
    except Exception as cause:  # a damaged pickle fails in any way at all
        raise Refused(f"it does not unpickle ({type(cause).__name__}: {cause})") from cause
    if not isinstance(content, dict):
        raise Refused(f"it holds a {type(content).__name__}, not a dictionary")
    try:
        return Batch(_pixels(_entry(content, "data")), _labels(_entry(content, "labels")))
    except Refused:
        raise
    except Exception as cause:  # so does one whose objects have other arguments than NumPy's
        raise Refused(f"its images or labels are malformed ({cause!r})") from cause


def _entry(content: dict[object, object], name: str) -> object:
    """An entry under the name as Python 2 saved it, or as Python 3 saves it again."""
    for key, value in content.items():
        if (_bytes(key) if isinstance(key, _Encoded) else key) in (name.encode(), name):
            return value
    raise Refused(f"it has no entry {name!r}")


def _pixels(value: object) -> Bytes:
    pixels = _array(value)
    if pixels.dtype != np.uint8 or pixels.ndim != 2 or pixels.shape[1] != PIXELS:
        raise Refused(f"its data are {pixels.dtype} of shape {pixels.shape}, not uint8 (N, 3072)")
    return pixels


def _labels(value: object) -> Bytes:
    if isinstance(value, _Remembered):
        labels = _array(value)
        if labels.ndim != 1:
            raise Refused(f"its labels have the shape {labels.shape}, not (N,)")
    elif isinstance(value, list):
        labels = np.array([_integer(each) for each in value], np.int64)
    else:
        raise Refused(f"its labels are a {type(value).__name__}, not a list or an array")
    if labels.size and not 0 <= labels.min() <= labels.max() <= 255:
        raise Refused(f"its labels lie between {labels.min()} and {labels.max()}")
    return labels.astype(np.uint8)


def _integer(value: object) -> int:
    if isinstance(value, _Scalar):
        dtype, raw = value.arguments
        return int(np.frombuffer(_bytes(raw), _dtype(dtype), count=1)[0])
    if not isinstance(value, int):
        raise Refused(f"a label is a {type(value).__name__}")
    return value


def _array(value: object) -> NDArray[Any]:
    """An array of integers, from what NumPy would have been given."""
    if isinstance(value, _Buffer):
        raw, dtype, shape, order = value.arguments[:4]
        if order not in ("C", "F"):
            raise Refused(f"it has an array in the order {order!r}")
        fortran = order == "F"
    elif isinstance(value, _Array):
        _version, shape, dtype, fortran, raw = value.state
    else:
        raise Refused(f"it has a {type(value).__name__} in place of an array")
    flat = np.frombuffer(_bytes(raw), _dtype(dtype))
    return flat.reshape(shape, order="F" if fortran else "C")  # type: ignore[call-overload,no-any-return]


def _dtype(value: object) -> np.dtype[Any]:
    if not isinstance(value, _Dtype):
        raise Refused(f"it has a {type(value).__name__} in place of a dtype")
    name = value.arguments[0]
    name = name.decode() if isinstance(name, bytes) else str(name)
    if name not in {f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)}:
        raise Refused(f"it holds an array of {name!r}, not of integers")
    return np.dtype(name).newbyteorder(">" if value.state[1] in (">", b">") else "<")


def _bytes(value: object) -> bytes:
    if isinstance(value, _Encoded):
        text, encoding = value.arguments
        if not isinstance(text, str) or encoding not in ("latin1", b"latin1"):
            raise Refused("its bytes are written in an unknown way")
        return text.encode("latin1")
    if not isinstance(value, bytes):
        raise Refused(f"it has a {type(value).__name__} in place of bytes")
    return value
