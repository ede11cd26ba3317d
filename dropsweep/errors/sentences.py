"""A sentence for each mistake of a config, with what would do in its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from dropsweep.errors.base import counted
from dropsweep.errors.config import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = "use at most 100 of A-Z a-z 0-9 - _ . and not only dots"

_SENTENCES = {
    # the file and its keys
    "not_utf8": "the byte 0x{byte:02x} is not UTF-8 text; save the config as UTF-8",
    "empty": "the config is empty; the least it can hold is: dropout: {{rates: [0, 0.5]}}",
    "not_key_value": 'the config must be made of "key: value" lines, not {value}',
    "several_documents": "a second document begins here; keep one config in a file",
    "control_character": "the control character U+{code:04X} cannot stand in a config; delete it",
    "number_beyond_yaml": "not YAML: a number here is too large",
    "integer_too_long": "a whole number of {digits} digits; write at most 18",
    "nested_too_deep": "nested more than {deepest} levels deep; no key of a config is",
    "reference": "anchors (&), aliases (*) and merge keys (<<) are not used here; "
    "write the value out",
    "tag": "the tag {value} is not used here; delete it (text is written in quotes)",
    "set_without_value": "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]",
    "set_through_value": "{key} is not a section, so nothing can be set below it",
    "override_key": "the key must be dotted words, such as training.epochs",
    "duplicate_key": "given twice, first on line {line}; keep one",
    "key_not_text": "a key must be a word, not {value}",
    "missing": "is required; add it",
    "unknown_key": "unknown key; known here: {known}",
    "misspelt_key": "unknown key; did you mean {meant}?",
    "same_axes": "{value} says the same as {first}; keep one of the two axes",
    "not_a_section": "is a section; write its keys below it instead of {value}",
    "default_name": "not given, and the file's name {value} cannot name a folder; "
    f"add a name: {_NAME}",
    # values
    "finite_number": "must be a finite number, not {value}",
    "literal_error": "must be {expected}, not {value}",
    "greater_than": "must be above {gt:.0f}, not {value}",
    "greater_than_equal": "must be at least {ge:.0f}, not {value}",
    "less_than": "must be below {lt:.0f}, not {value}",
    "less_than_equal": "must be at most {le:.0f}, not {value}",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_too_long": f"{{value}} cannot name a folder; {_NAME}",
    "string_pattern_mismatch": f"{{value}} cannot name a folder; {_NAME}",
    "bool_type": "must be true or false, not {value}",
    "repeated": "{value} stands in the list twice; delete one",
    "one_needed": "{keys[0]} is required (or {keys[1]} instead)",
    "one_too_many": "stands beside {other}, which says the same; keep one of the two",
    "range_backwards": "must be at least from, {first}, not {value}",
    "range_uneven": "steps of {value} do not lead from {first} to {last}; "
    "the last rate would be {end}",
    "range_long": "makes {count:,} rates; write a step that makes at most {limit:,} different ones",
    "too_many_decimals": "must have at most 4 decimals, as in 0.005, not {value}",
    "auto_of_one_rate": "auto compares rates, and there is only one; "
    "add a rate, or write a number of seeds",
    "auto_of_equal_rates": "auto cannot compare keep probabilities this close; "
    "remove one of dropout.keep_probs, or write a number of seeds",
    "path_of_synthetic": "synthetic images are generated, not read; "
    "delete the path, or use name: cifar10",
    "arrays_without_path": "arrays needs dataset.path, the .npz file that holds x and y; add it",
    "schedule_idle": "has no effect with schedule: constant; add a schedule, or delete it",
    "schedule_without_epochs": "{schedule} needs dropout.schedule_epochs, a number of epochs; "
    "add it",
    "schedule_never_begins": "late drops only after {value} epochs, "
    "and training.epochs is {epochs}; lower it",
    "factor_too_large": "{value} x the rate {rate} is not below 1; lower the factor",
    "class_not_in_first": "the first {value} rows lack a class, which the first {rows} all have; "
    "write images: drawn, or shuffle the rows",
    "class_not_before_end": "without the last {value} rows, which are for testing, "
    "a class is missing; the first {rows} rows have all: lower it, or shuffle the rows",
    "test_of_one_class": "the last {value} rows, which are for testing, have only one class; "
    "shuffle the rows, give x_test and y_test, or write 0",
    "too_many_rows": "{value} for testing, train_size {train} and val_size {val} "
    "are more than the {images} rows; lower them to {images} in all",
    "too_many_test_images": "{value} is beyond the test batch: it has {images} images; "
    "lower it to at most {images}",
    "too_many_curve_images": "{value} is beyond dataset.val_size, {val_size}; "
    "lower it, or leave it out to use them all",
    "too_many_parameters": "makes a net of {parameters:,} parameters; "
    "use fewer units, for at most {limit:,}",
    "too_many_runs": "makes a sweep of {runs:,} runs; at most {limit:,} are allowed",
}
"""By the name of what is wrong: pydantic's, or that of a check of the config's own."""


def about_config(kind: str, value: object = None, **context: Any) -> str:
    """The sentence about a mistake; the context is what its check knows."""
    if kind == "string_type":
        return _not_text(value)
    if "expected" in context:
        context["expected"] = context["expected"].replace("'", "")
    return _SENTENCES[kind].format(value=shown(value), **context)


def _not_text(value: object) -> str:
    scalar = isinstance(value, bool | int | float)
    return f"must be text, not {shown(value)}" + ("; write it in quotes" if scalar else "")


def not_a_number(value: object, hint: object = None) -> str:
    """Text, true or nothing in place of a number; ``hint`` is a value that would do."""
    if isinstance(value, str) and hint is not None:
        return f"{shown(value)} is text; write it without quotes"
    return f"must be a number, not {shown(value)}"


def not_a_whole_number(value: object, hint: object = None) -> str:
    """A fraction, or no number at all, in place of a count."""
    if isinstance(value, float):
        return f"must be a whole number, not {shown(value)}" + _instead(hint)
    return not_a_number(value, hint).replace("must be a number", "must be a whole number")


def not_seeds(value: object, hint: object = None) -> str:
    """None of the ways to give seeds."""
    if isinstance(value, str) and hint is not None:
        return not_a_number(value, hint)
    return f"must be a whole number, a list of seeds or auto, not {shown(value)}" + _instead(hint)


def not_a_list(value: object, hint: object = None) -> str:
    """A single value in place of a list."""
    return f"must be a list, not {shown(value)}" + _instead(hint)


def list_of_set(path: Sequence[str | int], value: object, hint: object = None) -> str:
    """The same in a ``--set``, whose brackets a shell might interpret."""
    sentence = f"must be a list, not {shown(value)}"
    if hint is None:
        return sentence
    return f"{sentence}; write {'.'.join(map(str, path))}={_written(hint)} in quotes"


def _instead(hint: object) -> str:
    return "" if hint is None else f"; write {_written(hint)}"


def _written(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return value if isinstance(value, str) else shown(value)


def factors_miscounted(factors: int, layers: int) -> str:
    """Not one factor per hidden layer."""
    wanted = counted(layers, "hidden layer")
    return f"{counted(factors, 'factor')} for {wanted}; write one per layer"


def too_many_train_images(train_size: int, images: int, val_size: int) -> str:
    """More training images than validation leaves."""
    left = max(images - val_size, 0)
    ways = [f"train_size to at most {left}"] * (left > 0)
    ways += [f"val_size to at most {images - train_size}"] * (train_size < images)
    return (
        f"{train_size} is beyond the pool: {images} images minus {val_size} for "
        f"validation leave {left}; lower {' or '.join(ways) or 'both'}"
    )


def not_yaml(problem: str, context: str = "") -> str:
    """The file breaks YAML's grammar; the words are the parser's."""
    if "'\\t'" in problem:
        return "a tab indents this line, which YAML forbids; indent with spaces"
    return f"not YAML: {problem} {context}".rstrip()


def misplaced_key(section: str, key: str) -> str:
    """A key, perhaps misspelt, of another section."""
    where = f"{key} in the section {section}" if section else f"{key} outside of any section"
    return f"unknown key here; did you mean {where}?"


def empty_section(*, required: bool) -> str:
    """``training:`` with nothing below it."""
    remedy = "indent its keys below it" + ("" if required else ", or leave it out")
    return f"is a section with nothing in it; {remedy}"


def unknown_axis(key: str, known: Sequence[str]) -> str:
    """A key of the grid that cannot be varied there."""
    if key in ("seeds", "dropout.rates", "dropout.keep_probs", "rates", "keep_probs"):
        return f"{shown(key)} is an axis already; list its values where it stands"
    if key.rpartition(".")[2] in ("name", "path", "identity", "margin", "max_seeds", "decision"):
        return f"{shown(key)} is one for the whole sweep; write a config for each"
    if key in ("results.keep_parameters", "keep_parameters"):
        return f"{shown(key)} changes no number, so it cannot be varied; set it for the whole sweep"
    nearly = key.lower()
    near = [axis for axis in known if axis.partition(".")[2] == nearly.rpartition(".")[2]]
    near += difflib.get_close_matches(nearly, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "write section.key, as in training.epochs"
    return f"{shown(key)} cannot be varied; {hint}"


def axis_of_sections(section: str, keys: Sequence[str]) -> str:
    """``grid: {training: {epochs: [1, 2]}}``: the config's shape instead of dotted keys."""
    key = keys[0] if keys else "key"
    return f"the keys of a grid are dotted; write {section}.{key}: [...] instead of a section"
