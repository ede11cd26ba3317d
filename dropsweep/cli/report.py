"""``dropsweep report``: a results folder as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from dropsweep.cli import options, streams
from dropsweep.files import is_stream


@click.command
@options.one_results
@click.option(
    "-o",
    "--output",
    type=options.HomePath(path_type=Path),
    help="The file to write, or - for stdout [default: RESULTS/report.html].",
)
@options.every_run
def report(results: Path, output: Path | None, everything: bool) -> None:
    """Write the report of a sweep: one HTML file.

    RESULTS is a results folder. The report has the answer, the figures, the tables, every run and
    the config. The command prints its path, and does not rewrite a report that is up to date.

    \b
    Examples:
      dropsweep report results/cs231n
      dropsweep report results/cs231n -o cs231n.html
      dropsweep report results/cs231n -o - | gzip > cs231n.html.gz
    """
    from dropsweep import api
    from dropsweep import report as reports

    collection = api.read(results, everything=everything).collection
    folder = collection.folder
    for note in collection.notes(live=True):
        click.echo(note, err=True)
    if output == Path("-"):
        streams.write_bytes(reports.page_bytes(folder, collection))
        return
    written = reports.write(folder, collection, output)
    if not is_stream(written):
        click.echo(written)
