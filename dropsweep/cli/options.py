"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    show_envvar=True,
    help="Where data sets are looked for and kept [default: DROPSWEEP_DATA_DIR, else ./data where "
    "it exists, else the platform's cache folder].",
)

offline = click.option(
    "--offline", is_flag=True, show_envvar=True, help="Do not download; fail if data are missing."
)

table_format = click.option(
    "--format",
    "table_format",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    default="table",
    show_default=True,
    show_envvar=True,
    help="How to print.",
)

every_run = click.option(
    "--all",
    "everything",
    is_flag=True,
    show_envvar=True,
    help="Take in all runs of the folder; settings that differ become columns.",
)
