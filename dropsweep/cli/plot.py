"""``dropsweep plot``: draw the figures of results folders again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropsweep import errors
from dropsweep.cli import options

if TYPE_CHECKING:
    from dropsweep.results import ResultsFolder


@click.command
@click.argument(
    "results",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@options.every_run
def plot(results: tuple[Path, ...], everything: bool) -> None:
    """Draw the figures of sweeps again.

    Each of RESULTS is a results folder, or a folder with sweeps somewhere below it. The figures'
    paths are printed; figures that show the runs as they are already are left alone.

    \b
    Examples:
      dropsweep plot results/cs231n
      dropsweep plot results/
    """
    from dropsweep.results import sweep_folders

    failed = []
    for folder in [folder for path in results for folder in sweep_folders(path)]:
        try:
            _draw(folder, everything)
        except errors.ResultsError as error:  # the other sweeps are drawn all the same
            failed.append(error)
    if failed:
        raise errors.sweeps_unusable(failed)


def _draw(folder: ResultsFolder, everything: bool) -> None:
    from dropsweep import plots
    from dropsweep.collection import collect

    collection = collect(folder, everything=everything)
    for note in collection.notes():
        click.echo(f"{folder.path}: {note}", err=True)
    figures = plots.draw(collection.records, folder.path)
    for figure in figures:
        click.echo(figure)
    if not figures:
        click.echo(f"{folder.path}: nothing to draw: {collection.why_no_figure()}", err=True)
