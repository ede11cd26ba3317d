"""Mistakes of a config: their places, and a sentence for each."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, counted, listed, reason

if TYPE_CHECKING:
    from collections.abc import Sequence


_NAME = "use at most 100 of A-Z a-z 0-9 - _ . and not only dots"


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake of a config."""

    line: int
    """Counted from 1; 0 where the mistake is not in the file (a ``--set``)."""
    column: int
    """Counted from 1."""
    source: str
    """The config's path, ``<stdin>``, or the ``--set`` it stands in."""
    sentence: str
    """The mistake, and what to write instead."""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{where}: {self.sentence}"


def config_mistakes(mistakes: Sequence[Mistake]) -> ConfigError:
    """All mistakes of a config, in the order of its lines."""
    count = counted(len(mistakes), "mistake")
    return ConfigError(f"the config has {count}; nothing was started.{listed(sorted(mistakes))}")


def config_unreadable(source: str, cause: OSError, inside: str = "") -> ConfigError:
    """The config's file is missing, a folder, perhaps with a config ``inside``, or forbidden."""
    what = f"{source}: the config cannot be read ({reason(cause)})."
    remedy = "Give the path of a YAML file, or - to read it from stdin."
    return ConfigError(what, f"Give the config in it: {inside}" if inside else remedy)


def at_key(path: Sequence[str | int], sentence: str) -> str:
    """A sentence about the key it concerns: ``dropout.rates[1]: must be ...``."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in path)
    return f"{steps.removeprefix('.')}: {sentence}" if path else sentence


def _key(key: str) -> str:
    return key if re.fullmatch(r"\w{1,40}", key) else shown(key)


def shown(value: object) -> str:
    """A config value as its writer would recognize it, on one line."""
    if isinstance(value, str):
        quoted = json.dumps(value if len(value) <= 40 else f"{value[:37]}...", ensure_ascii=False)
        return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in quoted)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.1f}"
    words = {type(None): "nothing", bool: str(value).lower(), list: "a list", dict: "a section"}
    return words.get(type(value), str(value))


def not_yaml(problem: str, context: str = "") -> str:
    """The file breaks YAML's grammar; the words are the parser's."""
    if "'\\t'" in problem:
        return "a tab indents this line, which YAML forbids; indent with spaces"
    return f"not YAML: {problem} {context}".rstrip()


def not_utf8(byte: int) -> str:
    """The file has a byte that is not text."""
    return f"the byte 0x{byte:02x} is not UTF-8 text; save the config as UTF-8"


def number_beyond_yaml() -> str:
    """An escape beyond all characters, or a version beyond all of YAML's."""
    return not_yaml("a number here is too large")


def control_character(character: str) -> str:
    """An invisible character, which no file name can hold."""
    return f"the control character U+{ord(character):04X} cannot stand in a config; delete it"


def config_empty() -> str:
    """Nothing, or only comments."""
    return "the config is empty; the least it can hold is: dropout: {rates: [0, 0.5]}"


def config_not_a_section(value: object) -> str:
    """The whole file is a list or a word."""
    return f'the config must be made of "key: value" lines, not {shown(value)}'


def several_documents() -> str:
    """``---`` begins another config in the same file."""
    return "a second document begins here; keep one config in a file"


def nested_too_deep(deepest: int) -> str:
    """Brackets within brackets within brackets."""
    return f"nested more than {deepest} levels deep; no key of a config is"


def reference() -> str:
    """An anchor, an alias or a merge key."""
    return "anchors (&), aliases (*) and merge keys (<<) are not used here; write the value out"


def tag(name: str) -> str:
    """An explicit type, such as ``!!str``."""
    return f"the tag {shown(name)} is not used here; delete it (text is written in quotes)"


def integer_too_long(digits: int) -> str:
    """A number that does not fit 64 bits."""
    return f"a whole number of {digits} digits; write at most 18"


def duplicate_key(first_line: int) -> str:
    """YAML forbids it, and most readers silently keep the last."""
    return f"given twice, first on line {first_line}; keep one"


def key_not_text(key: object) -> str:
    """``1: ...`` or ``null: ...`` as a key."""
    return f"a key must be a word, not {shown(key)}"


