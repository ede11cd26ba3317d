"""Which figures a sweep gets: all of a few settings, of many settings those of the chosen one."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import by_setting, differences, format_value, select, summarize
from dropsweep.plots.axes import axes_of
from dropsweep.plots.catalogue import FIGURES
from dropsweep.plots.drawing import Drawing
from dropsweep.plots.readings import Shown
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Difference, Setting
    from dropsweep.plots.catalogue import OfSettingTested, ReadKept
    from dropsweep.records import RunRecord

VERSION = 3
"""Version of the drawing: raised by any change that makes equal records look different."""

MOST_SETTINGS = 6
"""A sweep of more settings gets the figures of one, unless a figure is asked for by name."""

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
    """
    return [each for each in planned(records, kept, folder, names) if each.exists]


def planned(
    records: Sequence[RunRecord],
    kept: ReadKept = nothing_kept,
    folder: Path | None = None,
    names: Collection[str] = (),
) -> Iterator[Drawing]:
    """As `drawings`, one after another, with those that turn out to have nothing to show."""
    settings = _measured(records)
    if not settings:
        return
    chosen = (
        set(settings) if names or len(settings) <= MOST_SETTINGS else {_chosen(records, settings)}
    )
    wanted = _Wanted(records, kept, folder, names, _kept_sizes(folder))
    yield from wanted.of_sweep()
    for setting, members in settings.items():
        if setting in chosen:
            yield from wanted.of_setting(members, setting)


def settings_without_figures(records: Sequence[RunRecord]) -> int:
    """Settings that get no figures of their own unless asked for by name."""
    count = len(_measured(records))
    return count - 1 if count > MOST_SETTINGS else 0


def file_stem(name: str, setting: Setting) -> str:
    """A file name for a figure of a setting: ``accuracy_dataset.train_size=100``."""
    return _safe("_".join([name, *(f"{key}={_plain(value)}" for key, value in setting)]))


@dataclass(frozen=True)
class _Wanted:
    records: Sequence[RunRecord]
    """Of the whole sweep."""
    kept: ReadKept
    folder: Path | None
    names: Collection[str]
    sizes: Mapping[str, int]
    """Bytes of what was kept, by run id."""

    def of_sweep(self) -> Iterator[Drawing]:
        records, content, shown = self.records, self._content, Shown.of(self.records)
        for name, kind in FIGURES.items():
            if kind.of_axis is not None and self._asked(name):
                for axis in axes_of(records):
                    stem = _safe(f"{name}_{axis.stem}")
                    make = functools.partial(kind.of_axis, records, axis)
                    yield self._drawing(name, ((), stem), content, shown, make)

    def of_setting(self, records: Sequence[RunRecord], setting: Setting) -> Iterator[Drawing]:
        content, shown = content_digest(records), Shown.of(records)
        for name, kind in FIGURES.items():
            if not self._asked(name):
                continue
            place = setting, file_stem(name, setting)
            if kind.of_setting is not None:
                make = functools.partial(kind.of_setting, records, setting)
                yield self._drawing(name, place, content, shown, make)
            elif kind.of_setting_tested is not None:
                make = functools.partial(self._tested_in, kind.of_setting_tested, records, setting)
                yield self._drawing(name, place, (content, self._content), shown, make)
            elif kind.of_setting_kept is not None:
                there = sorted((run.run_id, self.sizes.get(run.run_id, 0)) for run in records)
                make = functools.partial(kind.of_setting_kept, records, setting, self.kept)
                yield self._drawing(name, place, (content, there), shown, make)

    def _tested_in(
        self, draw: OfSettingTested, records: Sequence[RunRecord], setting: Setting
    ) -> Figure | None:
        return draw(records, setting, self._tested)

    @functools.cached_property
    def _content(self) -> str:
        return content_digest(self.records)

    @functools.cached_property
    def _tested(self) -> list[Difference]:
        return differences(self.records)

    def _asked(self, name: str) -> bool:
        return not self.names or name in self.names

    def _drawing(
        self,
        name: str,
        place: tuple[Setting, str],
        content: object,
        shown: Shown,
        make: Callable[[], Figure | None],
    ) -> Drawing:
        digest = hashlib.sha256(repr((VERSION, name, *place, content)).encode()).hexdigest()
        kind, folder = FIGURES[name], None if self.folder is None else self.folder / "plots"
        return Drawing(name, *place, kind.question, kind.reading(shown), digest, make, folder)


def _kept_sizes(folder: Path | None) -> dict[str, int]:
    return {} if folder is None else ResultsFolder(folder).parameter_sizes()


def _measured(records: Sequence[RunRecord]) -> dict[Setting, list[RunRecord]]:
    """Settings with a measured point."""
    return {
        setting: members
        for setting, members in by_setting(records).items()
        if any(record.history for record in members)
    }


def _chosen(records: Sequence[RunRecord], settings: dict[Setting, list[RunRecord]]) -> Setting:
    choice = select(summarize(records))
    return next(iter(settings)) if choice is None else choice.setting


def content_digest(records: Sequence[RunRecord]) -> str:
    """SHA-256 over all that figures show of these runs, apart from what was kept of their nets."""
    shown = [
        (
            record.spec,
            record.status,
            record.history,
            record.best_val_accuracy,
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
    # what was replaced or cut off may have been all that told two settings apart
    return f"{safe[:_LONGEST_NAME]}_{hashlib.sha256(plain.encode()).hexdigest()[:10]}"
