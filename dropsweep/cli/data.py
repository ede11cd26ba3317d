"""``dropsweep data``: get the data set, describe it, verify it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from dropsweep import errors
from dropsweep.cli import options

own_path = click.option(
    "--path",
    type=options.HomePath(path_type=Path),
    help="Your own archive, folder or .npz file, as in dataset.path.",
)


@click.group("data")
def data_commands() -> None:
    """Download, describe or verify the data set.

    \b
    Examples:
      dropsweep data fetch
      dropsweep data info
    """


@data_commands.command
@options.data_dir
@own_path
@options.offline
def fetch(data_dir: Path | None, path: Path | None, offline: bool) -> None:
    """Prepare CIFAR-10; download it if it is not here.

    Prints the folder of the prepared images. The download has 170 MB; if a mirror fails, the next
    one is tried.

    \b
    Examples:
      dropsweep data fetch
      dropsweep data fetch --data-dir /scratch/cifar10
    """
    from dropsweep import datasets
    from dropsweep.progress import make_progress

    if path and datasets.is_arrays(path):
        raise errors.arrays_not_fetched(path)
    progress = make_progress()
    folder = datasets.prepare(
        "cifar10",
        path=path,
        data_dir=datasets.default_data_dir(data_dir),
        offline=offline,
        on_note=progress.note,
        on_progress=progress.downloaded,
    )
    click.echo(folder)


@data_commands.command
@options.data_dir
@own_path
@options.table_format
def info(data_dir: Path | None, path: Path | None, table_format: str) -> None:
    """Describe the images that a sweep would use.

    Read every row of an .npz file, and list all mistakes in it. Nothing is downloaded
    or kept.

    \b
    Examples:
      dropsweep data info
      dropsweep data info --path cifar-10-binary.tar.gz --format json
      dropsweep data info --path my.npz
    """
    from dropsweep import datasets, tables
    from dropsweep.columns import Table

    where = datasets.default_data_dir(data_dir)
    own = "arrays" if path and datasets.is_arrays(path) else "cifar10"
    names = (own,) if path else ("cifar10", "synthetic")
    descriptions = [datasets.describe(name, path=path, data_dir=where) for name in names]
    rows = [
        (name, *map(_plain, asdict(description).values()))
        for name, description in zip(names, descriptions, strict=True)
    ]
    table = Table.plain(("name", *asdict(descriptions[0])), rows)
    for_people = table_format == "table"
    click.echo(tables.cards(table) if for_people else tables.render(table, table_format))


@data_commands.command
@options.data_dir
@own_path
@options.table_format
def verify(data_dir: Path | None, path: Path | None, table_format: str) -> None:
    """Check the hash of every data file, and every row of your own.

    Ends with exit code 3 if a file in the data directory has changed, if your own has mistakes, or
    if there are no data.

    \b
    Examples:
      dropsweep data verify
      dropsweep data verify --path my.npz
      dropsweep data verify --data-dir ~/.keras/datasets
    """
    from dropsweep import datasets, tables
    from dropsweep.columns import Table

    where = datasets.default_data_dir(data_dir)
    verified = datasets.verify(path=path, data_dir=where)
    if not verified:
        raise errors.data_none_to_check(where)
    rows = [(_plain(each.what), each.ok, each.detail) for each in verified]
    click.echo(tables.render(Table.plain(("what", "ok", "detail"), rows), table_format))
    if remedies := {each.what: each.remedy for each in verified if not each.ok}:
        raise errors.data_changed_since(remedies)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
