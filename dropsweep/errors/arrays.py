"""Mistakes in the user's own arrays; rows are counted from 0, as NumPy does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, DataError, counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ABOUT_ARRAYS = {
    "not_given": "{missing} not given; x has a row per example, and y a label per row",
    "missing": "{missing} not found, only {there}; np.savez(path, x=..., y=...) names them",
    "half_a_test": "x_test and y_test belong together; add the other, or leave both out",
    "ragged": "{key} has rows of different lengths; each needs as many values as the others",
    "objects": "{key} holds Python objects, which are not read; "
    "make it numbers (or, of y, text) first",
    "empty": "{key} is empty, of shape {shape}",
    "image_type": "{key} is {dtype}; it must be uint8 or float: {key}.astype('float32')",
    "image_shape": "{key} has the shape {shape}; it must be (N, D), (N, H, W) or (N, H, W, C)",
    "row_too_wide": "a row of {key} has {values:,} values; at most {limit:,} are allowed",
    "label_type": "{key} is {dtype}; labels must be integers or short text: {key}.astype(int)",
    "label_shape": "{key} has the shape {shape}; it must be (N,): {key}.{remedy}",
    "two_lengths": "{x} has {rows:,} rows and {y} {labels:,} labels; "
    "row {first} has only one of them",
    "two_forms": "x_test is {test}, while x is {train}; rows must be alike",
    "two_kinds": "y_test is {test}, while y is {train}; labels must be alike",
    "not_finite": "{key} has the value {value:g} in row {row}; "
    "values must be finite and fit float32",
    "all_equal": "x has the same value everywhere; there is nothing to learn from it",
    "one_class": "y has only the class {label!r}, in row 0 as everywhere; "
    "there must be two at least",
    "too_many_classes": "y has more than {limit:,} classes; "
    "labels must be classes, not measurements",
    "not_trained": "{key} has the class {label!r} in row {row}, which y does not have",
}

_SAVED = (
    "Save it again: np.savez('my.npz', x=x, y=y), x uint8 or float with a row per example, y a "
    "label per row."
)


def about_arrays(kind: str, **values: object) -> str:
    """A mistake in the arrays, by the name of what is wrong."""
    return _ABOUT_ARRAYS[kind].format(**values)


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


def arrays_not_fetched(path: Path) -> ConfigError:
    """``data fetch`` of a file that is here."""
    return ConfigError(
        f"{path}: there is nothing to fetch, for your own arrays are here already.",
        f"Check them with `dropsweep data verify --path {shlex.quote(str(path))}`, or name them in "
        "a config as dataset.path, with dataset.name: arrays.",
    )
