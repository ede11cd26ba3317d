"""What a sweep's records mean: means over seeds, their uncertainty, and the rate to choose."""

from dropsweep.analysis.averaging import Averaging, averagings
from dropsweep.analysis.curves import Curve, curves
from dropsweep.analysis.differences import (
    SIGNIFICANCE,
    Difference,
    differences,
    fewest_seeds,
    holm,
    sign_flip_p,
    smallest_p,
)
from dropsweep.analysis.estimate import CONFIDENCE, Estimate, estimate, standard_error
from dropsweep.analysis.findings import Findings, find
from dropsweep.analysis.fit import Fit, fits
from dropsweep.analysis.power import MOST_SEEDS, POWER, power, seeds_needed
from dropsweep.analysis.settings import Setting, by_setting, format_setting, format_value
from dropsweep.analysis.summary import Choice, RateSummary, SeedResult, select, summarize

__all__ = [
    "CONFIDENCE",
    "MOST_SEEDS",
    "POWER",
    "SIGNIFICANCE",
    "Averaging",
    "Choice",
    "Curve",
    "Difference",
    "Estimate",
    "Findings",
    "Fit",
    "RateSummary",
    "SeedResult",
    "Setting",
    "averagings",
    "by_setting",
    "curves",
    "differences",
    "estimate",
    "fewest_seeds",
    "find",
    "fits",
    "format_setting",
    "format_value",
    "holm",
    "power",
    "seeds_needed",
    "select",
    "sign_flip_p",
    "smallest_p",
    "standard_error",
    "summarize",
]
