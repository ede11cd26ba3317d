"""``dropsweep run``: train what is missing, write the results, draw the figures."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropsweep.cli import options, signals
from dropsweep.files import is_stream

if TYPE_CHECKING:
    from dropsweep.collection import Collection
    from dropsweep.records import Decision
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep import OpenExecutor, Plan, Progress


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
    type=options.Jobs(),
    default="auto",
    show_default=True,
    show_envvar=True,
    help="Runs to train at once, each in a process of its own; auto: one per available CPU.",
)
@click.option(
    "--shard",
    type=options.ShardType(),
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
    jobs: int | None,
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
      dropsweep run configs/cs231n.yaml
      dropsweep run sweep.yaml -s training.epochs=5 -s 'dropout.rates=[0, 0.5]' -o results/short
    """
    from dropsweep.executors import ONE_BLAS_THREAD

    os.environ.update(ONE_BLAS_THREAD)  # numpy reads it when it is imported
    from dropsweep import datasets, errors, sweep
    from dropsweep.cli.progress import make_progress
    from dropsweep.collection import collect
    from dropsweep.config import STDIN, load
    from dropsweep.results import ResultsFolder

    loaded = load(config, overrides, datasets.KNOWN)
    if loaded.config.decision.auto and shard != (0, 1):
        raise errors.shard_of_auto()
    folder = ResultsFolder(
        output or _own_folder(config, overrides) or Path("results") / loaded.config.name
    )
    source, part = sweep.DataSource.of(loaded, data_dir, offline), sweep.Shard(*shard)
    progress = make_progress(quiet)
    if dry_run:
        plan = sweep.make_plan(loaded, folder, source, progress, part)
        _print_plan(plan, loaded.config.decision)
        return
    if not no_plots:
        folder.check_replaceable("report.html")
    draw = _remove_outdated if no_plots else partial(_draw, progress=progress)
    try:
        with signals.never_swallowed():
            result = sweep.run(
                loaded, folder, _executor(jobs, dask), source, progress,
                shard=part, fail_fast=fail_fast, draw=draw,
            )  # fmt: skip
            signals.check()
            _print_results(result.collection, quiet)
    except KeyboardInterrupt:
        with contextlib.suppress(errors.ResultsError):  # the interrupt is what is reported
            _remove_outdated(collect(folder))
        again = _command(config, folder) + " < CONFIG" * (config == STDIN)
        click.echo(f"\nFinished runs are kept in {folder.path}. To go on:\n  {again}", err=True)
        raise
    if result.failed:
        raise errors.runs_failed(len(result.failed), folder.path)


def _executor(jobs: int | None, dask: str | None) -> OpenExecutor:
    from dropsweep import executors

    if dask is not None:
        return lambda _tasks, _module, note: executors.DaskCluster(dask, note)
    return partial(executors.local_executor, jobs)


def _own_folder(config: str, overrides: tuple[str, ...]) -> Path | None:
    """The results folder whose ``config.yaml`` is CONFIG: it is run into that folder again."""
    from dropsweep.results import ResultsFolder

    folder = ResultsFolder(Path(config).parent)
    renamed = any(each.partition("=")[0].strip() == "name" for each in overrides)
    return folder.path if not renamed and folder.wrote(Path(config)) else None


def _command(config: str, folder: ResultsFolder) -> str:
    """The command that goes on; a pipe cannot be read twice, but its resolved config can."""
    words = sys.argv[1:]
    if is_stream(Path(config)) and folder.config.exists():
        words = [str(folder.config) if word == config else word for word in words]
    return shlex.join(["dropsweep", *words])


def _draw(collection: Collection, progress: Progress) -> None:
    signals.check()
    from dropsweep import plots, report

    folder, records = collection.folder, collection.records
    drawings = plots.drawings(records, folder.read_parameters, folder=folder.path, sweep=collection)
    plots.save_all(drawings)
    plots.remove_outdated(records, folder.path)
    report.write(folder, collection, drawings=drawings)
    if left_out := plots.settings_without_figures(records):
        progress.note(
            f"{left_out} settings have no figures of their own; `dropsweep plot --figure NAME` "
            "draws one for each"
        )


def _remove_outdated(collection: Collection) -> None:
    """Nothing shall pass for what it does not show: `plot` and `report` show what there is."""
    folder = collection.folder
    if (folder.path / "plots").is_dir() or (folder.path / "report.html").is_file():
        from dropsweep import report

        report.remove_outdated(folder, collection)


def _print_plan(plan: Plan, decision: Decision) -> None:
    from dropsweep import columns, tables

    click.echo(tables.render(columns.plan(plan.states()), width=options.terminal_width()))
    click.echo(f"{len(plan.missing)} of {len(plan.specs)} runs to train here.", err=True)
    click.echo(tables.can_show(plan.specs, decision), err=True)


def _print_results(collection: Collection, quiet: bool) -> None:
    from dropsweep import tables

    if collection.others:
        click.echo(collection.others_note, err=True)
    if not quiet:
        place = tables.Place.of(collection.folder.path)
        findings, width = collection.findings, options.terminal_width()
        click.echo(tables.summary(findings, place, width))
    click.echo(collection.folder.path)
