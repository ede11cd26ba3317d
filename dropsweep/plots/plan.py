"""Which figures a sweep gets: all of a few cells, of many cells those of the chosen one."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import by_cell, format_value, select, summarize
from dropsweep.plots.catalogue import KINDS
from dropsweep.plots.drawing import Drawing
from dropsweep.records import varying_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell
    from dropsweep.plots.catalogue import ReadKept
    from dropsweep.records import RunRecord

VERSION = 2
"""Version of the drawing: raised by any change that makes equal records look different."""

MOST_CELLS = 6
"""A sweep of more cells gets the figures of one of them, unless a figure is asked for by name."""

_LONGEST_NAME = 120  # bytes; file systems take 255, and a temporary file's name adds host and pid


def nothing_kept(record: RunRecord) -> None:
    """No run has kept parameters."""


def drawings(
    records: Sequence[RunRecord],
    kept: ReadKept = nothing_kept,
    *,
    folder: Path | None = None,
    names: Collection[str] = (),
) -> list[Drawing]:
    """The figures that have something to show: those of the whole sweep, then cell by cell.

    Parameters
    ----------
    records
        All runs of a sweep.
    kept
        Gives the parameters that were kept of a run, or None.
    folder
        Where files of these figures may stand, which need not be drawn again.
    names
        Only these figures, but of every cell; all of them if empty.
    """
    return [each for each in planned(records, kept, folder, names) if each.exists]


def planned(
    records: Sequence[RunRecord],
    kept: ReadKept = nothing_kept,
    folder: Path | None = None,
    names: Collection[str] = (),
) -> Iterator[Drawing]:
    """As `drawings`, one after another, with those that turn out to have nothing to show."""
    cells = _measured(records)
    if not cells:
        return
    chosen = set(cells) if names or len(cells) <= MOST_CELLS else {_chosen(records, cells)}
    wanted = _Wanted(kept, folder, names)
    yield from wanted.of_sweep(records)
    for cell, members in cells.items():
        if cell in chosen:
            yield from wanted.of_cell(members, cell)


def crowded_out(records: Sequence[RunRecord]) -> int:
    """Cells that get no figures of their own unless asked for by name."""
    count = len(_measured(records))
    return count - 1 if count > MOST_CELLS else 0


def file_stem(name: str, cell: Cell) -> str:
    """A file name for a figure of a cell: ``accuracy_dataset.train_size=100``."""
    return _safe("_".join([name, *(f"{key}={_plain(value)}" for key, value in cell)]))


@dataclass(frozen=True)
class _Wanted:
    kept: ReadKept
    folder: Path | None
    names: Collection[str]

    def of_sweep(self, records: Sequence[RunRecord]) -> Iterator[Drawing]:
        content = content_digest(records)
        for name, kind in KINDS.items():
            if kind.of_axis is not None and self._asked(name):
                for axis in varying_keys([record.spec for record in records]):
                    make = functools.partial(kind.of_axis, records, axis)
                    yield self._drawing(name, (), _safe(f"{name}_{axis}"), content, make)

    def of_cell(self, records: Sequence[RunRecord], cell: Cell) -> Iterator[Drawing]:
        content, stem = content_digest(records), functools.partial(file_stem, cell=cell)
        for name, kind in KINDS.items():
            if not self._asked(name):
                continue
            if kind.of_cell is not None:
                make = functools.partial(kind.of_cell, records, cell)
                yield self._drawing(name, cell, stem(name), content, make)
            elif kind.of_cell_kept is not None:
                make = functools.partial(kind.of_cell_kept, records, cell, self.kept)
                yield self._drawing(name, cell, stem(name), content, make)

    def _asked(self, name: str) -> bool:
        return not self.names or name in self.names

    def _drawing(
        self, name: str, cell: Cell, stem: str, content: str, make: Callable[[], Figure | None]
    ) -> Drawing:
        digest = hashlib.sha256(repr((VERSION, name, cell, stem, content)).encode()).hexdigest()
        kind = KINDS[name]
        return Drawing(name, cell, stem, kind.question, kind.reading, digest, make, self.folder)


def _measured(records: Sequence[RunRecord]) -> dict[Cell, list[RunRecord]]:
    """Cells with a measured point."""
    return {
        cell: members
        for cell, members in by_cell(records).items()
        if any(record.history for record in members)
    }


def _chosen(records: Sequence[RunRecord], cells: dict[Cell, list[RunRecord]]) -> Cell:
    choice = select(summarize(records))
    return next(iter(cells)) if choice is None else choice.cell


def content_digest(records: Sequence[RunRecord]) -> str:
    """SHA-256 over all that figures show of these runs.

    What was kept of a net follows from its spec, and need not be read for it.
    """
    shown = [
        (
            record.spec,
            record.status,
            record.history,
            record.best_val_accuracy,
            record.test_accuracy,
            record.monte_carlo,
        )
        for record in sorted(records, key=lambda each: each.run_id)
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _plain(value: object) -> str:
    return format_value(value).strip("[]").replace(", ", "-")


def _safe(plain: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9._=+-]", "-", plain)
    if safe == plain and len(safe) <= _LONGEST_NAME:
        return safe
    # what was replaced or cut off may have been all that told two cells apart
    return f"{safe[:_LONGEST_NAME]}_{hashlib.sha256(plain.encode()).hexdigest()[:10]}"
