"""dropsweep from Python; the command line goes through it."""

from dropsweep.api.request import Request
from dropsweep.api.sweep import Sweep, read, run

__all__ = ["Request", "Sweep", "read", "run"]
