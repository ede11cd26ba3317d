"""The style of figures: colours, sizes and axes."""

from __future__ import annotations

import re
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

RESOLUTION = 150
"""Pixels per inch, of the PNG."""

SERIES_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9", "#8a6d00",
)  # fmt: skip
"""For lines that have no order; their number is the most that one figure tells apart."""

_PAD = 0.08  # inches
_TITLE_LETTERS = 76  # as many as the width takes
_SHORT_LINE = 60  # letters: facts would stand on lines of their own
_NARROW = 5.5  # inches
_LIGHTEST = 0.8  # viridis ends in a yellow that cannot be read on white


@dataclass(frozen=True)
class Colour:
    """A colour of a light page and of a dark one; a `Look` gives that of its own."""

    light: str
    dark: str

    def __get__(self, look: Look, _: object) -> str:
        return self.dark if look.dark else self.light


@dataclass(frozen=True)
class Look:
    """The style of figures: for a page, a paper or a slide, light or dark.

    Colours are of Okabe and Ito's palette: every kind of colour vision tells them apart.
    """

    width: float = 8.0
    """Inches."""
    title: bool = True
    """True if a figure carries its title and its data; a paper says both in the caption."""
    dark: bool = False

    ink = Colour("#1a1a1a", "#e8e8e8")
    """Text and axes."""
    paper = Colour("#ffffff", "#0d1117")
    """The background."""
    muted = Colour("#5f5f5f", "#a0a8b0")
    """Side remarks."""
    bar = Colour("#c8c8c8", "#4a5159")
    """Bars and marks in the background."""
    train = Colour("#0072b2", "#56b4e9")
    """Training accuracy."""
    val = Colour("#c04f00", "#ff9e5e")
    """Validation accuracy."""

    @property
    def suffix(self) -> str:
        """An addition to file names: such figures stand beside the usual ones."""
        width = "" if self.width == Look.width else f"_{self.width:g}in"
        return width + "_no-title" * (not self.title) + "_dark" * self.dark

    @property
    def is_narrow(self) -> bool:
        """True if two panels do not fit beside each other."""
        return self.width < _NARROW

    @property
    def size(self) -> float:
        """Points of usual text."""
        return 8.0 if self.is_narrow else 10.0

    @property
    def small(self) -> float:
        """Points of small text."""
        return 8.0 if self.is_narrow else 8.5

    @property
    def verdicts(self) -> dict[str, str]:
        """Colours of better, worse and cannot tell; their marks differ, too."""
        if self.dark:
            return {"better": "#56b4e9", "worse": "#ff9e5e", "cannot tell": self.muted}
        return {"better": "#0072b2", "worse": "#d55e00", "cannot tell": "#707070"}

    def headline(self, axes: Axes, text: str) -> None:
        """The finding, over its panel."""
        if self.title:
            axes.set_title(text, fontsize=self.size, weight="bold", loc="left")

    def footer(self, figure: Figure, *texts: str) -> None:
        """The data and the meaning of marks, below everything."""
        if self.title:
            lines = "\n".join(map(self.wrapped, filter(None, texts)))
            figure.supxlabel(lines, fontsize=self.small, color=self.muted)

    def wrapped(self, text: str) -> str:
        """Facts on lines as long as the figure is wide."""
        letters = int(_TITLE_LETTERS * self.width / Look.width * 10 / self.size)
        lines = [broken for line in text.splitlines() for broken in _between_facts(line, letters)]
        return "\n".join(lines)


USUAL = Look()


def new_figure(height: float, title: str, look: Look) -> Figure:
    """An empty figure of ``height`` inches at full width, with a layout that fits every label."""
    layout = ConstrainedLayoutEngine(w_pad=_PAD, h_pad=_PAD)
    shrunk = height * (0.8 if look.is_narrow else 1)
    figure = Figure(figsize=(look.width, shrunk), dpi=RESOLUTION, layout=layout)
    if look.title and title:
        figure.suptitle(look.wrapped(title), fontsize=look.size + 1)
    return figure


