"""The meaning of a sweep's records: means over seeds, their uncertainty, and the rate to choose."""

from dropsweep.analysis.averaging import Averaging, averagings
from dropsweep.analysis.comparisons import Difference, differences, format_p
from dropsweep.analysis.findings import Findings, SettingResult, find
from dropsweep.analysis.intervals import CONFIDENCE, Estimate, estimate, standard_error, wilson
from dropsweep.analysis.learning import Curve, Fit, curves, fits
from dropsweep.analysis.planned_races import PlannedRaces
from dropsweep.analysis.planning import POWER, detectable_difference, usual_spread
from dropsweep.analysis.race import Race, RaceState, earliest_end, races
from dropsweep.analysis.settings import Setting, by_setting, format_setting, format_value
from dropsweep.analysis.sign_flips import FEWEST_SEEDS, SIGNIFICANCE, sign_flip_p, smallest_p
from dropsweep.analysis.summary import (
    Choice,
    RateSummary,
    SeedResult,
    final_val,
    images_right,
    select,
    summarize,
)

__all__ = [
    "CONFIDENCE",
    "FEWEST_SEEDS",
    "POWER",
    "SIGNIFICANCE",
    "Averaging",
    "Choice",
    "Curve",
    "Difference",
    "Estimate",
    "Findings",
    "Fit",
    "PlannedRaces",
    "Race",
    "RaceState",
    "RateSummary",
    "SeedResult",
    "Setting",
    "SettingResult",
    "averagings",
    "by_setting",
    "curves",
    "detectable_difference",
    "differences",
    "earliest_end",
    "estimate",
    "final_val",
    "find",
    "fits",
    "format_p",
    "format_setting",
    "format_value",
    "images_right",
    "races",
    "select",
    "sign_flip_p",
    "smallest_p",
    "standard_error",
    "summarize",
    "usual_spread",
    "wilson",
]
