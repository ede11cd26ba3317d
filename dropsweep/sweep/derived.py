"""Everything in a results folder that is made from its run files: tables, figures, the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import columns, config

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.collection import Collection


def derive(collection: Collection, draw: Callable[[Collection], None]) -> Collection:
    """Write the tables of one reading, and ``draw`` it; again as long as runs have come in.

    Of several processes that finish parts of one sweep, the last one to write has then seen every
    run. Where another command has put its own config in place, nothing is written.

    Returns
    -------
    Collection
        The last reading.
    """
    while _is_planned_there(collection):
        write_tables(collection)
        draw(collection)
        if collection.is_current():
            break
        collection = collection.again()
    return collection


def write_tables(collection: Collection) -> None:
    """Rewrite ``summary.csv`` and ``history.csv``, unless they are up to date."""
    folder, records = collection.folder, collection.records
    folder.write_csv("summary.csv", *columns.runs(records).flat())
    found, points = columns.points(records)
    folder.write_csv("history.csv", [column.key for column in found], points)


def _is_planned_there(collection: Collection) -> bool:
    """True if the folder's config is the collection's own; one that has vanished is put back."""
    if collection.config is None or not collection.specs:
        return True
    resolved = config.dump(collection.config, collection.specs[0].dataset.identity)
    there = collection.folder.config_text()
    if there is None:
        collection.folder.write_config(resolved)
    return there in {None, resolved}
