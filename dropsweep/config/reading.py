"""A config from its file, with the overrides, checked; or all of its mistakes at once."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dropsweep import errors
from dropsweep.config.checking import validate
from dropsweep.config.document import Document, from_python, place_at
from dropsweep.config.grid import impossible_axes, setting_documents
from dropsweep.config.limits import beyond_limits, too_many_runs, without_effect
from dropsweep.config.models import Config
from dropsweep.config.overrides import override
from dropsweep.config.strict_yaml import parse
from dropsweep.config.values import NAME
from dropsweep.errors import about_config as about
from dropsweep.files import is_stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dropsweep.config.limits import Images

STDIN = "-"
OF_MAPPING = "sweep"
"""The name of a sweep whose config is a mapping that has none."""

_NOTHING_KNOWN: Mapping[str, Images] = MappingProxyType({})


@dataclass(frozen=True)
class Loaded:
    """A config that is right in itself, and where each of its values was written."""

    config: Config
    source: str
    """The config's path, ``<stdin>``, or ``config`` of a mapping."""
    document: Document


def load(
    source: str | Mapping[str, Any],
    overrides: Sequence[str] | Mapping[str, Any] = (),
    known: Mapping[str, Images] = _NOTHING_KNOWN,
) -> Loaded:
    """Read, override and check a config.

    Parameters
    ----------
    source
        A path, ``-`` for stdin, or a mapping as the file would hold.
    overrides
        ``KEY=VALUE`` with dotted keys and YAML values, or a mapping of dotted keys.
    known
        How many images a ``dataset.name`` has, where that is to be checked already.

    Raises
    ------
    ConfigError
        If it cannot be read, or with every mistake in it.
    """
    if isinstance(source, str):
        name, shown = source, _shown(source)
        document = _parsed(_read(source), shown)
    else:
        name, shown = OF_MAPPING, "config"
        document = from_python(source, shown)
    if not isinstance(document.data, dict):
        kind = "empty" if document.data is None else "not_key_value"
        mistake = document.value_place(()).mistake(about(kind, document.data))
        raise errors.config_mistakes(document.mistakes or [mistake])
    document = _named(override(document, overrides), name)
    result = validate(document)
    found = [*beyond_limits(document, known), *([] if isinstance(result, Config) else result)]
    if isinstance(result, Config):
        found += impossible_axes(document, result.grid) + too_many_runs(document, result)
        found += without_effect(document, result)
        found += [] if found else _setting_mistakes(document, result.grid, known)
        if not document.mistakes and not found:
            return Loaded(result, shown, document)
    raise errors.config_mistakes(_without_echoes(document.mistakes, found))


def _setting_mistakes(
    document: Document, grid: Mapping[str, Sequence[Any]], known: Mapping[str, Images]
) -> list[errors.Mistake]:
    """Those of any combination of a grid's values, each told once."""
    found: dict[errors.Mistake, None] = {}
    for setting in setting_documents(document, grid) if grid else ():
        result = validate(setting)
        mistakes = [] if isinstance(result, Config) else result
        found |= dict.fromkeys([*mistakes, *beyond_limits(setting, known)])
    return list(found)


def _read(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
    except OSError as error:
        inside = Path(source) / "config.yaml"  # as in a results folder
        found = str(inside) if inside.is_file() else ""
        raise errors.config_unreadable(_shown(source), error, found) from error


def _shown(source: str) -> str:
    return "<stdin>" if source == STDIN else source


def _parsed(content: bytes, source: str) -> Document:
    try:
        return parse(content.decode("utf-8-sig"), source)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig", errors="replace")
        mistake = place_at(before, source).mistake(
            about("not_utf8", byte=error.object[error.start])
        )
        raise errors.config_mistakes([mistake]) from error


def _named(document: Document, source: str) -> Document:
    """The document with its file's name where it gives itself none."""
    if not isinstance(document.data, dict) or "name" in document.data:
        return document
    name = "stdin" if source == STDIN or is_stream(Path(source)) else Path(source).stem
    if NAME.fullmatch(name):
        return replace(document, data={**document.data, "name": name})
    sentence = errors.at_key(("name",), about("default_name", name))
    return document.with_mistake(document.value_place(()).mistake(sentence))


def _without_echoes(
    reading: Sequence[errors.Mistake], checking: Sequence[errors.Mistake]
) -> list[errors.Mistake]:
    """All mistakes but those found again in a value that could not be read."""
    told = {mistake.place for mistake in reading}
    return [*reading, *(mistake for mistake in checking if mistake.place not in told)]
