"""Figures as files: ``plots/<figure>.png`` and ``.svg``, drawn only when they would differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import errors, files
from dropsweep.plots import stamp, style
from dropsweep.plots.catalogue import FIGURES
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
    paths = save_all(planned(records, kept, folder, names), formats)
    remove_outdated(records, folder)
    return paths


def save_all(drawings: Iterable[Drawing], formats: Collection[str] = ("png", "svg")) -> list[Path]:
    """Write the files of these drawings where they belong, and list them."""
    saved = [save(drawing, each) for drawing in drawings if drawing.exists for each in formats]
    return [path for path in saved if path is not None]


def save(drawing: Drawing, file_format: str) -> Path | None:
    """Write the drawing's file, unless it is there and shows the same; None of nothing.

    Raises
    ------
    ResultsError
        If a file of somebody else's is in the way, or the folder refuses the write.
    """
    path = drawing.path(file_format)
    if path is None or drawing.is_current(file_format):
        return path
    content = drawing.content(file_format)
    if content is None:
        return None
    try:
        if path.exists() and not stamp.is_ours(path.read_bytes()):
            raise errors.file_not_ours(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, content)
    except OSError as cause:
        raise errors.results_unwritable(path.parent, cause) from cause
    return path


def remove_outdated(records: Sequence[RunRecord], folder: Path) -> None:
    """Draw nothing, but leave no figure that shows other runs than these.

    What was drawn here, under this name, is known by its metadata: a user's own files, renamed
    copies and comparisons with other sweeps stay.
    """
    drawn = [
        path
        for file_format in style.FORMATS
        for path in sorted((folder / "plots").glob(f"*.{file_format}"))
        if path.name.startswith(tuple(FIGURES))
    ]
    if drawn:
        planned_now = planned(records, folder=folder, names=FIGURES)
        remove_unlike(drawn, {each.stem: each.digest for each in planned_now})


def remove_unlike(paths: Iterable[Path], digests: Mapping[str, str]) -> None:
    """Of these files, remove those drawn under their name that show something else by now."""
    for path in paths:
        try:
            found = stamp.read(path.read_bytes())
            if found and found.stem == path.stem and found.digest != digests.get(path.stem):
                path.unlink()
        except OSError as cause:
            raise errors.results_unwritable(path, cause) from cause
