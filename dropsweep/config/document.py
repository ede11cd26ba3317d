"""A config's plain values, and the place of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from dropsweep.errors import Mistake, Place

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"
KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: ``("dropout", "rates", 1)``; the whole config is ``()``."""


def place_at(before: str, source: str) -> Place:
    """The place of what follows ``before``."""
    lines = f"{before}.".splitlines()
    return Place(len(lines), len(lines[-1]), source)


@dataclass(frozen=True)
class Document:
    """The values of a config as read, and the mistakes found so far."""

    data: Data
    """None where nothing could be read."""
    keys: Mapping[KeyPath, Place]
    """The places of a mapping's keys; always holds ``()``, the start of the whole."""
    values: Mapping[KeyPath, Place]
    """The places of values: of mappings, and the items of lists."""
    mistakes: tuple[Mistake, ...] = ()

    def key_place(self, path: KeyPath) -> Place:
        """The key's place, or that of the nearest key around it that was written."""
        while path not in self.keys:
            path = path[:-1]
        return self.keys[path]

    def value_place(self, path: KeyPath) -> Place:
        """The value's place, or that of the nearest key around it."""
        return self.values.get(path) or self.key_place(path)

    def with_mistake(self, mistake: Mistake) -> Document:
        """The document with one more mistake."""
        return replace(self, mistakes=(*self.mistakes, mistake))


def from_python(value: Any, source: str) -> Document:
    """A document of Python values: ranges and arrays become lists, paths become text.

    ``source`` is the name of the values in messages.
    """
    place = Place(0, 0, source)
    return Document(_plain(value), {(): place}, {(): place})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):  # of NumPy or pandas
        return _plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(each) for each in value]
    return value
