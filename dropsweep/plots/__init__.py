"""Records drawn: the figures of a sweep, as values and as files."""

from dropsweep.plots.catalogue import FIGURES
from dropsweep.plots.comparison import compare
from dropsweep.plots.drawing import Drawing
from dropsweep.plots.plan import VERSION, drawings, file_stem, planned, settings_without_figures
from dropsweep.plots.save import draw, remove_outdated, save_all
from dropsweep.plots.style import FORMATS

__all__ = [
    "FIGURES",
    "FORMATS",
    "VERSION",
    "Drawing",
    "compare",
    "draw",
    "drawings",
    "file_stem",
    "planned",
    "remove_outdated",
    "save_all",
    "settings_without_figures",
]
