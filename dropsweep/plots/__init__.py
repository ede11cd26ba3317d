"""Records drawn: ``plots/<figure>.png`` and ``.svg``, redrawn only when they would differ."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors, files
from dropsweep.analysis import by_cell, format_value
from dropsweep.plots import style
from dropsweep.plots.accuracy import accuracy
from dropsweep.plots.final_accuracy import final_accuracy
from dropsweep.plots.monte_carlo import monte_carlo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell
    from dropsweep.records import RunRecord

    Draw: TypeAlias = Callable[[Sequence[RunRecord], Cell], Figure | None]

VERSION = 1
"""Version of the drawing: raised by any change that makes equal records look different."""

FIGURES: dict[str, Draw] = {
    "accuracy": accuracy,
    "final_accuracy": final_accuracy,
    "monte_carlo": monte_carlo,
}
"""Figures of one cell of a sweep, by the name of their files; None has nothing to show."""

_LONGEST_NAME = 120  # bytes; file systems take 255, and a temporary file's name adds host and pid


def draw(records: Sequence[RunRecord], folder: Path) -> list[Path]:
    """Bring ``folder``/plots up to date and list its figures, cell by cell.

    A cell without a single measured point has no figure; without any, nothing is made. Figures of
    other runs, as an earlier config left them, go.
    """
    paths: list[Path] = []
    for name, members, cell in _wanted(records):
        paths += _update(folder / "plots", name, members, cell)
    _remove_others(folder / "plots", paths)
    return paths


def remove_outdated(records: Sequence[RunRecord], folder: Path) -> None:
    """Draw nothing, but leave no figure that shows other runs than these."""
    current = [
        path
        for name, members, cell in _wanted(records)
        for path in _paths(folder / "plots", name, cell).values()
        if _is_current(path, _digest(name, members, cell))
    ]
    _remove_others(folder / "plots", current)


def file_stem(name: str, cell: Cell) -> str:
    """A file name for a figure of a cell: ``accuracy_dataset.train_size=100``."""
    plain = "_".join([name, *(f"{key}={format_value(value).strip('[]')}" for key, value in cell)])
    plain = plain.replace(", ", "-")
    safe = re.sub(r"[^A-Za-z0-9._=+-]", "-", plain)
    if safe == plain and len(safe) <= _LONGEST_NAME:
        return safe
    # what was replaced or cut off may have been all that told two cells apart
    return f"{safe[:_LONGEST_NAME]}_{hashlib.sha256(plain.encode()).hexdigest()[:10]}"


def _wanted(records: Sequence[RunRecord]) -> Iterator[tuple[str, list[RunRecord], Cell]]:
    for cell, members in by_cell(records).items():
        if any(record.history for record in members):
            for name in FIGURES:
                yield name, members, cell


def _paths(folder: Path, name: str, cell: Cell) -> dict[str, Path]:
    stem = file_stem(name, cell)
    return {kind: folder / f"{stem}.{kind}" for kind in style.FORMATS}


def _remove_others(folder: Path, current: Sequence[Path]) -> None:
    """Remove what was drawn here before, by its metadata; a user's own files stay."""
    kept = set(current)
    for kind in style.FORMATS:
        for path in folder.glob(f"*.{kind}"):
            if path not in kept and style.MARK in path.read_bytes():
                path.unlink()


def _update(folder: Path, name: str, records: Sequence[RunRecord], cell: Cell) -> list[Path]:
    digest = _digest(name, records, cell)
    paths = _paths(folder, name, cell)
    try:
        for kind, path in paths.items():
            if _is_current(path, digest):
                continue
            # a new figure for each: laying one out twice moves it by a hair
            figure = FIGURES[name](records, cell)
            if figure is None:
                return []
            folder.mkdir(parents=True, exist_ok=True)
            files.write_whole(path, style.render(figure, kind, digest))
    except OSError as cause:
        raise errors.results_unwritable(folder, cause) from cause
    return list(paths.values())


def _digest(name: str, records: Sequence[RunRecord], cell: Cell) -> str:
    """SHA-256 over all that a figure shows."""
    shown = [
        (
            record.spec,
            record.status,
            record.history,
            record.best_val_accuracy,
            record.test_accuracy,
            record.monte_carlo,
        )
        for record in records
    ]
    return hashlib.sha256(repr((VERSION, name, cell, shown)).encode()).hexdigest()


def _is_current(path: Path, digest: str) -> bool:
    """Whether the file was drawn from the same content: its metadata carries the digest."""
    try:
        return digest.encode() in path.read_bytes()
    except FileNotFoundError:
        return False
