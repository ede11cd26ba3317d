"""Files of arrays: good ones, and what disks, slips and malice make of them."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROWS = 60
LONG = 70_100


def arrays(rows: int = ROWS, **others: Any) -> dict[str, Any]:
    """Rows of five floats in three classes, with what a test changes; None leaves an array out."""
    rng = np.random.default_rng(rows)
    made = {"x": rng.normal(size=(rows, 5)), "y": np.arange(rows) % 3}
    return {key: value for key, value in (made | others).items() if value is not None}


def packed(**members: Any) -> bytes:
    """An ``.npz`` file of these members: arrays, or the bytes of an ``.npy``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, member in members.items():
            archive.writestr(f"{name}.npy", member if isinstance(member, bytes) else npy(member))
    return buffer.getvalue()


def npy(array: Any) -> bytes:
    """The bytes of an ``.npy`` file; objects are pickled."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def claiming(header: str, content: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """An ``.npy`` file with a header of one's own."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + content


def shaped(shape: str, content: bytes, descr: str = "<f8") -> bytes:
    """An ``.npy`` file that claims a shape."""
    return claiming(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}", content)


def changed(row: int, value: float, rows: int, dtype: str = "float64") -> NDArray[Any]:
    """Good rows with one value that is not."""
    x: NDArray[Any] = arrays(rows)["x"].astype(dtype)
    x[row, 2] = value
    return x


def zeros(size: int) -> bytes:
    """Bytes of zeros, compressed by NumPy to a thousandth."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=np.zeros((size >> 3, 1)), y=np.arange(9))
    return buffer.getvalue()


def altered(content: bytes) -> bytes:
    """One bit of the rows is another."""
    at = content.index(b"x.npy") + 1000
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def encrypted(content: bytes) -> bytes:
    """The flag is set that says so, in the directory and at each member."""
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.find(mark)
        while start >= 0:
            flagged = content[start + at] | 1
            content = content[: start + at] + bytes([flagged]) + content[start + at + 1 :]
            start = content.find(mark, start + 4)
    return content


def repacked(how: int, *names: str) -> bytes:
    """Members under other names, or compressed in another way."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, array in zip(names or ("x.npy", "y.npy"), arrays().values(), strict=False):
            archive.writestr(name, npy(array))
    return buffer.getvalue()


