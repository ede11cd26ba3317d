"""Figures of records, drawn as `plots` draws them, and the words on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from matplotlib.figure import Figure

from dropsweep.plots import FIGURES
from dropsweep.plots.style import USUAL, Look
from dropsweep.plots.view import Sweep, View, nothing_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    from dropsweep.analysis import Setting
    from dropsweep.plots.view import Axis, ReadKept
    from dropsweep.records import RunRecord

USUAL_FIGURES = [
    name for name, kind in FIGURES.items() if kind.needs == "a run with a measured point"
]
"""The figures that every sweep gets, in their order: others need a grid or a key of the config."""


def view_of(
    records: Sequence[RunRecord],
    setting: Setting = (),
    kept: ReadKept = nothing_kept,
    axes: tuple[Axis, ...] = (),
    look: Look = USUAL,
) -> View:
    """The view of records that are a whole sweep, or part of one."""
    return View(records, Sweep(records), setting, axes, kept, look)


def draw(name: str, view: View) -> Figure:
    """A figure of a view that has one."""
    figure = FIGURES[name].draw(view)
    assert figure is not None
    return figure


def figure_of(name: str, records: Sequence[RunRecord], **view: Any) -> Figure:
    """A figure of records that have one; ``view`` is for `view_of`."""
    return draw(name, view_of(records, **view))


def figure_or_none(name: str, records: Sequence[RunRecord], **view: Any) -> Figure | None:
    """A figure of records, if they have one."""
    return FIGURES[name].draw(view_of(records, **view))


def texts(written: Iterable[Text]) -> list[str]:
    """The words of what is written in a figure, such as ``axes.texts`` and labels of ticks."""
    return [text.get_text() for text in written]


def svg_texts(content: bytes) -> list[str]:
    """The texts of an SVG, in their order."""
    root = ET.fromstring(content)  # noqa: S314 - our own file
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def legend_of(drawn: Figure | Axes) -> Legend:
    """The one legend of a figure, or of a panel."""
    (legend,) = drawn.legends if isinstance(drawn, Figure) else [drawn.get_legend()]
    assert legend is not None
    return legend


def legend_texts(drawn: Figure | Axes) -> list[str]:
    """The entries of a legend."""
    return texts(legend_of(drawn).get_texts())
