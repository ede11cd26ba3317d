"""More axes than the rate: every combination of a grid's values is a config of its own."""

from __future__ import annotations

import copy
from itertools import product
from typing import TYPE_CHECKING, Any

from dropsweep import errors
from dropsweep.config.document import Document
from dropsweep.config.models import Config, known_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dropsweep.config.document import Data, KeyPath, Place

_NO_AXES = {"name", "path", "identity", "rates", "keep_probs", "keep_parameters"}
"""Keys that make another sweep, are an axis by themselves, or change no number."""

_SIZES = ("model.hidden_sizes", "model.kept_units")
_INSTEAD = dict(zip(_SIZES, reversed(_SIZES), strict=True))
"""Where two keys say the same in two ways, a value of the one replaces the other."""


def axes() -> list[str]:
    """The dotted keys that a grid may list."""
    return [
        f"{section}.{key}"
        for section, keys in known_keys().items()
        if section
        for key in keys
        if key not in _NO_AXES
    ]


def settings(config: Config) -> Iterator[Config]:
    """One config a combination, in the order of the grid, the last axis fastest."""
    plain = config.model_dump(exclude={"grid"})
    for values in _combinations(config.grid):
        yield Config.model_validate(_put_all(plain, values))


def impossible_axes(document: Document, grid: Mapping[str, Any]) -> list[errors.Mistake]:
    """Mistakes of the keys alone."""
    known = axes()
    sentences = {key: errors.unknown_axis(key, known) for key in grid if key not in known}
    if all(key in grid for key in _SIZES):
        sentences[_SIZES[1]] = errors.axes_say_the_same(*_SIZES)
    return [
        document.key_place(("grid", key)).mistake(errors.at_key(("grid",), sentence))
        for key, sentence in sentences.items()
    ]


def setting_documents(document: Document, grid: Mapping[str, Sequence[Any]]) -> Iterator[Document]:
    """The document as if each combination had been written in it.

    The document itself is held to be right, so that a mistake in a section of a combination stands
    at what the grid puts there.
    """
    data = {key: value for key, value in _mapping(document.data).items() if key != "grid"}
    for at in product(*(range(len(values)) for values in grid.values())):
        indices = dict(zip(grid, at, strict=True))
        places: dict[KeyPath, Place] = {}
        for key, index in indices.items():
            places |= _places_of_value(document, key, index)
        yield Document(
            _put_all(data, {key: grid[key][index] for key, index in indices.items()}),
            _outside(document.keys, places) | places,
            _outside(document.values, places) | places,
        )


def _combinations(grid: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def _put_all(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    new = copy.deepcopy(dict(data))
    for dotted, value in values.items():
        section, key = dotted.split(".")
        content = new.setdefault(section, {})
        content[key] = value
        if dotted in _INSTEAD and value is not None:
            content[_INSTEAD[dotted].partition(".")[2]] = None
    return new


def _places_of_value(document: Document, key: str, index: int) -> dict[KeyPath, Place]:
    """Where one value of the grid stands, and what is inside it, by the paths it is put at."""
    section, name = key.split(".")
    written = ("grid", key, index)
    start = document.value_place(written)
    inside = {
        (section, name, *path[3:]): place
        for path, place in document.values.items()
        if path[:3] == written
    }
    return {(section,): start, (section, name): start} | inside


def _outside(
    places: Mapping[KeyPath, Place], replaced: Mapping[KeyPath, Place]
) -> dict[KeyPath, Place]:
    """Places in the sections into which the grid puts nothing."""
    return {path: place for path, place in places.items() if path[:1] not in replaced}


def _mapping(data: Data) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}
