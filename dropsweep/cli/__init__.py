"""The command line: one file per command, each of which parses, calls and prints."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and leave the process with its exit code.

    All else is imported here, so that a Ctrl-C is understood from the first moment.
    """
    from dropsweep.cli import signals

    signals.stop_at_once()
    from dropsweep.cli.program import main

    main()


__all__ = ["main"]
