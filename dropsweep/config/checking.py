"""The check of a document: a `Config`, or all of its mistakes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dropsweep import errors
from dropsweep.config.grid import axes
from dropsweep.config.models import Config, known_keys
from dropsweep.config.strict_yaml import plain_scalar
from dropsweep.config.values import AUTO, COUNT, LIST, RANGE, Range
from dropsweep.errors import about_config as about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core import ErrorDetails

    from dropsweep.config.document import Data, Document, KeyPath


def validate(document: Document) -> Config | list[errors.Mistake]:
    """Check every key, and find every mistake at its place."""
    data = document.data
    if isinstance(data, dict):  # a section left out has nothing but defaults
        data = {section: {} for section in known_keys() if section} | data
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        details = _without_consequences(error.errors(include_url=False), document.data)
        return [mistake for detail in details for mistake in _mistakes(detail, data, document)]


def _without_consequences(details: list[ErrorDetails], data: Data) -> list[ErrorDetails]:
    """Those of sections that are not missing, but misspelt, and told as that."""
    if not isinstance(data, dict):
        return details
    unknown = [str(each["loc"][0]) for each in details if each["type"] == "extra_forbidden"]
    meant = {near for key in unknown for near in _near(key, known_keys()[""])}
    return [each for each in details if not {*each["loc"][:1]} & (meant - data.keys())]


def _mistakes(detail: ErrorDetails, data: Data, document: Document) -> list[errors.Mistake]:
    path, kind, context = _as_written(detail["loc"]), detail["type"], detail.get("ctx", {})
    if kind in ("extra_forbidden", "missing"):
        sentence = about("missing") if kind == "missing" else _unknown_key(path)
        return [document.key_place(path).mistake(errors.at_key(path, sentence))]
    if kind == "too_short" and _at(data, path):
        return []  # pydantic counts the good items only; each bad one has its own mistake
    found = []
    for at in [(*path, step) for step in context.get("inside", ())] or [path]:
        sentence = _wrong_type(kind, at, data, document)
        sentence = sentence or about(kind, _at(data, at), **context)
        found.append(document.value_place(at).mistake(errors.at_key(at, sentence)))
    return found


def _wrong_type(kind: str, path: KeyPath, data: Data, document: Document) -> str:
    """The sentence about a value of the wrong type, which may propose another; else nothing."""
    value = _at(data, path)
    if kind == "tuple_type":
        return _not_a_list(value, path, data, document)
    if kind == "float_type":
        return errors.not_a_number(value, _if_valid(_read(value), path, data))
    if kind == "int_type":
        whole = int(value) if isinstance(value, float) and value.is_integer() else _read(value)
        say = errors.not_seeds if path == ("seeds",) else errors.not_a_whole_number
        return say(value, _if_valid(whole, path, data))
    if kind not in ("model_type", "dict_type"):
        return ""
    if value is not None:
        return about("not_a_section", value)
    return errors.empty_section(required=_if_valid({}, path, data) is None)


def _as_written(path: KeyPath) -> KeyPath:
    """The path without pydantic's step for the form of a value that has several."""
    for key in (("seeds",), ("dropout", "rates")):
        if path[: len(key)] == key and path[len(key) : len(key) + 1] in _FORMS:
            return (*key, *path[len(key) + 1 :])
    return path


def _not_a_list(value: Any, path: KeyPath, data: Data, document: Document) -> str:
    if path[0] == "grid" and isinstance(value, dict):
        known = axes()
        if any(f"{path[1]}.{key}" in known for key in value):
            return errors.axis_of_sections(str(path[1]), list(value))
        return errors.unknown_axis(str(path[1]), known)
    parts = value.split(",") if isinstance(value, str) and "," in value else [value]
    hint = _if_valid([_read(part) for part in parts], path, data)
    if document.value_place(path).source.startswith(f"--set {'.'.join(map(str, path))}="):
        return errors.list_of_set(path, value, hint)
    return errors.not_a_list(value, hint)


def _read(value: Any) -> Any:
    """Text as it would be read without quotes; other values as they are."""
    if not isinstance(value, str):
        return value
    try:
        return plain_scalar(value.strip())
    except ValueError:
        return value


def _if_valid(value: Any, path: KeyPath, data: Data) -> Any:
    """A value that can be proposed: None if it would be a mistake at this path too."""
    if path[0] == "grid" and len(path) == 2:
        axis, items = tuple(str(path[1]).split(".")), value
        valid = path[1] in axes() and all(_is_valid(each, axis, data) for each in items)
    else:
        valid = _is_valid(value, path, data)
    return value if valid else None


def _is_valid(value: Any, path: KeyPath, data: Data) -> bool:
    try:
        Config.model_validate(_with(data, path, value))
    except ValidationError as error:
        locations = (_as_written(each["loc"]) for each in error.errors(include_url=False))
        return not any(each[: len(path)] == path for each in locations)
    return True


def _with(data: Any, path: KeyPath, value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    key, inner = path[0], path[1:]
    if isinstance(data, list):
        return [_with(item, inner, value) if i == key else item for i, item in enumerate(data)]
    content = data if isinstance(data, dict) else {}
    return {**content, key: _with(content.get(key), inner, value)}


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _unknown_key(path: KeyPath) -> str:
    *sections, key = (str(step) for step in path)
    known = known_keys()
    if sections == ["dropout", "rates"]:
        here = tuple(field.alias or name for name, field in Range.model_fields.items())
        near = _near(key, here)
        return _misspelt(near, here)
    here = known.pop(".".join(sections))
    elsewhere = {name: section for section, names in known.items() for name in names}
    above, _, last = key.rpartition(".")
    if above and last in known.get(above, ()):
        return errors.misplaced_key(above, last)
    if key in elsewhere:
        return errors.misplaced_key(elsewhere[key], key)
    if near := _near(key, here):
        return _misspelt(near, here)
    if near := _near(key, elsewhere):
        return errors.misplaced_key(elsewhere[near[0]], near[0])
    return _misspelt([], here)


def _misspelt(near: Sequence[str], known: Iterable[str]) -> str:
    if near:
        return about("misspelt_key", meant=near[0])
    return about("unknown_key", known=", ".join(known))


def _near(key: str, known: Iterable[str]) -> list[str]:
    """The known key that was meant, if one is near."""
    return difflib.get_close_matches(key.lower(), known, n=1)


_FORMS = [(form,) for form in (COUNT, LIST, AUTO, RANGE)]
