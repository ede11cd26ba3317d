"""SVG that stands in a page."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from dropsweep.report.figures import inline, is_picture

SVG = b"""<?xml version="1.0"?><!DOCTYPE svg>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="8pt" height="4pt" viewBox="0 0 8 4">
 <metadata>who made it</metadata>
 <defs><style>* {color: red}</style><path id="dot" d="M0 0"/><clipPath id="box"/></defs>
 <g><path style="fill: #ffffff"/></g>
 <g><path style="fill: #ff0000"/><path style="fill: #ffffff; stroke: #000000"/></g>
 <g id="plain"><text>url(#dot) &lt;b&gt;</text></g>
 <use xlink:href="#dot"/><path clip-path="url(#box)"/>
</svg>"""


@pytest.fixture
def root() -> ET.Element:
    """The element that would stand in the page."""
    return ET.fromstring(inline(SVG, "f1-"))  # noqa: S314 - made above


def texts(root: ET.Element) -> set[str]:
    """Names and values of all attributes."""
    return {value for element in root.iter() for value in element.attrib.values()}


def test_ids_and_what_refers_to_them_take_the_prefix(root: ET.Element) -> None:
    """A reference still finds its element, and finds no other figure's."""
    assert {"f1-dot", "#f1-dot", "f1-box", "url(#f1-box)"} <= texts(root)
    assert "plain" not in texts(root)


def test_only_the_drawing_is_left(root: ET.Element) -> None:
    """No prolog, no metadata, no style for the whole page, no fixed size."""
    assert not inline(SVG, "").startswith("<?")
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"metadata", "style"}
    assert root.get("width") is None
    assert root.get("viewBox") == "0 0 8 4"


def test_the_white_ground_goes_and_colours_stay(root: ET.Element) -> None:
    """A dark page shines through; a red patch is data."""
    assert "fill: #ffffff" not in texts(root)
    assert {"fill: #ff0000", "fill: #ffffff; stroke: #000000"} <= texts(root)


def test_text_stays_text() -> None:
    """Markup in a label is not markup in the page."""
    assert "url(#dot) &lt;b&gt;" in inline(SVG, "f1-")


def test_pixels_make_a_picture() -> None:
    """Colours of an image mean something, and are not turned over on a dark page."""
    assert is_picture(b"<svg><image/></svg>")
    assert not is_picture(SVG)
