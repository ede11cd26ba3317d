"""``dropsweep run``: train what is missing, write the results, draw the figures."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropsweep.cli import options
from dropsweep.cli.types import JOBS, SHARD

if TYPE_CHECKING:
    from dropsweep.executors import RunExecutor
    from dropsweep.records import RunRecord
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep import Plan, Progress


@click.command
@click.argument("config", type=click.Path(readable=False, allow_dash=True))
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
@click.option(
    "-j",
    "--jobs",
    type=JOBS,
    default="1",
    show_default=True,
    show_envvar=True,
    help="Runs to train at once, each in a process of its own; auto for one a CPU.",
)
@click.option(
    "--shard",
    type=SHARD,
    default="0/1",
    show_envvar=True,
    help="Train only the I-th of N parts of the sweep, I from 0; the others run elsewhere.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    show_envvar=True,
    help="Train on the Dask cluster whose scheduler is there, such as tcp://10.0.0.1:8786.",
)
@click.option("--fail-fast", is_flag=True, show_envvar=True, help="Stop at the first failed run.")
@click.option("--dry-run", is_flag=True, show_envvar=True, help="Print the plan, train nothing.")
@options.data_dir
@options.offline
@click.option("--no-plots", is_flag=True, show_envvar=True, help="Make no figures and no report.")
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
    jobs: int,
    shard: tuple[int, int],
    dask: str | None,
    fail_fast: bool,
    dry_run: bool,
    data_dir: Path | None,
    offline: bool,
    no_plots: bool,
    quiet: bool,
) -> None:
    """Train the runs of a sweep that are missing.

    CONFIG is a YAML file, or - for stdin. Each finished run is kept at once in the results folder:
    the same command again goes on where it was stopped. At the end the figures and
    the report are made, and the summary table and the folder's path are printed.

    \b
    Examples:
      dropsweep run configs/cs231n.yaml -j auto
      dropsweep run sweep.yaml -s training.epochs=5 -s 'dropout.rates=[0, 0.5]' -o results/short
    """
    from dropsweep import datasets, errors, sweep
    from dropsweep.cli.progress import make_progress
    from dropsweep.config import STDIN, load
    from dropsweep.results import ResultsFolder

    loaded = load(config, overrides, datasets.KNOWN)
    folder = ResultsFolder(output or Path("results") / loaded.config.name)
    source, part = sweep.DataSource.of(loaded, data_dir, offline), sweep.Shard(*shard)
    progress = make_progress(quiet)
    if dry_run:
        _print_plan(sweep.make_plan(loaded, folder, source, progress, part))
        return
    try:
        with _make_executor(jobs, dask) as executor:
            result = sweep.run(
                loaded, folder, executor, source, progress, shard=part, fail_fast=fail_fast
            )
        if no_plots:
            _remove_outdated(folder)
        else:
            _draw(folder, progress)
        _print_results(folder, result.records, quiet)
    except KeyboardInterrupt:
        _remove_outdated(folder)
        again = shlex.join(["dropsweep", *sys.argv[1:]]) + " < CONFIG" * (config == STDIN)
        click.echo(f"\nFinished runs are kept in {folder.path}. To go on:\n  {again}", err=True)
        raise
    if result.failed:
        raise errors.runs_failed(len(result.failed), folder.path)


def _make_executor(jobs: int, dask: str | None) -> RunExecutor:
    from dropsweep import executors

    if dask is not None:
        return executors.DaskCluster(dask)
    return executors.InProcess() if jobs == 1 else executors.Processes(jobs)


def _draw(folder: ResultsFolder, progress: Progress) -> None:
    from dropsweep import plots, report
    from dropsweep.collection import collect

    collection = collect(folder)
    drawings = plots.drawings(collection.records, folder.read_parameters, folder=folder.path)
    plots.save_all(drawings)
    plots.remove_outdated(collection.records, folder.path)
    report.write(folder, collection, drawings=drawings)
    if left_out := plots.settings_without_figures(collection.records):
        progress.note(
            f"{left_out} settings have no figures of their own; `dropsweep plot --figure NAME` "
            "draws one for each"
        )


def _remove_outdated(folder: ResultsFolder) -> None:
    """Nothing shall pass for what it does not show: `plot` and `report` show what there is."""
    if (folder.path / "plots").is_dir() or (folder.path / "report.html").is_file():
        from dropsweep import report
        from dropsweep.collection import collect

        report.remove_outdated(folder, collect(folder))


def _print_plan(plan: Plan) -> None:
    from dropsweep import tables

    click.echo(tables.render(tables.plan_table(plan.states())))
    click.echo(f"{len(plan.missing)} of {len(plan.specs)} runs to train here.", err=True)


def _print_results(folder: ResultsFolder, records: list[RunRecord], quiet: bool) -> None:
    from dropsweep import tables
    from dropsweep.collection import count_others, others_note

    if others := count_others(folder, records):
        click.echo(others_note(others), err=True)
    if not quiet:
        click.echo(tables.report(records))
    click.echo(folder.path)
