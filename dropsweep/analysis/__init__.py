"""What a sweep's records mean: means over seeds, their uncertainty, and the rate to choose."""

from dropsweep.analysis.averaging import Averaging, averagings
from dropsweep.analysis.cells import Cell, by_cell, format_cell, format_value
from dropsweep.analysis.curves import Curve, curves
from dropsweep.analysis.estimate import CONFIDENCE, Estimate, estimate
from dropsweep.analysis.summary import Choice, Outcome, RateSummary, select, summarize

__all__ = [
    "CONFIDENCE",
    "Averaging",
    "Cell",
    "Choice",
    "Curve",
    "Estimate",
    "Outcome",
    "RateSummary",
    "averagings",
    "by_cell",
    "curves",
    "estimate",
    "format_cell",
    "format_value",
    "select",
    "summarize",
]
