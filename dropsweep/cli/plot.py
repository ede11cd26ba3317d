"""``dropsweep plot``: draw the figures of results folders again, or lay several over another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropsweep import errors, plots
from dropsweep.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.collection import Collection
    from dropsweep.results import ResultsFolder


@click.command
@options.several_results
@click.option(
    "--figure",
    "figures",
    multiple=True,
    type=click.Choice(plots.FIGURE_NAMES),
    help="Draw only this figure, for every setting of the grid. Repeatable.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["png", "svg", "pdf"]),
    default=("png", "svg"),
    show_default=True,
    help="The format of the files. Repeatable.",
)
@click.option(
    "--compare",
    is_flag=True,
    help="Draw several sweeps into the same figures, in the folder of -o.",
)
@click.option(
    "-o",
    "--output",
    type=options.HomePath(path_type=Path),
    help="The folder for the figures of --compare.",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    help="The name of a sweep in --compare; one per sweep [default: the folders' names].",
)
@click.option(
    "--width",
    type=click.FloatRange(2.0, 20.0),
    default=8.0,
    show_default=True,
    metavar="INCHES",
    help="Width of the figures; narrow ones have 8-point text, for papers. "
    "Another width makes files of its own.",
)
@click.option("--no-title", is_flag=True, help="Draw no title, and print the caption instead.")
@options.every_run
def plot(
    results: tuple[Path, ...],
    figures: tuple[str, ...],
    formats: tuple[str, ...],
    compare: bool,
    output: Path | None,
    labels: tuple[str, ...],
    width: float,
    no_title: bool,
    everything: bool,
) -> None:
    """Draw the figures of one or more sweeps.

    Each of RESULTS is a results folder, or a folder that contains results folders. The command
    prints the path of each figure, and draws only those that are out of date.

    \b
    Examples:
      dropsweep plot results/cs231n
      dropsweep plot results/
      dropsweep plot results/cs231n --figure final_accuracy --format pdf --width 3.3 --no-title
      dropsweep plot results/a results/b --compare -o results/a-and-b --label plain --label wide
    """
    from dropsweep.results import sweep_folders

    if not compare and (output is not None or labels):
        raise errors.comparison_incomplete("-o and --label belong to --compare.")
    if compare and (no_title or width != plots.Look.width):
        raise errors.comparison_incomplete("--width and --no-title are not for --compare.")
    if compare and output is None:
        raise errors.comparison_incomplete("--compare needs -o, the folder for its figures.")
    if compare and figures:
        raise errors.comparison_incomplete("--compare has figures of its own: leave out --figure.")
    if len(set(labels)) < len(labels):
        raise errors.comparison_incomplete("--label must differ from folder to folder.")
    folders = [folder for path in results for folder in sweep_folders(path)]
    if output is not None:
        _compare(folders, output, labels, formats, everything)
        return
    failed = []
    for folder in folders:
        try:
            _draw(folder, everything, figures, formats, plots.Look(width, not no_title))
        except errors.ResultsError as error:  # the other sweeps are drawn all the same
            failed.append(error)
    if failed:
        raise errors.sweeps_unusable(failed)


def _draw(
    folder: ResultsFolder, everything: bool, figures: Sequence[str], formats: Sequence[str],
    look: plots.Look,
) -> None:  # fmt: skip
    collection = _read(folder, everything)
    drawings = plots.drawings(
        collection.records, folder.read_parameters, folder=folder.path, names=figures, look=look,
        sweep=collection,
    )  # fmt: skip
    for drawing in drawings:
        for path in plots.save_all([drawing], formats):
            click.echo(path)
        if not look.title:
            click.echo(drawing.caption_with_data)
    plots.remove_outdated(collection, folder.path)
    if not drawings:
        measured = any(record.history for record in collection.records)
        needs = "; ".join(f"{name} needs {plots.FIGURES[name].needs}" for name in figures)
        why = needs if figures and measured else collection.why_no_figure()
        click.echo(f"{folder.path}: nothing to draw: {why}", err=True)
    elif not figures and (count := plots.settings_without_figures(collection.records)):
        click.echo(
            f"{folder.path}: {count} of {count + 1} settings have no figures of their own; drawn "
            "are those of the whole sweep and of the setting that validation chose. To draw one "
            f"for every setting: dropsweep plot {folder.path} --figure accuracy",
            err=True,
        )


def _read(folder: ResultsFolder, everything: bool) -> Collection:
    from dropsweep.collection import collect

    collection = collect(folder, everything=everything)
    for note in collection.notes(live=True):
        click.echo(f"{folder.path}: {note}", err=True)
    return collection


def _compare(
    folders: Sequence[ResultsFolder], output: Path, labels: Sequence[str], formats: Sequence[str],
    everything: bool,
) -> None:  # fmt: skip
    names = _labels([folder.path for folder in folders], labels)
    records = [_read(folder, everything).records for folder in folders]
    sweeps = dict(zip(names, records, strict=True))
    paths = plots.compare(sweeps, output, formats)
    for path in paths:
        click.echo(path)
    if not paths:
        click.echo("nothing to draw: no finished runs", err=True)


def _labels(paths: Sequence[Path], given: Sequence[str]) -> Sequence[str]:
    """A label a folder, no two alike."""
    if len(paths) < 2:
        raise errors.comparison_incomplete("--compare needs two results folders or more.")
    if len({path.resolve() for path in paths}) < len(paths):
        raise errors.comparison_incomplete("--compare is given a results folder twice.")
    if not given:
        names = [path.resolve().name for path in paths]
        return names if len(set(names)) == len(names) else [str(path) for path in paths]
    if len(given) != len(paths):
        times = "1 time" if len(given) == 1 else f"{len(given)} times"
        raise errors.comparison_incomplete(
            f"--label is given {times}, for {len(paths)} results folders."
        )
    return given
