"""The figures of a page, by setting: those that validation chose before the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import format_setting
from dropsweep.report.drawing import inline, is_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dropsweep.analysis import Choice, Setting
    from dropsweep.plots import Drawing


@dataclass(frozen=True)
class Figure:
    """A figure and what a reader needs to make sense of it."""

    question: str
    caption: str
    svg: str
    picture: bool
    """Whether its colours mean something, so that a dark page leaves them alone."""


@dataclass(frozen=True)
class SettingFigures:
    """The figures of one setting of a grid, or of the whole sweep."""

    name: str
    """Its setting; empty for the whole sweep."""
    folded: bool
    """Whether it is neither the whole sweep nor the setting that validation chose."""
    figures: tuple[Figure, ...]


def figures_by_setting(
    drawings: Iterable[Drawing], choice: Choice | None
) -> tuple[SettingFigures, ...]:
    """Those that validation chose before the others, whose order stays."""
    by_setting: dict[Setting, list[Figure]] = {}
    for at, drawing in enumerate(drawings):
        if (svg := drawing.content("svg")) is not None:
            by_setting.setdefault(drawing.setting, []).append(_figure(drawing, svg, f"f{at}-"))
    first = {(), next(filter(None, by_setting), ()) if choice is None else choice.setting}
    return tuple(
        SettingFigures(format_setting(setting), setting not in first, tuple(by_setting[setting]))
        for setting in sorted(by_setting, key=lambda each: (each != (), each not in first))
    )


def _figure(drawing: Drawing, svg: bytes, prefix: str) -> Figure:
    return Figure(
        drawing.question,
        drawing.caption,
        inline(svg, prefix),
        picture=drawing.is_picture or is_picture(svg),
    )
