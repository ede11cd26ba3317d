"""``dropsweep show``: the summary table of a results folder."""

from __future__ import annotations

from pathlib import Path

import click

from dropsweep.cli import options


@click.command
@click.argument("results", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--runs", is_flag=True, show_envvar=True, help="A row per run, not per rate.")
@options.every_run
@options.table_format
def show(results: Path, runs: bool, everything: bool, table_format: str) -> None:
    """Print the summary table of a sweep.

    RESULTS is a results folder. Accuracies are those after the last epoch; with two seeds or more
    they are means with a 95 % interval.

    \b
    Examples:
      dropsweep show results/cs231n
      dropsweep show results/cs231n --runs --format csv
    """
    from dropsweep import columns, tables
    from dropsweep.collection import collect
    from dropsweep.results import single_folder

    folder = single_folder(results)
    collection = collect(folder, everything=everything)
    for note in collection.notes():
        click.echo(note, err=True)
    records, width = collection.records, options.terminal_width()
    if table_format == "table" and not runs:
        place = tables.Place.of(folder.path)
        click.echo(tables.summary(collection.findings, place, width))
        return
    table = columns.runs(records) if runs else columns.rates(collection.findings)
    click.echo(tables.render(table, table_format, width))
    for_people = table_format in ("table", "markdown")
    if data := tables.data_line(records):
        click.echo(f"\n{data}" if for_people else data, err=not for_people)
