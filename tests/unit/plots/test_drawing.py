"""A figure as a value: its bytes, and that they are made once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from dropsweep.plots import FORMATS, Drawing, draw, drawings
from dropsweep.plots.marks import Mark, find_mark
from tests.factories import make_sweep
from tests.figures import svg_texts

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.plots.view import View


def one(seeds: int = 2, folder: Path | None = None) -> Drawing:
    """The curves of a small sweep."""
    records = make_sweep([0.0, 0.5], seeds, epochs=1)
    (drawing,) = drawings(records, folder=folder, names=["accuracy"])
    return drawing


def svg(seeds: int = 2) -> bytes:
    """Its SVG."""
    content = one(seeds).content("svg")
    assert content is not None
    return content


def boom(_: View) -> None:
    """Stands for drawing where nothing may be drawn."""
    raise AssertionError("drawn again")


@pytest.mark.parametrize("file_format", FORMATS)
def test_bytes_depend_neither_on_the_order_of_formats_nor_on_the_process(file_format: str) -> None:
    """A PNG made first, last or alone is the same, and so are the others."""
    mixed = one()
    for each in (*FORMATS, *reversed(FORMATS)):
        mixed.content(each)
    assert mixed.content(file_format) == one().content(file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_mark_can_be_read_in_the_file(file_format: str, tmp_path: Path) -> None:
    """That and its name are how a file is known to be current."""
    drawing = one()
    content = drawing.content(file_format)
    assert content is not None
    (tmp_path / "file").write_bytes(content)
    assert find_mark(tmp_path / "file") == Mark(drawing.digest, "accuracy")


def test_a_figure_is_laid_out_once() -> None:
    """Both files come from one figure."""
    made, drawing = [], one()

    def draw_counted(view: View) -> Figure | None:
        made.append(1)
        return drawing.kind.draw(view)

    counted = replace(drawing, kind=replace(drawing.kind, draw=draw_counted))
    assert counted.exists
    counted.content("png")
    counted.content("svg")
    assert made == [1]


def test_a_current_file_needs_no_drawing(tmp_path: Path) -> None:
    """Whoever asks whether there is a figure is answered by its file."""
    draw(make_sweep([0.0, 0.5], 2, epochs=1), tmp_path)
    drawing = one(folder=tmp_path)
    drawing = replace(drawing, kind=replace(drawing.kind, draw=boom))
    assert drawing.exists
    assert drawing.is_current("svg")
    assert not drawing.is_current("pdf")


def test_bytes_are_drawn_whatever_stands_in_the_folder(tmp_path: Path) -> None:
    """A file can be forged with a right mark; what is handed on was made here."""
    draw(make_sweep([0.0, 0.5], 2, epochs=1), tmp_path)
    path = tmp_path / "plots" / "accuracy.svg"
    right = path.read_bytes()
    path.write_bytes(right.replace(b"</svg>", b"<script/></svg>"))
    drawing = one(folder=tmp_path)
    assert drawing.is_current("svg")
    assert drawing.content("svg") == right


def test_text_of_an_svg_is_text() -> None:
    """It can be searched and read aloud, in a font that every reader has."""
    root = ET.fromstring(svg())  # noqa: S314 - our own file
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert any("Training accuracy" in text for text in svg_texts(svg()))
    assert texts
    assert all("sans-serif" in each.attrib["style"] for each in texts)


def test_svgs_can_stand_on_one_page() -> None:
    """No id of one figure is an id of another, but for those of rates: nothing refers to them."""
    ids = [set(re.findall(rb' id="(?!rate-)([^"]+)"', svg(seeds))) for seeds in (2, 3)]
    assert all(ids)
    assert not ids[0] & ids[1]
