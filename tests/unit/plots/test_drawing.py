"""A figure as a value: its bytes, and that they are made once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from dropsweep.plots import FORMATS, Drawing, draw, drawings
from tests.factories import make_sweep

if TYPE_CHECKING:
    from pathlib import Path


def one(seeds: int = 2, folder: Path | None = None) -> Drawing:
    """The gap of a small sweep."""
    records = make_sweep([0.0, 0.5], seeds, epochs=1)
    (drawing,) = drawings(records, folder=folder, names=["gap"])
    return drawing


def boom() -> None:
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
def test_the_digest_can_be_read_in_the_file(file_format: str) -> None:
    """That is how a file is known to be current."""
    drawing = one()
    assert drawing.digest.encode() in drawing.content(file_format)


def test_a_figure_is_laid_out_once() -> None:
    """Both files come from one figure."""
    made, drawing = [], one()

    def make() -> object:
        made.append(1)
        return drawing.make()

    counted = replace(drawing, make=make)  # type: ignore[arg-type] # a Figure
    assert counted.exists
    counted.png()
    counted.svg()
    assert made == [1]


def test_a_current_file_is_read_and_not_drawn(tmp_path: Path) -> None:
    """Whoever asks for the bytes of a figure that stands there gets these."""
    draw(make_sweep([0.0, 0.5], 2, epochs=1), tmp_path)
    drawing = replace(one(folder=tmp_path / "plots"), make=boom)
    assert drawing.exists
    assert drawing.svg() == (tmp_path / "plots" / "gap.svg").read_bytes()
    assert drawing.svg() == one().svg()


def test_a_file_of_other_runs_is_not_read(tmp_path: Path) -> None:
    """Nor one that is cut short before its digest."""
    draw(make_sweep([0.0, 0.5], 3, epochs=1), tmp_path)
    (tmp_path / "plots" / "gap.png").write_bytes(one().png()[:40])
    drawing = one(folder=tmp_path / "plots")
    assert drawing.svg() == one().svg()
    assert drawing.png() == one().png()


def test_text_of_an_svg_is_text() -> None:
    """It can be searched and read aloud, in a font that every reader has."""
    root = ET.fromstring(one().svg())  # noqa: S314 - our own file
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert any("Generalization gap by dropout rate" in "".join(each.itertext()) for each in texts)
    assert all("sans-serif" in each.attrib["style"] for each in texts)


def test_svgs_can_stand_on_one_page() -> None:
    """No id of one figure is an id of another."""
    ids = [set(re.findall(rb' id="([^"]+)"', one(seeds).svg())) for seeds in (2, 3)]
    assert all(ids)
    assert not ids[0] & ids[1]
