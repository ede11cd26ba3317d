"""Records drawn: the figures of a sweep, as values and as files."""

from dropsweep.plots.catalogue import KINDS
from dropsweep.plots.comparison import compare
from dropsweep.plots.drawing import Drawing
from dropsweep.plots.plan import VERSION, crowded_out, drawings, file_stem, planned
from dropsweep.plots.save import draw, remove_outdated, save_all
from dropsweep.plots.style import FORMATS

__all__ = [
    "FORMATS",
    "KINDS",
    "VERSION",
    "Drawing",
    "compare",
    "crowded_out",
    "draw",
    "drawings",
    "file_stem",
    "planned",
    "remove_outdated",
    "save_all",
]
