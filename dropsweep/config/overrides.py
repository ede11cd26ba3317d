"""Overrides: values given beside the config, as if they had been written in it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING

from dropsweep.config.document import Document, KeyPath, from_python
from dropsweep.config.models import known_keys
from dropsweep.config.strict_yaml import DEEPEST, parse
from dropsweep.errors import Place
from dropsweep.errors import about_config as about

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dropsweep.config.document import Data

_KEY = re.compile(r"\s*[\w-]+(\.[\w-]+)*\s*")


def override(document: Document, overrides: Sequence[str] | Mapping[str, Any]) -> Document:
    """The document with every override put in, the later over the earlier.

    Keys are dotted (``training.epochs``). The values of a mapping are taken as they are; those of
    ``KEY=VALUE`` words are YAML, and an empty one is null.
    """
    if isinstance(overrides, Mapping):
        return reduce(_set_item, overrides.items(), document)
    return reduce(_set_word, overrides, document)


def _set_word(document: Document, assignment: str) -> Document:
    place = Place(0, 0, f"--set {assignment}")
    key, equals, text = assignment.partition("=")
    if not (equals and _KEY.fullmatch(key)):
        return document.with_mistake(place.mistake(about("set_without_value")))
    return _set(document, key.strip(), parse(text, place.source), place)


def _set_item(document: Document, item: tuple[str, Any]) -> Document:
    key, value = item
    place = Place(0, 0, f"overrides[{key!r}]")
    if not (isinstance(key, str) and _KEY.fullmatch(key)):
        return document.with_mistake(place.mistake(about("override_key")))
    return _set(document, key, from_python(value, place.source), place)


def _set(document: Document, key: str, value: Document, place: Place) -> Document:
    path = _path(key)
    if len(path) > DEEPEST:
        return document.with_mistake(place.mistake(about("nested_too_deep", deepest=DEEPEST)))
    data = copy.deepcopy(document.data)
    if blocked := _put(data, path, value.data):
        return document.with_mistake(place.mistake(about("set_through_value", key=blocked)))
    unlocated = (place.mistake(mistake.sentence) for mistake in value.mistakes)
    return Document(
        data,
        _moved(document.keys, path, place),
        _moved(document.values, path, place),
        (*document.mistakes, *unlocated),
    )


def _path(key: str) -> tuple[str, ...]:
    """The steps of a dotted key; below ``grid`` stand dotted keys themselves."""
    if key.startswith("grid."):
        return tuple(key.split(".", 1))
    return tuple(key.split("."))


def _put(data: Data, path: Sequence[str], value: Data) -> str:
    """Put ``value`` into ``data``; or return the key on the way that is no section."""
    for depth, key in enumerate(path):
        if not isinstance(data, dict):
            return ".".join(path[:depth])
        if depth == len(path) - 1:
            data[key] = value
        data = data.setdefault(key, {})
    return ""


def _moved(places: Mapping[KeyPath, Place], path: KeyPath, to: Place) -> dict[KeyPath, Place]:
    """Places in which ``path`` and all below it stand at ``to``, and so do unknown keys above it.

    A known section does not: its other keys have defaults, and nobody wrote them there.
    """
    kept = {old: place for old, place in places.items() if old[: len(path)] != path}
    above = {path[:depth]: to for depth in range(1, len(path)) if path[0] not in known_keys()}
    return {path: to} | above | kept
