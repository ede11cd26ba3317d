"""How figures look: colours, sizes, axes, and the bytes of their files, without a display."""

from __future__ import annotations

import io
import re
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

WIDTH = 8.0
"""Inches."""

RESOLUTION = 150
"""Pixels an inch, of the PNG."""

TRAIN_COLOUR, VAL_COLOUR = "#0072b2", "#d55e00"
"""Blue and vermilion of Okabe and Ito's palette: told apart by every kind of colour vision."""

GAP_COLOUR = "#555555"

SERIES_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9", "#8a6d00",
)  # fmt: skip
"""For lines that have no order; their number is the most that one figure tells apart."""

_PAD = 0.08  # inches
_TITLE_LETTERS = 76  # as many as the width takes
_LINE_LETTERS = 70  # as many as stand under the axes in a line
_LIGHTEST = 0.8  # viridis ends in a yellow that cannot be read on white

Colour = tuple[float, float, float, float]


def new_figure(height: float, title: str) -> Figure:
    """An empty figure of ``height`` inches whose layout keeps every label inside."""
    layout = ConstrainedLayoutEngine(w_pad=_PAD, h_pad=_PAD)
    figure = Figure(figsize=(WIDTH, height), dpi=RESOLUTION, layout=layout)
    lines = (broken for line in title.splitlines() for broken in _between_facts(line))
    figure.suptitle("\n".join(lines), fontsize=11)
    return figure


def _between_facts(line: str) -> list[str]:
    """Lines that fit, broken behind commas; inside a fact only where it alone is too long."""
    lines = [""]
    for fact in re.split(r"(?<=,) ", line):
        longer = f"{lines[-1]} {fact}".strip()
        if len(longer) <= _TITLE_LETTERS:
            lines[-1] = longer
        else:
            lines += textwrap.wrap(fact, _TITLE_LETTERS)
    return [each for each in lines if each]


def rate_colours(rates: Sequence[float]) -> dict[float, Colour]:
    """A colour for each rate, lighter as it grows; order and lightness survive grey printing."""
    viridis = mpl.colormaps["viridis"]
    steps = max(len(rates) - 1, 1)
    return {rate: viridis(_LIGHTEST * at / steps) for at, rate in enumerate(sorted(rates))}


def dress(axes: Axes, lowest: float = 0.0) -> None:
    """Take away what carries no data, add a faint grid, and keep the limits near [lowest, 1].

    Called last, for the limits follow what is drawn: an interval may leave the range, data cannot.
    """
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, lowest - 0.02), min(high, 1.02))


def rotation(names: Sequence[str]) -> int:
    """Degrees by which the names under equally distant ticks are turned, so that none touch."""
    return 90 if (max(map(len, names)) + 1) * len(names) > _LINE_LETTERS else 0


def legend_below(figure: Figure, columns: int = 2) -> None:
    """All that has a label, under the axes, where it covers nothing."""
    figure.legend(loc="outside lower center", ncols=columns, frameon=False)


def lay_out(figure: Figure) -> None:
    """Give everything its place, once: laying out again for each file moves it by a hair."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


@contextmanager
def own_settings(**settings: Any) -> Iterator[None]:
    """While figures are made: matplotlib's own defaults, whatever a ``matplotlibrc`` says.

    A dollar sign in a name or label is a dollar sign, and no formula.
    """
    defaults: dict[Any, Any] = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if not key.startswith("backend") and key != "interactive"  # those show, not draw
    }
    defaults.update({"text.parse_math": False, **settings})
    with mpl.rc_context(defaults):
        yield


def render(figure: Figure, file_format: str, mark: str) -> bytes:
    """The file's bytes, equal for equal figures, with ``mark`` readable in their metadata."""
    figure.dpi = RESOLUTION  # SVG and PDF set their own, and leave it
    buffer = io.BytesIO()
    settings: dict[str, Any] = {
        "svg.hashsalt": mark,  # else element ids are random, or those of another figure
        "svg.fonttype": "none",  # text stays text, which is smaller and can be searched
        "pdf.fonttype": 42,  # the same
    }
    with own_settings(**settings):
        _PRINT[file_format](figure, buffer, mark)
    return buffer.getvalue()


# Canvases are used directly, for `Figure.savefig` draws everything twice.


def _print_png(figure: Figure, buffer: io.BytesIO, mark: str) -> None:
    metadata = {"Software": "dropsweep", "Identifier": mark}
    canvas: Any = FigureCanvasAgg(figure)  # its methods have no types
    canvas.print_png(buffer, metadata=metadata)


def _print_svg(figure: Figure, buffer: io.BytesIO, mark: str) -> None:
    drawn = io.BytesIO()
    metadata = {"Creator": "dropsweep", "Identifier": mark, "Date": None}
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(drawn, metadata=metadata)
    # groups are called alike in all figures, and several may stand on one page
    buffer.write(re.sub(rb'<g id="[^"]*"', b"<g", drawn.getvalue()))


def _print_pdf(figure: Figure, buffer: io.BytesIO, mark: str) -> None:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # slow to import, rarely used

    metadata = {"Creator": "dropsweep", "Keywords": mark, "CreationDate": None}
    canvas: Any = FigureCanvasPdf(figure)
    canvas.print_pdf(buffer, metadata=metadata)


_PRINT = {"png": _print_png, "svg": _print_svg, "pdf": _print_pdf}

FORMATS = tuple(_PRINT)
"""Endings of the files that can be written."""