def set_without_value() -> str:
    """``--set`` needs both sides of ``=``."""
    return "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"


def override_key() -> str:
    """A key of the overrides of `dropsweep.run` that is no dotted key."""
    return "the key must be dotted words, such as training.epochs"


def set_through_value(key: str) -> str:
    """``--set name.x=1``: there is nothing below a value."""
    return f"{key} is not a section, so nothing can be set below it"


def unknown_key(known: Sequence[str]) -> str:
    """A key that means nothing."""
    return f"unknown key; known here: {', '.join(known)}"


def misspelt_key(meant: str) -> str:
    """A key that is nearly one of its section."""
    return f"unknown key; did you mean {meant}?"


def misplaced_key(section: str, key: str) -> str:
    """A key, perhaps misspelt, of another section."""
    where = f"{key} in the section {section}" if section else f"{key} outside of any section"
    return f"unknown key here; did you mean {where}?"


def missing_key() -> str:
    """A key without a default is missing."""
    return "is required; add it"


def empty_section(*, required: bool) -> str:
    """``training:`` with nothing below it."""
    remedy = "indent its keys below it" + ("" if required else ", or leave it out")
    return f"is a section with nothing in it; {remedy}"


def not_a_section(value: object) -> str:
    """A value in place of keys."""
    return f"is a section; write its keys below it instead of {shown(value)}"


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


def axes_say_the_same(first: str, second: str) -> str:
    """Two axes that would replace each other."""
    return f"{shown(second)} says the same as {first}; keep one of the two axes"


def axis_of_sections(section: str, keys: Sequence[str]) -> str:
    """``grid: {training: {epochs: [1, 2]}}``: the config's shape instead of dotted keys."""
    key = keys[0] if keys else "key"
    return f"the keys of a grid are dotted; write {section}.{key}: [...] instead of a section"


# --- values -------------------------------------------------------------------------------------


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


def not_finite(value: object) -> str:
    """Infinity or not-a-number."""
    return f"must be a finite number, not {shown(value)}"


def not_text(value: object) -> str:
    """A number, true, or nothing in place of text."""
    scalar = isinstance(value, bool | int | float)
    return f"must be text, not {shown(value)}" + ("; write it in quotes" if scalar else "")


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


def empty_value() -> str:
    """``[]`` or an empty string."""
    return "must not be empty"


def not_a_choice(choices: str, value: object) -> str:
    """A word that is not one of the possibilities."""
    words = choices.replace("'", "")
    return f"must be {words}, not {shown(value)}"


def out_of_range(relation: str, bound: float, value: object) -> str:
    """A number beyond what it can mean."""
    return f"must be {relation} {bound:.0f}, not {shown(value)}"


def repeated(value: object) -> str:
    """A rate, seed or count that is given twice."""
    return f"{shown(value)} stands in the list twice; delete one"


def name_unusable(name: str) -> str:
    """A name that cannot become a folder everywhere."""
    return f"{shown(name)} cannot name a folder; {_NAME}"


def default_name_unusable(name: str) -> str:
    """The config's file has a name that cannot become a folder everywhere."""
    return f"not given, and the file's name {shown(name)} cannot name a folder; add a name: {_NAME}"


def not_true_or_false(value: object) -> str:
    """Something else in place of true or false."""
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


def arrays_without_path() -> str:
    """No data set is called so."""
    return "arrays needs dataset.path, the .npz file that holds x and y; add it"


def schedule_without_epochs(schedule: str) -> str:
    """A course of the rate without its length."""
    return f"{schedule} needs dropout.schedule_epochs, a number of epochs; add it"


def schedule_epochs_idle() -> str:
    """A number of epochs that nothing uses."""
    return "has no effect with schedule: constant; add a schedule, or delete it"


def schedule_never_begins(schedule_epochs: int, epochs: int) -> str:
    """``late`` after the end."""
    return (
        f"late drops only after {schedule_epochs} epochs, and training.epochs is {epochs}; lower it"
    )


def factors_miscounted(factors: int, layers: int) -> str:
    """Not one factor per hidden layer."""
    wanted = counted(layers, "hidden layer")
    return f"{counted(factors, 'factor')} for {wanted}; write one per layer"


