"""The command line: a file a command, each of which parses, calls and prints."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and leave the process with its exit code.

    It is imported here because a spawned worker imports the script that calls this, and needs none.
    """
    from dropsweep.cli.program import main

    main()


__all__ = ["main"]
