"""The checks behind ``dropsweep verify``: the mathematics on this machine."""

from dropsweep.verification.checks import GradientError, PublishedNumber, Statistic
from dropsweep.verification.outcome import Verification, verify
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
