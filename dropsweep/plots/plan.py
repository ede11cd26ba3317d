"""The figures that a sweep gets: of a few settings all, of many those of the chosen one."""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dropsweep.analysis import by_setting, format_value
from dropsweep.plots import marks
from dropsweep.plots.drawing import Drawing, save_all
from dropsweep.plots.figures import FIGURES
from dropsweep.plots.rendering import FORMATS
from dropsweep.plots.style import USUAL, Look
from dropsweep.plots.view import Sweep, View, axes_of, nothing_kept
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from dropsweep.analysis import Findings, Setting
    from dropsweep.plots.view import Answered, ReadKept
    from dropsweep.records import RunRecord

VERSION = 5
"""Version of the drawing: raised by any change that makes equal records look different."""

MOST_SETTINGS = 6
"""A sweep of more settings gets the figures of one, unless a figure is asked for by name."""

_LONGEST_NAME = 120  # bytes; file systems take 255, and a temporary file's name is longer


def drawings(
    records: Sequence[RunRecord],
    kept: ReadKept = nothing_kept,
    *,
    folder: Path | None = None,
    names: Collection[str] = (),
    look: Look = USUAL,
    sweep: Answered | None = None,
) -> list[Drawing]:
    """The figures that have something to show: those of the whole sweep, then setting by setting.

    Parameters
    ----------
    records
        All runs of a sweep.
    kept
        Gives the parameters that were kept of a run, or None.
    folder
        The results folder: figures in it need not be drawn again.
    names
        Only these figures, but of every setting; all of them if empty.
    look
        For a page, a paper or a slide; each has files of its own.
    sweep
        The same records with their findings, where they have been found before.
    """
    return [each for each in planned(records, kept, folder, names, look, sweep) if each.exists]


def planned(  # noqa: PLR0917 - the parameters of `drawings`
    records: Sequence[RunRecord],
    kept: ReadKept = nothing_kept,
    folder: Path | None = None,
    names: Collection[str] = (),
    look: Look = USUAL,
    sweep: Answered | None = None,
) -> Iterator[Drawing]:
    """As `drawings`, one after another, with those that turn out to have nothing to show."""
    sweep = sweep or Sweep(records)
    digest, plots = content_digest(sweep, folder), folder and folder / "plots"
    for name, stem, view in _views(sweep, kept, names, look):
        kind = FIGURES[name]
        yield Drawing(
            name,
            view.setting,
            stem + look.suffix,
            kind,
            view,
            digest,
            plots,
        )


def draw(
    records: Sequence[RunRecord],
    folder: Path,
    kept: ReadKept = nothing_kept,
    *,
    names: Collection[str] = (),
    formats: Collection[str] = ("png", "svg"),
    look: Look = USUAL,
    sweep: Answered | None = None,
) -> list[Path]:
    """Bring ``folder``/plots up to date and list the figures asked for.

    Figures that show other runs, as an earlier config left them, go. See `drawings` for the
    parameters.
    """
    sweep = sweep or Sweep(records)
    paths = save_all(planned(records, kept, folder, names, look, sweep), formats)
    remove_outdated(sweep, folder)
    return paths


def remove_outdated(sweep: Answered, folder: Path) -> None:
    """Draw nothing, but leave no figure that shows other runs, or by another decision.

    A user's own files, renamed copies and comparisons with other sweeps stay.
    """
    drawn = (
        path
        for file_format in FORMATS
        for path in sorted((folder / "plots").glob(f"*.{file_format}"))
        if path.name.startswith(tuple(FIGURES))
    )
    marks.remove_outdated(drawn, functools.cache(lambda: content_digest(sweep, folder)))


def settings_without_figures(records: Sequence[RunRecord]) -> int:
    """Settings that get no figures of their own unless asked for by name."""
    count = len(_measured(records))
    return count - 1 if count > MOST_SETTINGS else 0


def file_stem(name: str, setting: Setting) -> str:
    """A file name for a figure of a setting: ``accuracy_dataset.train_size=100``."""
    return _safe("_".join([name, *(f"{key}={_plain(value)}" for key, value in setting)]))


def content_digest(sweep: Answered, folder: Path | None = None) -> str:
    """SHA-256 over all that figures of a sweep show, and over the version of the drawing.

    That is the runs of the answer, the decision and, of races, how far each got, which failed runs
    change, too. With a results folder, over the sizes of the kept nets in it, too.
    """
    kept = {} if folder is None else ResultsFolder(folder).parameter_sizes()
    decision = sweep.decision
    races = sweep.findings.races if decision.auto else {}  # slow to find where no race needs it
    states = [(setting, replace(race, missing=())) for setting, race in races.items()]
    digest = hashlib.sha256(repr((VERSION, decision, states)).encode())
    for record in sorted(sweep.records, key=lambda each: each.run_id):
        digest.update(record.fingerprint())
        digest.update(repr(kept.get(record.run_id)).encode())
    return digest.hexdigest()


def _views(
    sweep: Answered, kept: ReadKept, names: Collection[str], look: Look
) -> Iterator[tuple[str, str, View]]:
    """Name, file stem and view of every figure: those along axes, then setting by setting."""
    records = sweep.records
    settings = _measured(records)
    if not settings:
        return
    asked = {name: kind for name, kind in FIGURES.items() if not names or name in names}
    for name in [name for name, kind in asked.items() if kind.of == "axis"]:
        axes = axes_of(records)
        for along in [*((each,) for each in axes), *itertools.combinations(axes, 2)]:
            stem = "_".join([name, *(axis.stem for axis in along)])
            yield name, _safe(stem), View(records, sweep, axes=along, look=look)
    few = names or len(settings) <= MOST_SETTINGS
    for setting in settings if few else [_chosen(sweep.findings, settings)]:
        view = View(settings[setting], sweep, setting, kept=kept, look=look)
        for name in [name for name, kind in asked.items() if kind.of == "setting"]:
            yield name, file_stem(name, setting), view


def _measured(records: Sequence[RunRecord]) -> dict[Setting, list[RunRecord]]:
    """Settings with a measured point."""
    return {
        setting: members
        for setting, members in by_setting(records).items()
        if any(record.history for record in members)
    }


def _chosen(findings: Findings, settings: Iterable[Setting]) -> Setting:
    return next(iter(settings)) if findings.choice is None else findings.choice.setting


def _plain(value: object) -> str:
    return format_value(value).strip("[]").replace(", ", "-")


def _safe(plain: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9._=+-]", "-", plain)
    if safe == plain and len(safe) <= _LONGEST_NAME:
        return safe
    # what was replaced or cut off may have been all that told two settings apart
    return f"{safe[:_LONGEST_NAME]}_{hashlib.sha256(plain.encode()).hexdigest()[:10]}"
