"""``dropsweep show``: the table and the answer of a results folder, once or while a sweep runs."""

from __future__ import annotations

import contextlib
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from dropsweep.cli import options, signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dropsweep.api import Sweep
    from dropsweep.results import ResultsFolder

_SECONDS_BETWEEN_LOOKS = 1.0

_REST = 4
"""Reading a large folder takes time: so many times as long nothing is read."""


@click.command
@options.one_results
@click.option("--runs", is_flag=True, help="Print a row per run instead of a row per rate.")
@click.option("--watch", is_flag=True, help="Print again after each run, until all are finished.")
@options.every_run
@options.table_format
def show(results: Path, runs: bool, watch: bool, everything: bool, table_format: str) -> None:
    """Print the table and the answer of a sweep.

    RESULTS is a results folder. Accuracies are those after the last epoch; with two or more seeds
    they are means with a 95 % interval. While the sweep runs, a line says how far it is.

    \b
    Examples:
      dropsweep show results/cs231n
      dropsweep show results/cs231n --watch
      dropsweep show results/cs231n --runs --format csv
    """
    from dropsweep import api
    from dropsweep.results import single_folder

    read = partial(api.read, results, everything=everything)

    def print_once(sweep: Sweep) -> None:
        for note in sweep.collection.notes(live=True, every_run=runs):
            click.echo(note, err=True)
        _print(sweep, runs, table_format)

    if not watch:
        print_once(read())
        return
    try:
        _watch(single_folder(results), read, print_once)
    except signals.Terminated:
        raise
    except KeyboardInterrupt:
        raise signals.Left from None


def _print(sweep: Sweep, runs: bool, table_format: str) -> None:
    from dropsweep import columns, tables

    collection, width = sweep.collection, options.terminal_width()
    if table_format == "table" and not runs:
        click.echo(sweep.text(width))
        return
    records = collection.records
    table = columns.runs(records) if runs else columns.rates(collection.findings)
    click.echo(tables.render(table, table_format, width))
    for_people = table_format in ("table", "markdown")
    if data := tables.data_line(records):
        click.echo(f"\n{data}" if for_people else data, err=not for_people)


def _watch(
    folder: ResultsFolder, read: Callable[[], Sweep], print_once: Callable[[Sweep], None]
) -> None:
    """Print the sweep whenever its folder has changed; on a terminal, in place."""
    if not sys.stdout.isatty():
        for sweep in _changes(folder, read, lambda _: None):
            print_once(sweep)
        return
    with _own_screen():
        for sweep in _changes(folder, read, _draw):
            last = sweep
    print_once(last)


def _changes(
    folder: ResultsFolder, read: Callable[[], Sweep], look: Callable[[Sweep], None]
) -> Iterator[Sweep]:
    """The sweep after each change, the last one complete; ``look`` is called every second."""
    while True:
        before, began = folder.changed(), time.monotonic()
        sweep = read()
        yield sweep
        if sweep.collection.is_complete():
            return
        rested = time.monotonic() + (time.monotonic() - began) * _REST
        while folder.changed() == before or time.monotonic() < rested:
            look(sweep)
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _draw(sweep: Sweep) -> None:
    """The pace, the table and the answer, as much of them as the terminal has room for."""
    from dropsweep.terminal import size

    width, height = size(sys.stdout)
    lines = [sweep.collection.progress(), "", *sweep.text(width).splitlines()]
    text = "\n".join(line[:width] for line in lines[: height - 1])
    click.echo(f"\x1b[H\x1b[J{text}")


@contextlib.contextmanager
def _own_screen() -> Iterator[None]:
    """The terminal's second screen; what stood on the first one comes back."""
    click.echo("\x1b[?1049h", nl=False)
    try:
        yield
    finally:
        click.echo("\x1b[?1049l", nl=False)
