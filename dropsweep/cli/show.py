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
    from dropsweep import tables
    from dropsweep.collection import collect
    from dropsweep.results import single_folder

    collection = collect(single_folder(results), everything=everything)
    for note in collection.notes():
        click.echo(note, err=True)
    records, for_people = collection.records, table_format in ("table", "markdown")
    if runs:
        short = table_format == "table"
        table = tables.short_runs_table(records) if short else tables.runs_table(records)
        click.echo(tables.render(table, table_format))
    elif table_format == "table":
        click.echo(tables.report(collection.findings))
        return
    else:
        build = tables.short_summary_table if for_people else tables.summary_table
        click.echo(tables.render(build(collection.findings), table_format))
    if data := tables.data_line(records):
        click.echo(f"\n{data}" if for_people else data, err=not for_people)
