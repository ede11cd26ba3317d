"""``dropsweep plot``: draw the figures of results folders again."""

from __future__ import annotations

from pathlib import Path

import click

from dropsweep.cli import options


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
    from dropsweep import plots
    from dropsweep.collection import collect
    from dropsweep.results import sweep_folders

    for folder in [folder for path in results for folder in sweep_folders(path)]:
        collection = collect(folder, everything=everything)
        for note in collection.notes():
            click.echo(f"{folder.path}: {note}", err=True)
        for figure in plots.draw(collection.records, folder.path):
            click.echo(figure)
