"""The tables that are made from the run files: ``summary.csv`` and ``history.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord
    from dropsweep.results import ResultsFolder


def write_tables(folder: ResultsFolder, records: Sequence[RunRecord]) -> None:
    """Rewrite both, unless they are up to date."""
    folder.write_csv("summary.csv", *columns.runs(records).flat())
    folder.write_csv("history.csv", *columns.history(records).flat())