class Code:
    """A pickle of it runs a command when it is loaded."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        """By which `pickle` is told what to call."""
        import os

        return os.system, ("touch /tmp/dropsweep-was-here",)


def objects(item: object, rows: int = ROWS) -> NDArray[Any]:
    """An array of Python objects."""
    array = np.empty(rows, object)
    array[:] = [item] * rows
    return array


GOOD = packed(**arrays())

DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not an intact .npz"),
    "text": (lambda: b"a,b,label\n1,2,x\n", "not an intact .npz"),
    "a single array": (lambda: npy(np.ones((9, 2))), "not an intact .npz"),
    "a pickle": (lambda: pickle.dumps(Code()), "not an intact .npz"),
    "cut in the middle": (lambda: GOOD[: len(GOOD) // 2], "not an intact .npz"),
    "cut at the end": (lambda: GOOD[:-9], "not an intact .npz"),
    "an altered bit": (lambda: altered(GOOD), "CRC"),
    "encrypted": (lambda: encrypted(GOOD), "encrypted"),
    "compressed by others": (lambda: repacked(zipfile.ZIP_LZMA), "savez_compressed never does"),
    "out of the archive": (
        lambda: repacked(zipfile.ZIP_STORED, "../x.npy", "/y.npy"), "x and y not found",
    ),
    "code for x": (lambda: packed(**arrays(x=objects(Code()))), "x holds Python objects"),
    "objects for y": (lambda: packed(**arrays(y=objects("cat"))), "y holds Python objects"),
    "no x": (lambda: packed(**arrays(x=None, X=np.ones((60, 2)))), "x not found, only y, X"),
    "no y": (lambda: packed(**arrays(y=None)), "y not found, only x"),
    "half a test": (lambda: packed(**arrays(x_test=np.ones((3, 5)))), "x_test and y_test belong"),
    "two lengths": (
        lambda: packed(**arrays(y=np.arange(58) % 3)), "x has 60 rows and y 58 labels; row 58",
    ),
    "NaN late": (
        lambda: packed(**arrays(LONG, x=changed(70_001, np.nan, LONG))),
        "x has the value nan in row 70001;",
    ),
    "infinity in the test rows": (
        lambda: packed(
            **arrays(x_test=changed(7, -np.inf, 9, "float32").astype("f8"), y_test=np.arange(9) % 3)
        ),
        "x_test has the value -inf in row 7;",
    ),
    "beyond float32": (lambda: packed(**arrays(x=changed(3, 1e300, 60))), "value 1e+300 in row 3;"),
    "one class": (lambda: packed(**arrays(y=np.full(60, 4))), "y has only the class 4"),
    "labels of floats": (lambda: packed(**arrays(y=np.arange(60) / 7)), "y is float64; labels"),
    "a column of labels": (lambda: packed(**arrays(y=np.ones((60, 1), int))), "y.ravel()"),
    "one-hot labels": (lambda: packed(**arrays(y=np.eye(60, dtype=int))), "y.argmax(axis=1)"),
    "a class to test only": (
        lambda: packed(**arrays(x_test=np.ones((3, 5)), y_test=np.array([0, 3, 1]))),
        "y_test has the class 3 in row 1, which y does not have",
    ),
    "text and numbers": (
        lambda: packed(**arrays(x_test=np.ones((3, 5)), y_test=np.array(["0", "1", "2"]))),
        "y_test is <U1, while y is int64",
    ),
    "measurements for labels": (
        lambda: packed(**arrays(LONG, y=np.arange(LONG))), "y has more than 65,536 classes",
    ),
    "x of integers": (lambda: packed(**arrays(x=np.ones((60, 5), int))), "x is int64; it must be"),
    "x of complex numbers": (lambda: packed(**arrays(x=np.ones((60, 5), complex))), "complex128"),
    "x of records": (lambda: packed(**arrays(x=np.zeros(60, "f4,f4"))), "x is [('f0'"),
    "a single column": (lambda: packed(**arrays(x=np.ones(60))), "x has the shape (60,)"),
    "five axes": (lambda: packed(**arrays(x=np.ones((60, 1, 1, 1, 1)))), "(60, 1, 1, 1, 1)"),
    "no rows": (lambda: packed(**arrays(x=np.ones((0, 5)), y=np.ones(0, int))), "x is empty"),
    "no columns": (lambda: packed(**arrays(x=np.ones((60, 0)))), "x is empty, of shape (60, 0)"),
    "test rows of another width": (
        lambda: packed(**arrays(x_test=np.ones((3, 4)), y_test=np.arange(3))),
        "x_test is float64 of shape (3, 4), while x is",
    ),
    "nothing to learn from": (lambda: packed(**arrays(x=np.ones((60, 5)))), "same value"),
    "a row as wide as memory": (
        lambda: packed(**arrays(x=np.ones((1, 2_000_000), "f4"), y=np.ones(1, int))),
        "a row of x has 2,000,000 values",
    ),
    "a header that claims more": (
        lambda: packed(**arrays(x=shaped("(60, 5000)", bytes(2400)))), "does not have its size",
    ),
    "a header that claims less": (
        lambda: packed(**arrays(x=shaped("(60, 4)", bytes(2400)))), "does not have its size",
    ),
    "a header that claims everything": (
        lambda: packed(**arrays(x=shaped("(10**18, 10**18)", bytes(2400)))), "not an intact .npz",
    ),
    "a header that claims an exabyte": (
        lambda: packed(**arrays(x=shaped(f"({10**18}, 5)", bytes(2400)))), "does not have its size",
    ),
    "a header below nothing": (
        lambda: packed(**arrays(x=shaped("(-60, -5)", bytes(2400)))), "does not have its size",
    ),
    "a header of code": (
        lambda: packed(**arrays(x=claiming("__import__('os').system('true')"))), "not an intact",
    ),
    "a version to come": (
        lambda: packed(**arrays(x=claiming("{}", version=b"\x09\x00"))), "version",
    ),
    "a bomb": (lambda: zeros(128 << 20), "x.npy unpacks from"),
}  # fmt: skip
"""By what is wrong: how to make the file, and words of the message."""
