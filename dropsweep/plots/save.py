"""Figures as files: ``plots/<figure>.png`` and ``.svg``, drawn only when they would differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import errors, files
from dropsweep.plots import style
from dropsweep.plots.catalogue import KINDS
from dropsweep.plots.plan import nothing_kept, planned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from dropsweep.plots.catalogue import ReadKept
    from dropsweep.plots.drawing import Drawing
    from dropsweep.records import RunRecord


def draw(
    records: Sequence[RunRecord],
    folder: Path,
    kept: ReadKept = nothing_kept,
    *,
    names: Collection[str] = (),
    formats: Collection[str] = ("png", "svg"),
) -> list[Path]:
    """Bring ``folder``/plots up to date and list the figures asked for.

    Figures that show other runs, as an earlier config left them, go. See `plan.drawings` for the
    parameters.
    """
    paths: list[Path] = []
    for drawing in planned(records, kept, folder / "plots", names):
        if drawing.exists:
            paths += [save(drawing, folder / "plots", each) for each in formats]
    remove_outdated(records, folder)
    return paths


def save(drawing: Drawing, folder: Path, file_format: str) -> Path:
    """Write the drawing's file, unless it is there and shows the same."""
    path = folder / f"{drawing.stem}.{file_format}"
    try:
        if drawing.current(path) is None:
            content = drawing.content(file_format)
            folder.mkdir(parents=True, exist_ok=True)
            files.write_whole(path, content)
    except OSError as cause:
        raise errors.results_unwritable(folder, cause) from cause
    return path


def remove_outdated(records: Sequence[RunRecord], folder: Path) -> None:
    """Draw nothing, but leave no figure that shows other runs than these.

    What was drawn here before is known by its metadata; a user's own files stay.
    """
    drawn = [
        path
        for file_format in style.FORMATS
        for path in sorted((folder / "plots").glob(f"*.{file_format}"))
    ]
    if drawn:
        remove_unlike(drawn, {each.stem: each.digest for each in planned(records, names=KINDS)})


def remove_unlike(paths: Iterable[Path], digests: Mapping[str, str]) -> None:
    """Of these files, remove the drawn ones whose digest is not that of their stem."""
    for path in paths:
        try:
            content = path.read_bytes()
            digest = digests.get(path.stem)
            if style.MARK in content and (digest is None or digest.encode() not in content):
                path.unlink()
        except OSError as cause:
            raise errors.results_unwritable(path, cause) from cause