def _between_facts(line: str, letters: int) -> list[str]:
    """Lines that fit, broken behind commas; inside a fact only where it alone is too long."""
    if letters < _SHORT_LINE:
        return textwrap.wrap(line, letters)
    lines = [""]
    for fact in re.split(r"(?<=,) ", line):
        longer = f"{lines[-1]} {fact}".strip()
        if len(longer) <= letters:
            lines[-1] = longer
        else:
            lines += textwrap.wrap(fact, letters)
    return [each for each in lines if each]


def rate_colours(rates: Sequence[float], look: Look) -> dict[float, str]:
    """A colour for each rate, lighter as it grows; order and lightness survive grey printing."""
    viridis = mpl.colormaps["viridis"]
    low, high = (0.35, 1.0) if look.dark else (0.0, _LIGHTEST)
    steps = max(len(rates) - 1, 1)
    return {
        rate: to_hex(viridis(low + (high - low) * at / steps))
        for at, rate in enumerate(sorted(rates))
    }


def clear(axes: Axes, grid: Literal["x", "y", "both"] = "y") -> None:
    """Take away what carries no data, and add a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis=grid, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


def write(
    axes: Axes, text: str, at: tuple[float, float], look: Look, aside: tuple[float, float] = (0, 0),
    **options: Any,
) -> Annotation:  # fmt: skip
    """Write small letters at a place of the data, or so many points ``aside``."""
    usual = {"textcoords": "offset points", "fontsize": look.small, "color": look.ink}
    return axes.annotate(text, at, aside, **{**usual, **options})


def name_places(axes: Axes, names: Sequence[str], look: Look) -> None:
    """Rates at equal distances on the horizontal axis."""
    clear(axes)
    turned = (max(map(len, names)) + 1.5) * len(names) * look.size > 34 * look.width * (
        10 if look.is_narrow or len(names) > 12 else 5
    )
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(range(len(names)), names, rotation=90 if turned else 0)
    axes.set_xlabel("dropout rate")


@contextmanager
def of_rate(axes: Axes, rate: float) -> Iterator[None]:
    """Give all that is drawn inside to a rate: its SVG ids are ``rate-0.50_``, panel and place."""
    before = {id(each) for each in axes.get_children()}
    yield
    for at, each in enumerate(axes.get_children()):
        if id(each) not in before and each.get_gid() is None:
            each.set_gid(rate_id(axes, rate, at))


def rate_id(axes: Axes, rate: float, at: int = 0) -> str:
    """The SVG id of something that shows a rate."""
    return f"rate-{format_rate(rate)}_{axes.figure.axes.index(axes)}-{at}"


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str]], look: Look) -> None:
    """Write names at the ends of lines, moved apart so that none covers another.

    Parameters
    ----------
    ends
        The height of each line's end, its rate, and its name.
    """
    low, high = axes.get_ylim()
    height = axes.figure.get_figheight() * (0.8 if len(axes.figure.axes) < 2 else 0.7)  # type: ignore[union-attr] # a Figure
    if look.is_narrow:
        height /= 2
    least = (high - low) * look.small * 1.25 / 72 / height
    places: list[float] = []
    for y, _, _ in sorted(ends):
        places.append(max(y, places[-1] + least) if places else y)
    over = places[-1] - high if places else 0
    for at in range(len(places) - 1, -1, -1):  # push back what left the panel at its top
        if over > 0:
            limit = high if at == len(places) - 1 else places[at + 1] - least
            places[at] = min(places[at], limit)
    for (y, rate, text), place in zip(sorted(ends), places, strict=True):
        with of_rate(axes, rate):
            sides = ("axes fraction", "data")
            name = write(  # in ink, for a pale line's colour cannot be read as text
                axes, text, (1, y), look, (1.03, place), xycoords=sides, textcoords=sides,
                va="center", ha="left", weight="bold", annotation_clip=False,
            )  # fmt: skip
        name.set_in_layout(place == places[len(places) // 2])  # one says how wide they are


def dress(axes: Axes, lowest: float = 0.0) -> None:
    """Take away what carries no data, add a faint grid, and keep the limits near [lowest, 1].

    Called last, for the limits follow what is drawn: an interval may leave the range, data cannot.
    """
    clear(axes, "both")
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, lowest - 0.02), min(high, 1.02))
