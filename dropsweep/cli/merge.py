"""``dropsweep merge``: the union of results folders from several machines."""

from __future__ import annotations

from pathlib import Path

import click

from dropsweep.cli import options


@click.command
@options.several_results
@click.option(
    "-o",
    "--output",
    type=options.HomePath(path_type=Path),
    required=True,
    help="The results folder for all runs; it may exist already.",
)
@click.option(
    "--keep",
    type=click.Choice(["first"]),
    help="If two folders have different numbers for a run, keep those of the first.",
)
def merge(results: tuple[Path, ...], output: Path, keep: str | None) -> None:
    """Copy the runs of several results folders into one.

    If two of RESULTS have different numbers for the same run, the command ends with exit code 5,
    unless --keep is given. The folders in RESULTS are not changed.

    \b
    Examples:
      dropsweep merge node-a/results/sweep node-b/results/sweep -o results/sweep
      dropsweep merge a b -o c --keep first
    """
    from dropsweep import sweep
    from dropsweep.results import ResultsFolder, single_folder

    folder = ResultsFolder(output)
    sources = [single_folder(path) for path in results]
    for note in sweep.merge(sources, folder, keep_first=keep == "first"):
        click.echo(note, err=True)
    click.echo(folder.path)
