"""More axes than the rate: every combination of a grid's values is a config of its own."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from dropsweep import errors
from dropsweep.config.document import Document
from dropsweep.config.models import Config, known_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dropsweep.config.document import KeyPath
    from dropsweep.errors import Place

_NO_AXES = {
    *("name", "path", "identity", "rates", "keep_probs", "keep_parameters", "margin", "max_seeds"),
}
"""Keys that make another sweep, are an axis by themselves, or change no number."""

_SHARED = {"grid", "seeds"}
"""Keys that are left out of a setting: long lists would be copied into each."""

_SIZES = ("model.hidden_sizes", "model.kept_units")
_INSTEAD = dict(zip(_SIZES, reversed(_SIZES), strict=True))
"""Two keys for one thing: a value of one replaces the other."""


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
    """One config per combination, in the order of the grid, the last axis fastest.

    Each has one seed: the seeds are those of the whole.
    """
    plain = config.model_dump(by_alias=True, exclude=_SHARED)
    for values in product(*config.grid.values()):
        yield Config.model_validate(_put_all(plain, dict(zip(config.grid, values, strict=True))))


def impossible_axes(document: Document, grid: Mapping[str, Any]) -> list[errors.Mistake]:
    """Mistakes of the keys only."""
    known = axes()
    sentences = {key: errors.unknown_axis(key, known) for key in grid if key not in known}
    if all(key in grid for key in _SIZES):
        sentences[_SIZES[1]] = errors.about_config("same_axes", _SIZES[1], first=_SIZES[0])
    return [
        document.key_place(("grid", key)).mistake(errors.at_key(("grid",), sentence))
        for key, sentence in sentences.items()
    ]


def setting_documents(document: Document, grid: Mapping[str, Sequence[Any]]) -> Iterator[Document]:
    """The document as if each combination had been written in it.

    The document itself is held to be right, so that a mistake in a section of a combination stands
    at the grid's value.
    """
    given = document.data if isinstance(document.data, dict) else {}
    data = {key: value for key, value in given.items() if key not in _SHARED}
    changed = {key.partition(".")[0] for key in grid} | _SHARED
    keys, values = _outside(document.keys, changed), _outside(document.values, changed)
    written = _places_by_value(document)
    for at in product(*(range(len(listed)) for listed in grid.values())):
        places: dict[KeyPath, Place] = {}
        for key, index in zip(grid, at, strict=True):
            places |= _places_of_value(document, written, key, index)
        yield Document(
            _put_all(data, {key: grid[key][i] for key, i in zip(grid, at, strict=True)}),
            keys | places,
            values | places,
        )


def _put_all(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(data)
    for dotted, value in values.items():
        section, key = dotted.split(".")
        new[section] = content = {**new.get(section, {}), key: value}
        if dotted in _INSTEAD and value is not None:
            content[_INSTEAD[dotted].partition(".")[2]] = None
    return new


def _places_by_value(document: Document) -> dict[KeyPath, dict[KeyPath, Place]]:
    """Places inside each value of the grid, by the value's path and the path inside."""
    places: dict[KeyPath, dict[KeyPath, Place]] = {}
    for path, place in document.values.items():
        if len(path) >= 3 and path[0] == "grid":
            places.setdefault(path[:3], {})[path[3:]] = place
    return places


def _places_of_value(
    document: Document, written: Mapping[KeyPath, Mapping[KeyPath, Place]], key: str, index: int
) -> dict[KeyPath, Place]:
    """Places of one value of the grid, and of what is inside it, by the paths it is put at."""
    section, name = key.split(".")
    at = ("grid", key, index)
    start = document.value_place(at)
    inside = {(section, name, *path): place for path, place in written.get(at, {}).items()}
    return {(section,): start, (section, name): start} | inside


def _outside(places: Mapping[KeyPath, Place], sections: set[str]) -> dict[KeyPath, Place]:
    """Places in the other sections."""
    return {path: place for path, place in places.items() if not (path and path[0] in sections)}
