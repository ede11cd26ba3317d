"""The axes of a grid as figures show them: a config key each, or keys that only say one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import format_value
from dropsweep.records import varying_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Setting
    from dropsweep.records import RunRecord

_WIDTH = ("model.hidden_sizes", "model.kept_units")
"""Of these a run has one: layers of fixed width, or as wide as keeps so many units on average."""


@dataclass(frozen=True)
class Axis:
    """Along which runs of a sweep differ."""

    keys: tuple[str, ...]
    """Dotted config keys."""

    @property
    def name(self) -> str:
        """What figures call it."""
        return "hidden units" if self.keys == _WIDTH else self.keys[0]

    @property
    def stem(self) -> str:
        """What it is called in the names of files."""
        return "+".join(self.keys)

    def value(self, setting: Setting) -> tuple[object, ...]:
        """Where on the axis a setting stands."""
        return tuple(value for key, value in setting if key in self.keys)

    def words(self, setting: Setting) -> str:
        """The same in words: ``500``, or of widths ``100 units`` and ``100 kept``."""
        if self.keys != _WIDTH:
            return ", ".join(map(format_value, self.value(setting)))
        sizes, kept = self.value(setting)
        units, what = (sizes, "units") if kept is None else (kept, "kept")
        return f"{format_value(units).strip('[]')} {what}"

    def rest(self, setting: Setting) -> Setting:
        """The setting apart from this axis."""
        return tuple((key, value) for key, value in setting if key not in self.keys)


def axes_of(records: Sequence[RunRecord]) -> list[Axis]:
    """The axes of a sweep; both ways to say a width are one of them."""
    keys = varying_keys([record.spec for record in records])
    if not set(_WIDTH) <= set(keys):
        return [Axis((key,)) for key in keys]
    return [Axis(_WIDTH if key == _WIDTH[0] else (key,)) for key in keys if key != _WIDTH[1]]
