"""Reading a pickled CIFAR-10 batch without running a line of it.

The three NumPy names that such a pickle needs all become one class that only remembers what it was
given, so that no code outside this file sees the pickle's values before they are checked. It also
spares NumPy's warning about ``align=0``, which the official pickles pass to ``dtype``.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np

from dropsweep.datasets.dataset import PIXELS, Batch, Bytes

_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}
_UINT8 = ("u1", b"u1")


class Refused(Exception):  # noqa: N818 - an event, caught where the file's name is known
    """The pickle is not a plain batch."""


class _Remembered:
    """Stands for any of the NumPy objects: its arguments and state, untouched."""

    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state


# Python's own form rather than the C one: its memo is a dictionary, so that a forged memo index
# cannot make it claim gigabytes.
class _Unpickler(pickle._Unpickler):
    def find_class(self, module: str, name: str) -> type[_Remembered]:
        if (module, name) not in _ALLOWED:
            raise Refused(f"it asks for {module}.{name}")
        return _Remembered


def read_pickled_batch(raw: bytes) -> Batch:
    """The images and labels of one batch file of the Python version.

    Raises
    ------
    Refused
        If it asks for anything but the three names, or is not a batch.
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
        return Batch(_pixels(content[b"data"]), _labels(content[b"labels"]))
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise Refused(f"its images or labels are malformed ({cause!r})") from cause


def _pixels(array: _Remembered) -> Bytes:
    _version, (count, width), dtype, is_fortran, raw = array.state
    if width != PIXELS or dtype.arguments[0] not in _UINT8:
        raise ValueError("not uint8 of shape (N, 3072)")
    pixels = np.frombuffer(raw, np.uint8)
    return pixels.reshape((width, count)).T if is_fortran else pixels.reshape((count, width))


def _labels(values: object) -> Bytes:
    if not isinstance(values, list):
        raise TypeError("labels are not a list")
    return np.frombuffer(bytes(values), np.uint8)
