"""The bytes of a figure's files: equal for equal figures, with or without a display."""

from __future__ import annotations

import functools
import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.text import Text

from dropsweep.plots.style import RESOLUTION, USUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from dropsweep.plots.style import Look

_FONT = "DejaVu Sans"  # comes with matplotlib

FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK KR", "Noto Sans SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "PingFang SC", "PingFang HK", "Hiragino Sans GB", "Hiragino Sans", "Apple SD Gothic Neo",
    "Arial Unicode MS", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "SimHei", "Noto Emoji",
    "Symbola", "Segoe UI Emoji", "Segoe UI Symbol",
)  # fmt: skip
"""Fonts that may be installed, for letters of names that matplotlib's own font lacks."""


@functools.cache
def _letters(font: str) -> frozenset[int]:
    """Code points that an installed font can show; none where it is not installed."""
    if font not in {entry.name for entry in font_manager.fontManager.ttflist}:
        return frozenset()
    return frozenset(font_manager.get_font(font_manager.findfont(font)).get_charmap())


def printable(name: str) -> str:
    r"""A user's name for something, as it can be shown.

    A letter that no font has is written as its number, ``\u65e5``, not drawn as an empty box;
    what is no letter, and may break an SVG, is a question mark.
    """
    return "".join(_shown(letter) for letter in name)


def _shown(letter: str) -> str:
    if not letter.isprintable() and letter != "\n":
        return "?"
    if any(ord(letter) in _letters(font) for font in (_FONT, *FALLBACKS)) or letter == "\n":
        return letter
    return letter.encode("ascii", "backslashreplace").decode()


def _fit_fonts(figure: Figure) -> None:
    """Give names the fonts that have their letters, and escape the letters that none has."""
    for text in figure.findobj(Text):
        assert isinstance(text, Text)  # noqa: S101 - only these were asked for
        said = text.get_text()
        if said.isascii():
            continue
        text.set_text(shown := printable(said))
        lacking = {ord(letter) for letter in shown if letter != "\n"} - _letters(_FONT)
        if needed := [font for font in FALLBACKS if lacking & _letters(font)]:
            text.set_fontfamily([_FONT, *needed])


def lay_out(figure: Figure) -> None:
    """Give everything its place, once: laying out again for each file moves it by a hair."""
    _fit_fonts(figure)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


@contextmanager
def own_settings(look: Look = USUAL, **settings: Any) -> Iterator[None]:
    """While figures are made: matplotlib's own defaults, whatever a ``matplotlibrc`` says.

    A dollar sign in a name or label is a dollar sign, and no formula.
    """
    defaults: dict[Any, Any] = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if not key.startswith("backend") and key != "interactive"  # those show, not draw
    }
    for key in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"):
        defaults[key] = look.ink
    for key in ("figure.facecolor", "axes.facecolor", "savefig.facecolor"):
        defaults[key] = look.paper
    defaults.update({"font.size": look.size, "text.parse_math": False})
    if look.is_narrow:
        for key in ("axes.titlesize", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"):
            defaults[key] = look.size
        defaults.update({"legend.fontsize": look.size, "legend.title_fontsize": look.size})
    defaults.update(settings)
    with mpl.rc_context(defaults):
        yield


def render(figure: Figure, file_format: str, mark: str, look: Look = USUAL, alt: str = "") -> bytes:
    """The file's bytes, equal for equal figures; their metadata have ``mark`` and ``alt``."""
    said = "".join(letter if letter.isprintable() else "?" for letter in alt)
    figure.dpi = RESOLUTION  # SVG and PDF set their own, and leave it
    buffer = io.BytesIO()
    settings: dict[str, Any] = {
        "svg.hashsalt": mark,  # else element ids are random, or those of another figure
        "svg.fonttype": "none",  # text stays text, which is smaller and can be searched
        "pdf.fonttype": 42,  # the same
    }
    with own_settings(look, **settings):
        _PRINT[file_format](figure, buffer, mark, said)
    return buffer.getvalue()


# Canvases are used directly, for `Figure.savefig` draws everything twice.


def _print_png(figure: Figure, buffer: io.BytesIO, mark: str, alt: str) -> None:
    metadata = {"Software": "dropsweep", "Identifier": mark, "Description": alt}
    canvas: Any = FigureCanvasAgg(figure)  # its methods have no types
    canvas.print_png(buffer, metadata=metadata)


def _print_svg(figure: Figure, buffer: io.BytesIO, mark: str, alt: str) -> None:
    drawn = io.BytesIO()
    metadata = {"Creator": "dropsweep", "Identifier": mark, "Date": None, "Description": alt}
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(drawn, metadata=metadata)
    # groups are called alike in all figures, and several may stand on one page; those of rates stay
    buffer.write(re.sub(rb'<g id="(?!rate-)[^"]*"', b"<g", drawn.getvalue()))


def _print_pdf(figure: Figure, buffer: io.BytesIO, mark: str, alt: str) -> None:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # slow to import, rarely used

    metadata = {"Creator": "dropsweep", "Keywords": mark, "CreationDate": None, "Subject": alt}
    canvas: Any = FigureCanvasPdf(figure)
    canvas.print_pdf(buffer, metadata=metadata)


_PRINT = {"png": _print_png, "svg": _print_svg, "pdf": _print_pdf}

FORMATS = tuple(_PRINT)
"""Endings of the files that can be written."""
