"""The command line: a file a command, each of which parses, calls and prints."""

from dropsweep.cli.program import main

__all__ = ["main"]
