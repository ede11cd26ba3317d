"""Plain values in, a `Config` or everything that is wrong with them out."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dropsweep import errors
from dropsweep.config.models import COUNT, LIST, Config, known_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if kind in ("extra_forbidden", "missing"):
        sentence = errors.missing_key() if kind == "missing" else _unknown_key(path)
        return [document.key_place(path).mistake(errors.at_key(path, sentence))]
    if path[:1] == ("seeds",):
        path = tuple(step for step in path if step not in (COUNT, LIST))
    if kind == "too_short" and _at(data, path):
        return []  # pydantic counts the good items alone; the bad ones are told on their own
    if kind == "tuple_type":
        sentence = _not_a_list(path, _at(data, path), document)
        return [document.value_place(path).mistake(errors.at_key(path, sentence))]
    paths = [(*path, step) for step in context.get("inside", ())] or [path]
    return [
        document.value_place(path).mistake(
            errors.at_key(path, _SENTENCES[kind](_at(data, path), context))
        )
        for path in paths
    ]


def _not_a_list(path: KeyPath, value: Any, document: Document) -> str:
    if path[0] == "grid" and isinstance(value, dict):
        return errors.axis_of_sections(str(path[1]), list(value))
    if document.value_place(path).source.startswith(f"--set {'.'.join(map(str, path))}="):
        return errors.list_of_set(path, value)
    return errors.not_a_list(value)


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _unknown_key(path: KeyPath) -> str:
    *sections, key = (str(step) for step in path)
    known = known_keys()
    here = known.pop(".".join(sections))
    elsewhere = {name: section for section, names in known.items() for name in names}
    above, _, last = key.rpartition(".")
    if above and last in known.get(above, ()):
        return errors.misplaced_key(above, last)
    if key in elsewhere:
        return errors.misplaced_key(elsewhere[key], key)
    if near := _near(key, here):
        return errors.misspelt_key(near[0])
    if near := _near(key, elsewhere):
        return errors.misplaced_key(elsewhere[near[0]], near[0])
    return errors.unknown_key(here)


def _near(key: str, known: Iterable[str]) -> list[str]:
    """The known key that was meant, if one is near."""
    return difflib.get_close_matches(key.lower(), known, n=1)


def _section_type(value: Any, _context: dict[str, Any]) -> str:
    return errors.empty_section() if value is None else errors.not_a_section(value)


_SENTENCES: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "model_type": _section_type,
    "dict_type": _section_type,
    "float_type": lambda value, _: errors.not_a_number(value),
    "int_type": lambda value, _: errors.not_a_whole_number(value),
    "string_type": lambda value, _: errors.not_text(value),
    "finite_number": lambda value, _: errors.not_finite(value),
    "literal_error": lambda value, ctx: errors.not_a_choice(ctx["expected"], value),
    "greater_than": lambda value, ctx: errors.out_of_range("above", ctx["gt"], value),
    "greater_than_equal": lambda value, ctx: errors.out_of_range("at least", ctx["ge"], value),
    "less_than": lambda value, ctx: errors.out_of_range("below", ctx["lt"], value),
    "less_than_equal": lambda value, ctx: errors.out_of_range("at most", ctx["le"], value),
    "too_short": lambda _value, _context: errors.empty_value(),
    "string_too_short": lambda _value, _context: errors.empty_value(),
    "string_too_long": lambda value, _: errors.name_unusable(value),
    "string_pattern_mismatch": lambda value, _: errors.name_unusable(value),
    "repeated": lambda value, _: errors.repeated(value),
    "bool_type": lambda value, _: errors.not_true_or_false(value),
    "one_needed": lambda _, ctx: errors.one_needed(*ctx["keys"]),
    "one_too_many": lambda _, ctx: errors.one_too_many(ctx["other"]),
    "path_of_synthetic": lambda _value, _context: errors.path_of_synthetic(),
}
"""What to say of a value, by pydantic's name for what is wrong with it."""
