"""The program's commands, and the program itself as one on the PATH of shells and scripts."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from dropsweep.cli.program import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name} ")


COMMANDS = dict(_commands(program))
"""Every command, by the words that call it."""


def with_dropsweep(folder: Path) -> Path:
    """The folder, in which ``dropsweep`` is the program under test."""
    command = folder / "dropsweep"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m dropsweep "$@"\n')
    command.chmod(0o755)
    return folder
