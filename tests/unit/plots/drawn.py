"""Figures of records, drawn as `plots` draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.plots import FIGURES
from dropsweep.plots.style import USUAL, Look
from dropsweep.plots.view import Sweep, View, nothing_kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from dropsweep.analysis import Setting
    from dropsweep.plots.view import Axis, ReadKept
    from dropsweep.records import RunRecord


def view_of(
    records: Sequence[RunRecord],
    setting: Setting = (),
    kept: ReadKept = nothing_kept,
    axes: tuple[Axis, ...] = (),
    look: Look = USUAL,
) -> View:
    """The view of records that are a whole sweep, or part of one."""
    return View(records, Sweep(records), setting, axes, kept, look)


def figure_or_none(
    name: str,
    records: Sequence[RunRecord],
    setting: Setting = (),
    kept: ReadKept = nothing_kept,
    axes: tuple[Axis, ...] = (),
) -> Figure | None:
    """A figure of records, if they have one."""
    return FIGURES[name].draw(view_of(records, setting, kept, axes))


def figure_of(
    name: str,
    records: Sequence[RunRecord],
    setting: Setting = (),
    kept: ReadKept = nothing_kept,
    axes: tuple[Axis, ...] = (),
) -> Figure:
    """A figure of records that have one."""
    figure = figure_or_none(name, records, setting, kept, axes)
    assert figure is not None
    return figure


def legend_texts(figure: Figure) -> list[str]:
    """The entries of the figure's one legend."""
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]