def factor_too_large(factor: float, rate: float) -> str:
    """A factor that makes a rate which drops every unit, or more."""
    return f"{shown(factor)} x the rate {shown(rate)} is not below 1; lower the factor"


def class_not_in_first(size: int, rows: int) -> str:
    """Training images that lack a class."""
    return (
        f"the first {size} rows lack a class, which the first {rows} all have; write images: "
        "drawn, or shuffle the rows"
    )


def class_not_before_end(test_size: int, rows: int) -> str:
    """A class that only test images have."""
    return (
        f"without the last {test_size} rows, which are for testing, a class is missing; the first "
        f"{rows} rows have all: lower it, or shuffle the rows"
    )


def test_of_one_class(test_size: int) -> str:
    """A test that anyone passes."""
    return (
        f"the last {test_size} rows, which are for testing, have only one class; shuffle the rows, "
        "give x_test and y_test, or write 0"
    )


def too_many_rows(test_size: int, images: int, train: int, val: int) -> str:
    """More than there are rows, test rows among them."""
    return (
        f"{test_size} for testing, train_size {train} and val_size {val} are more than the "
        f"{images} rows; lower them to {images} in all"
    )


def too_many_parameters(parameters: int, limit: int) -> str:
    """A net too large for memory."""
    return f"makes a net of {parameters:,} parameters; use fewer units, for at most {limit:,}"


def too_many_runs(runs: int, limit: int) -> str:
    """A sweep that would never end, and whose plan fits no memory."""
    return f"makes a sweep of {runs:,} runs; at most {limit:,} are allowed"


def too_many_train_images(train_size: int, images: int, val_size: int) -> str:
    """More training images than validation leaves."""
    left = max(images - val_size, 0)
    ways = [f"train_size to at most {left}"] * (left > 0)
    ways += [f"val_size to at most {images - train_size}"] * (train_size < images)
    return (
        f"{train_size} is beyond the pool: {images} images minus {val_size} for "
        f"validation leave {left}; lower {' or '.join(ways) or 'both'}"
    )


def too_many_test_images(test_size: int, images: int) -> str:
    """More test images than there are."""
    return (
        f"{test_size} is beyond the test batch: it has {images} images; "
        f"lower it to at most {images}"
    )


def too_many_curve_images(curve_images: int, val_size: int) -> str:
    """More images for a point than there are validation images."""
    return (
        f"{curve_images} is beyond dataset.val_size, {val_size}; lower it, "
        "or leave it out to use them all"
    )


def range_backwards(first: float, last: float) -> str:
    """A range of rates that ends below its start."""
    return f"must be at least from, {shown(first)}, not {shown(last)}"


def range_uneven(first: float, last: float, step: float, end: float) -> str:
    """A range of rates whose steps miss its end."""
    return (
        f"steps of {shown(step)} do not lead from {shown(first)} to {shown(last)}; "
        f"the last rate would be {shown(end)}"
    )


def range_too_long(count: int, limit: int) -> str:
    """A range of rates with steps too small."""
    return f"makes {count:,} rates; write a step that makes at most {limit:,} different ones"


def too_many_decimals(value: float) -> str:
    """A margin whose multiples would be large fractions."""
    return f"must have at most 4 decimals, as in 0.005, not {shown(value)}"


def auto_of_one_rate() -> str:
    """A comparison of one rate."""
    return "auto compares rates, and there is only one; add a rate, or write a number of seeds"


def auto_of_equal_rates() -> str:
    """A comparison of keep probabilities whose rates are one number."""
    return (
        "auto cannot compare keep probabilities this close; remove one of dropout.keep_probs, or "
        "write a number of seeds"
    )


def shard_of_auto() -> ConfigError:
    """Parts of a sweep whose seeds depend on the other parts."""
    return ConfigError(
        "--shard cannot be used with seeds: auto: the results of all rates decide which seed is "
        "trained next.",
        "Use -j or --dask, or write a number of seeds: -s seeds=10.",
    )


def shard_outside(index: int, count: int) -> ConfigError:
    """A part that a sweep does not have."""
    return ConfigError(
        f"shard ({index}, {count}): there is no such part.",
        "The first number counts from 0 and is less than the second, as in (0, 4).",
    )
