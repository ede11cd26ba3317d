"""Made-up findings: one that is good, and one with something bad of every sort."""

from __future__ import annotations

from math import nan

from dropsweep.verification import GradientError, PublishedNumber, Statistic, Verification

_GOOD = Statistic("vanilla", 0.5, "zero fraction", 0.5, 0.501, 1.25, ok=True)

GOOD = Verification(
    (_GOOD,),
    (GradientError("affine", 2e-12, 1e-7, ok=True),),
    (PublishedNumber("mean of x", 10.0002078784775, 10.0002078784775, ok=True),),
)
BAD = Verification(
    (
        _GOOD,
        Statistic("vanilla", 0.5, "test mean", 5.0, 10.0, None, ok=False),
        Statistic("batch norm", None, "test mean", 9.0, nan, None, ok=False),
    ),
    (GradientError("l1 penalty", 0.5, 1e-7, ok=False),),
    (PublishedNumber("mean of x", 10.0002078784775, 10.000207878, ok=False),),
)
