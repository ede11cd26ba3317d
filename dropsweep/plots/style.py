"""How figures look: colours, sizes, axes, and the bytes of a PNG and an SVG, without a display."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

WIDTH = 8.0
"""Inches."""

RESOLUTION = 150
"""Pixels an inch, of the PNG."""

FORMATS = ("png", "svg")

MARK = b"dropsweep-figure:"
"""Stands in every file's metadata, before the digest of what it shows."""

TRAIN_COLOUR, VAL_COLOUR = "#0072b2", "#d55e00"
"""Blue and vermilion of Okabe and Ito's palette: told apart by every kind of colour vision."""

_PAD = 0.08  # inches
_TITLE_LETTERS = 76  # as many as the width takes
_LIGHTEST = 0.8  # viridis ends in a yellow that cannot be read on white

Colour = tuple[float, float, float, float]


def new_figure(height: float, title: str) -> Figure:
    """An empty figure of ``height`` inches whose layout keeps every label inside."""
    layout = ConstrainedLayoutEngine(w_pad=_PAD, h_pad=_PAD)
    figure = Figure(figsize=(WIDTH, height), layout=layout)
    lines = (textwrap.fill(line, _TITLE_LETTERS) for line in title.splitlines())
    figure.suptitle("\n".join(lines), fontsize=11)
    return figure


def rate_colours(rates: Sequence[float]) -> dict[float, Colour]:
    """A colour for each rate, lighter as it grows; order and lightness survive grey printing."""
    viridis = mpl.colormaps["viridis"]
    steps = max(len(rates) - 1, 1)
    return {rate: viridis(_LIGHTEST * at / steps) for at, rate in enumerate(sorted(rates))}


def dress(axes: Axes) -> None:
    """Take away what carries no data, add a faint grid, and keep the limits near [0, 1].

    Called last, for the limits follow what is drawn: an interval may leave [0, 1], data cannot.
    """
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -0.02), min(high, 1.02))


def render(figure: Figure, file_format: str, digest: str) -> bytes:
    """The file's bytes, equal for equal figures, with ``digest`` readable in their metadata."""
    metadata = {
        "png": {"Software": "dropsweep", "Identifier": MARK.decode() + digest},
        "svg": {"Creator": "dropsweep", "Identifier": MARK.decode() + digest, "Date": None},
    }[file_format]
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "dropsweep"}):  # else element ids are random
        figure.savefig(buffer, format=file_format, dpi=RESOLUTION, metadata=metadata)
    return buffer.getvalue()
