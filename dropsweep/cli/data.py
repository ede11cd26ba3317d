"""``dropsweep data``: get the data set, describe it, check it again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from dropsweep import errors
from dropsweep.cli import options

own_path = click.option(
    "--path",
    type=options.HomePath(path_type=Path),
    show_envvar=True,
    help="An archive or folder of your own, as in dataset.path.",
)


@click.group
def data() -> None:
    """Get, describe or check the data set.

    \b
    Examples:
      dropsweep data fetch
      dropsweep data info
    """


@data.command
@options.data_dir
@own_path
@options.offline
def fetch(data_dir: Path | None, path: Path | None, offline: bool) -> None:
    """Get CIFAR-10 ready, by download if need be.

    Prints the folder with the prepared images. A download is 170 MB, tried from several mirrors.

    \b
    Examples:
      dropsweep data fetch
      dropsweep data fetch --data-dir /scratch/cifar10
    """
    from dropsweep import datasets
    from dropsweep.cli.progress import make_progress

    progress = make_progress(quiet=False)
    folder = datasets.prepare(
        "cifar10",
        path=path,
        data_dir=datasets.default_data_dir(data_dir),
        offline=offline,
        on_note=progress.note,
        on_progress=progress.downloaded,
    )
    click.echo(folder)


@data.command
@options.data_dir
@own_path
@options.table_format
def info(data_dir: Path | None, path: Path | None, table_format: str) -> None:
    """Tell which images a sweep would use.

    Nothing is downloaded or written.

    \b
    Examples:
      dropsweep data info
      dropsweep data info --path cifar-10-binary.tar.gz --format json
    """
    from dropsweep import datasets, tables
    from dropsweep.columns import Table

    where = datasets.default_data_dir(data_dir)
    names = ("cifar10",) if path else ("cifar10", "synthetic")
    descriptions = [datasets.describe(name, path=path, data_dir=where) for name in names]
    rows = [
        (name, *map(_plain, asdict(description).values()))
        for name, description in zip(names, descriptions, strict=True)
    ]
    table = Table.plain(("name", *asdict(descriptions[0])), rows)
    for_people = table_format == "table"
    click.echo(tables.cards(table) if for_people else tables.render(table, table_format))


@data.command
@options.data_dir
@own_path
@options.table_format
def verify(data_dir: Path | None, path: Path | None, table_format: str) -> None:
    """Check every data file's hash again.

    Ends with exit code 3 if anything in the data directory is not what it was, or there is none.

    \b
    Examples:
      dropsweep data verify
      dropsweep data verify --data-dir ~/.keras/datasets
    """
    from dropsweep import datasets, tables
    from dropsweep.columns import Table

    where = datasets.default_data_dir(data_dir)
    checks = datasets.verify(path=path, data_dir=where)
    if not checks:
        raise errors.data_none_to_check(where)
    rows = [(_plain(check.what), check.ok, check.detail) for check in checks]
    click.echo(tables.render(Table.plain(("what", "ok", "detail"), rows), table_format))
    if remedies := {check.what: check.remedy for check in checks if not check.ok}:
        raise errors.data_changed_since(remedies)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
