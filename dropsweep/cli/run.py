"""``dropsweep run``: train what is missing, write the results, draw the figures."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from dropsweep.cli import options


@click.command
@click.argument("config")
@click.option(
    "-o",
    "--output",
    type=options.HomePath(path_type=Path),
    show_envvar=True,
    help="The results folder [default: results/NAME].",
)
@click.option(
    "-s",
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    allow_from_autoenv=False,
    help="Change a key of the config, as in -s training.epochs=5. Repeatable.",
)
@options.data_dir
@options.offline
@click.option("--no-plots", is_flag=True, show_envvar=True, help="Draw no figures.")
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    show_envvar=True,
    help="Show no progress; print the results path only.",
)
def run(
    config: str,
    output: Path | None,
    overrides: tuple[str, ...],
    data_dir: Path | None,
    offline: bool,
    no_plots: bool,
    quiet: bool,
) -> None:
    """Train the runs of a sweep that are missing.

    CONFIG is a YAML file, or - for stdin. Each finished run is kept at once in the results folder:
    the same command again goes on where it was stopped. At the end the figures are drawn, and the
    summary table and the folder's path are printed.

    \b
    Examples:
      dropsweep run configs/cs231n.yaml
      dropsweep run sweep.yaml -s training.epochs=5 -s 'dropout.rates=[0, 0.5]' -o results/short
    """
    from dropsweep import datasets, executors, plots, sweep, tables
    from dropsweep.cli.progress import watcher
    from dropsweep.collection import count_others, others_note
    from dropsweep.config import STDIN, load
    from dropsweep.results import ResultsFolder

    loaded = load(config, overrides, datasets.KNOWN)
    folder = ResultsFolder(output or Path("results") / loaded.config.name)
    data = sweep.Data(datasets.default_data_dir(data_dir), offline)
    try:
        with executors.InProcess() as executor:
            records = sweep.run(loaded, folder, executor, data, watcher(quiet))
        if others := count_others(folder, records):
            click.echo(others_note(others), err=True)
        if not no_plots:
            plots.draw(records, folder.path)
        if not quiet:
            click.echo(tables.report(records))
        click.echo(folder.path)
    except KeyboardInterrupt:
        again = shlex.join(["dropsweep", *sys.argv[1:]]) + " < CONFIG" * (config == STDIN)
        click.echo(f"\nFinished runs are kept in {folder.path}. To go on:\n  {again}", err=True)
        raise
