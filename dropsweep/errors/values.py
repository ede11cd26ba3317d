"""What can be wrong with a config's values, as sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dropsweep.errors.config import shown

if TYPE_CHECKING:
    from collections.abc import Sequence


def not_a_number(value: object) -> str:
    """Text, true or nothing where a number belongs."""
    if isinstance(value, str) and re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", value, re.I):
        return f"{shown(value)} is text; write it without quotes"
    return f"must be a number, not {shown(value)}"


def not_a_whole_number(value: object) -> str:
    """A fraction, or no number at all, where a count belongs."""
    if isinstance(value, float):
        hint = f"; write {value:.0f}" if value.is_integer() and abs(value) < 1e15 else ""
        return f"must be a whole number, not {shown(value)}{hint}"
    return not_a_number(value).replace("must be a number", "must be a whole number")


def not_finite(value: object) -> str:
    """Infinity or not-a-number."""
    return f"must be a finite number, not {shown(value)}"


def not_text(value: object) -> str:
    """A number, true, or nothing where text belongs."""
    scalar = isinstance(value, bool | int | float)
    return f"must be text, not {shown(value)}" + ("; write it in quotes" if scalar else "")


def not_a_list(value: object) -> str:
    """A single value where a list belongs."""
    hint = _as_list(value)
    return f"must be a list, not {shown(value)}" + (f"; write {hint}" if hint else "")


def list_of_set(path: Sequence[str | int], value: object) -> str:
    """The same in a ``--set``, where a shell might take the brackets for its own."""
    hint = (
        f"; write {'.'.join(map(str, path))}={_as_list(value)} in quotes" if _as_list(value) else ""
    )
    return f"must be a list, not {shown(value)}{hint}"


def _as_list(value: object) -> str:
    """A number, or words with commas between them, in brackets; empty of anything else."""
    if isinstance(value, bool | int | float):
        return f"[{shown(value)}]"
    if isinstance(value, str) and "," in value and not re.search(r"[\[\]{}\n]", value):
        return f"[{', '.join(part.strip() for part in value.split(','))}]"
    return ""


def empty_value() -> str:
    """``[]`` or an empty string."""
    return "must not be empty"


def not_a_choice(choices: str, value: object) -> str:
    """A word that names none of the possibilities."""
    words = choices.replace("'", "")
    return f"must be {words}, not {shown(value)}"


def out_of_range(relation: str, bound: float, value: object) -> str:
    """A number beyond what it can mean."""
    return f"must be {relation} {bound:.0f}, not {shown(value)}"


def repeated(value: object) -> str:
    """A rate or seed that would be trained twice."""
    return f"{shown(value)} stands in the list twice; every run is trained once"


def name_unusable(name: str) -> str:
    """A name that cannot become a folder everywhere."""
    return f"{shown(name)} cannot name a folder; use at most 100 letters, digits, - _ . (no spaces)"


def default_name_unusable(name: str) -> str:
    """The config's file has a name that cannot become a folder everywhere."""
    return (
        f"not given, and the file's name {shown(name)} cannot name a folder; "
        "add a name of letters, digits, - _ ."
    )


def not_true_or_false(value: object) -> str:
    """Something else where a yes or no belongs."""
    return f"must be true or false, not {shown(value)}"


def one_needed(first: str, second: str) -> str:
    """Neither of two ways to say the same thing."""
    return f"{first} is required (or {second} instead)"


def one_too_many(other: str) -> str:
    """Both of two ways to say the same thing."""
    return f"stands beside {other}, which says the same; keep one of the two"


def path_of_synthetic() -> str:
    """Generated data has no file."""
    return "synthetic images are generated, not read; delete the path, or use name: cifar10"


def too_many_parameters(parameters: int, limit: int) -> str:
    """A net that no computer this program is for can hold."""
    return f"makes a net of {parameters:,} parameters; at most {limit:,} are allowed"


def too_many_runs(runs: int, limit: int) -> str:
    """A sweep that would never be finished, and whose plan fits no memory."""
    return f"makes a sweep of {runs:,} runs; at most {limit:,} are allowed"


def too_many_train_images(train_size: int, images: int, val_size: int) -> str:
    """More training images than validation leaves."""
    return (
        f"train_size {train_size} is beyond the pool: "
        f"{images} images minus {val_size} for validation leave {max(images - val_size, 0)}"
    )


def too_many_test_images(test_size: int, images: int) -> str:
    """More test images than there are."""
    return f"test_size {test_size} is beyond the test batch: it has {images} images"
