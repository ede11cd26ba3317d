"""A page's figures: the main one, and the others by setting."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dropsweep.analysis import format_setting
from dropsweep.columns.words import decimals, difference_text, with_spread
from dropsweep.plots import Look
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dropsweep.analysis import Choice, Setting
    from dropsweep.plots import Drawing

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_GONE = {f"{{{_SVG}}}{name}" for name in ("metadata", "style", "script", "title", "desc")}
_BACKGROUND = "fill: #ffffff"  # of a figure or its axes: white without an edge
_OF_RATE = "rate-"
"""The start of the id of a group that belongs to one rate: ``rate-0.50_1``."""

_MAIN = "final_accuracy"
_PHONE = Look(width=3.6)
"""Figures are drawn again at this width: 8 point letters are 11 pixels on a phone."""

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


@dataclass(frozen=True)
class Figure:
    """A figure as it stands in the page."""

    drawing: Drawing
    svg: str
    narrow: str
    """The same figure drawn for a phone; empty where it is not drawn again."""
    picture: bool
    """True if its colours have a meaning, so that a dark page does not invert them."""


@dataclass(frozen=True)
class SettingFigures:
    """The figures of one setting of a grid, or of the whole sweep."""

    name: str
    """The setting; empty for the whole sweep."""
    folded: bool
    """True of settings other than the one that validation chose."""
    figures: tuple[Figure, ...]


def figures_by_setting(
    drawings: Iterable[Drawing], choice: Choice | None
) -> tuple[Figure | None, tuple[SettingFigures, ...]]:
    """The main figure, and the others: the chosen setting before the rest, whose order stays."""
    by_setting: dict[Setting, list[tuple[Drawing, bytes, str]]] = {}
    for at, drawing in enumerate(drawings):
        if (svg := drawing.content("svg")) is not None:
            by_setting.setdefault(drawing.setting, []).append((drawing, svg, f"f{at}-"))
    chosen = next(filter(None, by_setting), ()) if choice is None else choice.setting
    main, found = None, []
    for setting in sorted(by_setting, key=lambda each: (each != (), each != chosen)):
        folded = setting not in {(), chosen}
        figures = [_figure(*each, phone=not folded) for each in by_setting[setting]]
        if setting == chosen:
            main = next((each for each in figures if each.drawing.name == _MAIN), None)
        if rest := tuple(each for each in figures if each is not main):
            found.append(SettingFigures(format_setting(setting), folded, rest))
    return main, tuple(found)


def _figure(drawing: Drawing, svg: bytes, prefix: str, *, phone: bool) -> Figure:
    titles, narrow = _titles(drawing), None
    if phone:
        view = replace(drawing.view, look=_PHONE)
        narrow = replace(drawing, view=view, _made={}).content("svg")
    return Figure(
        drawing,
        inline(svg, prefix, titles),
        inline(narrow, f"n{prefix}", titles) if narrow else "",
        picture=drawing.kind.is_picture or is_picture(svg),
    )


def _titles(drawing: Drawing) -> dict[str, str]:
    """The values of each rate, which a browser shows beside the pointer."""
    view = drawing.view
    if drawing.kind.of != "setting":
        return {}
    titles = {}
    for each in view.summaries:
        said = [f"rate {format_rate(each.rate)}"]
        for name, estimate in (("training", each.train), ("validation", each.val)):
            if estimate is not None:
                said.append(f"{name} {with_spread(estimate)}")
        if each.gap is not None:
            said.append(f"gap {decimals(each.gap.mean)}")
        if difference := view.sweep.findings.difference(view.setting, each.rate):
            to = format_rate(difference.baseline)
            said.append(f"difference to rate {to} {difference_text(difference.estimate)}")
        if each.diverged:
            said.append(f"{each.diverged} diverged")
        titles[format_rate(each.rate)] = "\n".join(said)
    return titles


def inline(svg: bytes, prefix: str, titles: Mapping[str, str] | None = None) -> str:
    """The ``svg`` element, scaling with its box, every id beginning with ``prefix``.

    White backgrounds go, so that the page's own shows through. Groups of a rate get its title.
    """
    root = ET.fromstring(svg)  # noqa: S314 - plots made it a moment ago
    for parent in root.iter():
        for child in list(parent):
            if child.tag in _GONE or child.get("style") == _BACKGROUND:
                parent.remove(child)
    wanted = set(_references(root))
    for element in list(root.iter()):
        _rename(element, prefix, wanted)
        if title := (titles or {}).get(element.get("data-rate", "")):
            text = ET.Element(f"{{{_SVG}}}title")
            text.text = title
            element.insert(0, text)
    for measure in ("width", "height"):
        root.attrib.pop(measure, None)
    root.set("aria-hidden", "true")
    return ET.tostring(root, encoding="unicode")


def is_picture(svg: bytes) -> bool:
    """True if it contains pixels and not only lines."""
    return b"<image" in svg


def _references(root: ET.Element) -> list[str]:
    values = [value for element in root.iter() for value in element.attrib.values()]
    links = [element.get(f"{{{_XLINK}}}href", "") for element in root.iter()]
    named = [link.removeprefix("#") for link in links if link.startswith("#")]
    return named + [name for value in values for name in _REFERENCE.findall(value)]


def _rename(element: ET.Element, prefix: str, wanted: set[str]) -> None:
    """Remove ids that nothing refers to; the others, and the references, take the prefix.

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
