"""The checks behind ``dropsweep verify``: whether the mathematics holds on this machine."""

from dropsweep.verification.checks import GradientError, PublishedNumber, Statistic
from dropsweep.verification.outcome import Verification, verify
from dropsweep.verification.text import render

__all__ = ["GradientError", "PublishedNumber", "Statistic", "Verification", "render", "verify"]
