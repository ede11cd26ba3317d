"""Mistakes of a config, each with its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, counted, listed, reason

if TYPE_CHECKING:
    from collections.abc import Sequence


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
