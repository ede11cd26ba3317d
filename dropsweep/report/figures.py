"""The figures of a page, by setting: those that validation chose before the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dropsweep.analysis import format_setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dropsweep.analysis import Choice, Setting
    from dropsweep.plots import Drawing

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_GONE = {f"{{{_SVG}}}{name}" for name in ("metadata", "style", "script", "title", "desc")}
_WHITE = "fill: #ffffff"
_OF_RATE = "rate-"
"""How the id of a group that belongs to one rate begins; ``_`` and anything may follow it."""

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


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


def inline(svg: bytes, prefix: str) -> str:
    """The ``svg`` element alone, scaling with its box, every id beginning with ``prefix``.

    White backgrounds go, so that the page's own shows through.
    """
    root = ET.fromstring(svg)  # noqa: S314 - plots made it a moment ago
    for parent in root.iter():
        for child in [child for child in parent if child.tag in _GONE or _is_background(child)]:
            parent.remove(child)
    wanted = set(_references(root))
    for element in root.iter():
        _rename(element, prefix, wanted)
    for measure in ("width", "height"):
        root.attrib.pop(measure, None)
    root.set("aria-hidden", "true")
    return ET.tostring(root, encoding="unicode")


def is_picture(svg: bytes) -> bool:
    """Whether it holds pixels, whose colours mean something, and not only lines."""
    return b"<image" in svg


def _is_background(element: ET.Element) -> bool:
    """Whether it is a white patch without an edge, as figures and axes have under them."""
    return element.get("style") == _WHITE


def _references(root: ET.Element) -> list[str]:
    values = [value for element in root.iter() for value in element.attrib.values()]
    links = [element.get(f"{{{_XLINK}}}href", "") for element in root.iter()]
    named = [link.removeprefix("#") for link in links if link.startswith("#")]
    return named + [name for value in values for name in _REFERENCE.findall(value)]


def _rename(element: ET.Element, prefix: str, wanted: set[str]) -> None:
    """Names that nothing refers to go, the others take the prefix, here and where referred to.

    A group named ``rate-0.50`` is that of a rate: the page finds it by its attribute.
    """
    name = element.attrib.pop("id", None)
    if name is not None and name.startswith(_OF_RATE):
        element.set("data-rate", name.removeprefix(_OF_RATE).split("_")[0])
    if name in wanted:
        element.set("id", f"{prefix}{name}")
    for key, value in element.attrib.items():
        if key == f"{{{_XLINK}}}href" and value.startswith("#"):
            element.set(key, f"#{prefix}{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{prefix}\1)", value))
