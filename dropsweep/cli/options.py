"""Options that several commands share, and option values with a grammar of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from dropsweep.files import at_home


class HomePath(click.Path):
    """A path in which ``~`` is the user's home, also behind an ``=`` or in a variable."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as a `Path`; an empty one, such as an unset variable, is a mistake."""
        if not str(value):
            self.fail("an empty path names no file or folder.", param, ctx)
        return super().convert(at_home(Path(value)), param, ctx)


class Jobs(click.ParamType[int | None]):
    """A number of processes; None for ``auto``."""

    name = "N|auto"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """The number."""
        if value == "auto":
            return None
        if str(value).isdecimal() and 1 <= int(value) <= 4096:
            return int(value)
        raise click.BadParameter(f"{value!r} is neither a number from 1 nor auto.", ctx, param)


class ShardType(click.ParamType[tuple[int, int]]):
    """``I/N``: the I-th of N parts, counted from 0."""

    name = "I/N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Index and count."""
        index, _, count = str(value).partition("/")
        if index.isdecimal() and count.isdecimal() and int(index) < int(count):
            return int(index), int(count)
        raise click.BadParameter(f"{value!r} is not I/N with 0 <= I < N, as in 0/4.", ctx, param)


one_results = click.argument(
    "results", type=click.Path(path_type=Path, exists=True, file_okay=False)
)

several_results = click.argument(
    "results",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)

data_dir = click.option(
    "--data-dir",
    type=HomePath(path_type=Path, file_okay=False),
    help="The folder of the data sets [default: DROPSWEEP_DATA_DIR, else ./data if it exists, else "
    "the user's cache folder].",
)

offline = click.option(
    "--offline", is_flag=True, help="Do not download data; stop if they are missing."
)

table_format = click.option(
    "--format",
    "table_format",
    type=click.Choice(["table", "csv", "json", "markdown", "latex"]),
    default="table",
    show_default=True,
    help="The format of the table; latex is for papers (booktabs).",
)

every_run = click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Use all runs of the folder, also those that its config does not plan.",
)


def terminal_width() -> int | None:
    """Columns of the terminal that stdout is; None where it is a file or a pipe."""
    from dropsweep.terminal import size

    return size(sys.stdout)[0] if sys.stdout.isatty() else None
