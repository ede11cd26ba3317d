"""The checks behind ``dropsweep verify``: the mathematics on this machine."""

from dropsweep.verification.checks import GradientError, PublishedNumber, Statistic, Verification
from dropsweep.verification.gradients import gradient_errors
from dropsweep.verification.published import published_numbers
from dropsweep.verification.statistics import mask_statistics
from dropsweep.verification.text import render, summary

__all__ = [
    "GradientError",
    "PublishedNumber",
    "Statistic",
    "Verification",
    "render",
    "summary",
    "verify",
]


def verify() -> Verification:
    """Check the mathematics on this machine; takes a few seconds."""
    return Verification(
        tuple(mask_statistics()), tuple(gradient_errors()), tuple(published_numbers())
    )
