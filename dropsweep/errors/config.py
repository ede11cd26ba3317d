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


CONFIG_EMPTY = "the config is empty; the least it can hold is: dropout: {rates: [0, 0.5]}"
SEVERAL_DOCUMENTS = "a second document begins here; keep one config in a file"
NUMBER_BEYOND_YAML = "not YAML: a number here is too large"
"""An escape beyond all characters, or a version beyond all of YAML's."""
REFERENCE = "anchors (&), aliases (*) and merge keys (<<) are not used here; write the value out"
SET_WITHOUT_VALUE = "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"
OVERRIDE_KEY = "the key must be dotted words, such as training.epochs"
MISSING_KEY = "is required; add it"
SCHEDULE_EPOCHS_IDLE = "has no effect with schedule: constant; add a schedule, or delete it"


@dataclass(frozen=True, order=True)
class Place:
    """A place in a config."""

    line: int
    """Counted from 1; 0 where it is not in the file (a ``--set``)."""
    column: int
    """Characters, counted from 1."""
    source: str
    """The config's path, ``<stdin>``, or the ``--set`` it stands in."""

    def mistake(self, sentence: str) -> Mistake:
        """A mistake that stands here."""
        return Mistake(self, sentence)


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake of a config."""

    place: Place
    sentence: str
    """The mistake, and what to write instead."""

    def __str__(self) -> str:
        at = self.place
        where = f"{at.source}:{at.line}:{at.column}" if at.line else at.source
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


def control_character(character: str) -> str:
    """An invisible character, which no file name can hold."""
    return f"the control character U+{ord(character):04X} cannot stand in a config; delete it"


def config_not_a_section(value: object) -> str:
    """The whole file is a list or a word."""
    return f'the config must be made of "key: value" lines, not {shown(value)}'


def nested_too_deep(deepest: int) -> str:
    """Brackets within brackets within brackets."""
    return f"nested more than {deepest} levels deep; no key of a config is"


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
