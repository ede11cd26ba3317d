"""Mistakes in the user's own arrays; rows are counted from 0, as NumPy does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, DataError, counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ARRAYS_HALF_A_TEST = "x_test and y_test belong together; add the other, or leave both out"
IMAGES_ALL_EQUAL = "x has the same value everywhere; there is nothing to learn from it"

_SAVED = (
    "Save it again: np.savez('my.npz', x=x, y=y), x uint8 or float with a row per example, y a "
    "label per row."
)


def arrays_broken(path: Path, why: object) -> DataError:
    """A file in place of an ``.npz`` is another, cut short or altered."""
    return DataError(f"{path}: it is not an intact .npz file ({why}).", _SAVED)


def arrays_bomb(path: Path, member: str, packed: int, unpacked: int) -> DataError:
    """A member of an ``.npz`` that unpacks to next to nothing, many times over."""
    return DataError(
        f"{path}: {member} unpacks from {packed:,} to {unpacked:,} bytes, which no data do.",
        "Nothing of it was used. If the data are yours, save them without compression: np.savez.",
    )


def arrays_mistakes(path: Path | None, sentences: Sequence[str]) -> DataError:
    """All mistakes in the arrays of a file, or of those that were given from Python."""
    count = counted(len(sentences), "mistake")
    where = f"{count} in the given x and y" if path is None else f"{path}: {count} in its arrays"
    again = "run it again" if path is None else "save them again with np.savez"
    return DataError(
        f"{where} (rows are counted from 0).{listed(sentences)}",
        f"Correct the arrays, and {again}.",
    )


def arrays_not_given(missing: Sequence[str]) -> str:
    """Rows from Python without labels, or labels without rows."""
    return f"{' and '.join(missing)} not given; x has a row per example, and y a label per row"


def arrays_ragged(key: str) -> str:
    """A list from Python that makes no array."""
    return f"{key} has rows of different lengths; each needs as many values as the others"


def arrays_not_fetched(path: Path) -> ConfigError:
    """``data fetch`` of a file that is here."""
    return ConfigError(
        f"{path}: there is nothing to fetch, for your own arrays are here already.",
        f"Check them with `dropsweep data verify --path {shlex.quote(str(path))}`, or name them in "
        "a config as dataset.path, with dataset.name: arrays.",
    )


def arrays_missing(missing: Sequence[str], found: Sequence[str]) -> str:
    """There is no ``x`` or no ``y``."""
    there = ", ".join(found[:5]) or "nothing"
    return (
        f"{' and '.join(missing)} not found, only {there}; np.savez(path, x=..., y=...) names them"
    )


def arrays_of_objects(key: str) -> str:
    """An array that only pickle can store, which can run code."""
    return f"{key} holds Python objects, which are not read; make it numbers (or, of y, text) first"


def arrays_of_two_lengths(x: str, y: str, rows: int, labels: int) -> str:
    """Not one label per row."""
    first = min(rows, labels)
    return f"{x} has {rows:,} rows and {y} {labels:,} labels; row {first} has only one of them"


def arrays_of_two_forms(train: str, test: str) -> str:
    """Test rows that are not like the others."""
    return f"x_test is {test}, while x is {train}; rows must be alike"


def images_of_wrong_type(key: str, dtype: str) -> str:
    """Neither bytes nor floats."""
    return f"{key} is {dtype}; it must be uint8 or float: {key}.astype('float32')"


def images_of_wrong_shape(key: str, shape: tuple[int, ...]) -> str:
    """Not a row per example."""
    return f"{key} has the shape {shape}; it must be (N, D), (N, H, W) or (N, H, W, C)"


def image_not_finite(key: str, row: int, value: float) -> str:
    """The first row with a value that no net can take."""
    return f"{key} has the value {value:g} in row {row}; values must be finite and fit float32"


def array_empty(key: str, shape: tuple[int, ...]) -> str:
    """An array without a value."""
    return f"{key} is empty, of shape {shape}"


def rows_too_wide(key: str, values: int, limit: int) -> str:
    """A row that is an array of its own."""
    return f"a row of {key} has {values:,} values; at most {limit:,} are allowed"


def labels_of_wrong_type(key: str, dtype: str) -> str:
    """Labels that are no classes."""
    return f"{key} is {dtype}; labels must be integers or short text: {key}.astype(int)"


def labels_of_wrong_shape(key: str, shape: tuple[int, ...]) -> str:
    """A table in place of labels."""
    remedy = f"{key}.argmax(axis=1)" if len(shape) == 2 and shape[1] > 1 else f"{key}.ravel()"
    return f"{key} has the shape {shape}; it must be (N,): {remedy}"


def labels_of_two_kinds(train: str, test: str) -> str:
    """Numbers here and text there."""
    return f"y_test is {test}, while y is {train}; labels must be alike"


def one_class(label: object) -> str:
    """Nothing to tell apart."""
    return f"y has only the class {label!r}, in row 0 as everywhere; there must be two at least"


def too_many_classes(limit: int) -> str:
    """Labels that are measurements."""
    return f"y has more than {limit:,} classes; labels must be classes, not measurements"


def class_not_trained(key: str, row: int, label: object) -> str:
    """A test label that no training row has."""
    return f"{key} has the class {label!r} in row {row}, which y does not have"
