"""``dropsweep run``: train what is missing, write the results, draw the figures."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropsweep.cli import options, signals
from dropsweep.files import is_stream

if TYPE_CHECKING:
    from dropsweep.api import Sweep
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep import Plan


@click.command
@click.argument("config", type=click.Path(readable=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=options.HomePath(path_type=Path),
    help="The results folder [default: results/NAME].",
)
@click.option(
    "-s",
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    allow_from_autoenv=False,
    help="Change a key of the config, such as training.epochs=5. Repeatable.",
)
@click.option(
    "-j",
    "--jobs",
    type=options.Jobs(),
    default="auto",
    show_default=True,
    help="Number of runs to train at the same time; auto: one per available CPU.",
)
@click.option(
    "--shard",
    type=options.ShardType(),
    default="0/1",
    help="Train only part I of N, counted from 0; train the other parts elsewhere.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Train on the Dask cluster with this scheduler, such as tcp://10.0.0.1:8786.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first failed run.")
@click.option("--dry-run", is_flag=True, help="Print the plan and train nothing.")
@options.data_dir
@options.offline
@click.option("--no-plots", is_flag=True, help="Draw no figures and write no report.")
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Show no progress, and print only the path of the results folder.",
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
    """Train the missing runs of a sweep.

    CONFIG is a YAML file, or - for stdin. Each finished run is saved at once: after a stop, the
    same command trains only the runs that are missing. At the end it draws the figures, writes the
    report, and prints the table, the answer and the path of the results folder.

    \b
    Examples:
      dropsweep run configs/cs231n.yaml
      dropsweep run sweep.yaml -s training.epochs=5 -s 'dropout.rates=[0, 0.5]' -o results/short
    """
    from dropsweep import errors
    from dropsweep.api import Request, Sweep
    from dropsweep.progress import make_progress

    request = Request.of(
        config, overrides, output=output, shard=shard, data_dir=data_dir, offline=offline
    )
    progress = make_progress(quiet, signals.check)
    if dry_run:
        _print_plan(request.plan(progress))
        return
    try:
        with signals.never_swallowed():
            collection, failed = request.complete(
                progress, jobs=jobs, dask=dask, fail_fast=fail_fast, plots=not no_plots
            )
            signals.check()
            sweep = Sweep(collection)
            _print_results(sweep, quiet)
    except KeyboardInterrupt:
        again = _command(config, request.folder) + " < CONFIG" * (config == "-")
        kept = f"Finished runs are kept in {request.folder.path}. To go on:"
        click.echo(f"\n{kept}\n  {again}", err=True)
        raise
    progress.complete(None if no_plots else sweep.report)
    if failed:
        raise errors.runs_failed(len(failed), sweep.path)


def _command(config: str, folder: ResultsFolder) -> str:
    """The command that goes on; a pipe cannot be read twice, but its resolved config can."""
    words = sys.argv[1:]
    if is_stream(Path(config)) and folder.config.exists():
        words = [str(folder.config) if word == config else word for word in words]
    return shlex.join(["dropsweep", *words])


def _print_plan(plan: Plan) -> None:
    from dropsweep import columns, tables

    click.echo(tables.render(columns.plan(plan.states()), width=options.terminal_width()))
    if not plan.missing and plan.there.decision.auto:
        sizes = "Every race has ended: nothing to train."
    elif plan.there.decision.auto:
        sizes = f"{len(plan.first)} runs to train first, {len(plan.missing)} at most."
    else:
        sizes = f"{len(plan.missing)} of {len(plan.specs)} runs to train here."
    click.echo(sizes, err=True)
    click.echo(tables.can_show(plan.specs, plan.there.decision), err=True)


def _print_results(sweep: Sweep, quiet: bool) -> None:
    if sweep.collection.others:
        click.echo(sweep.collection.others_note, err=True)
    if not quiet:
        click.echo(sweep.text(options.terminal_width()))
    click.echo(sweep.path)
