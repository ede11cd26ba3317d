"""A request to run a config into a results folder, as ``dropsweep run`` and Python make it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dropsweep import config, datasets, errors, executors, sweep, tables
from dropsweep.collection import collect
from dropsweep.files import at_home
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.collection import Collection
    from dropsweep.config import Loaded
    from dropsweep.sweep import OpenExecutor, Plan, Progress

_LONG_SECONDS = 60.0
"""Of shorter commands nobody minds the time."""

PathName: TypeAlias = "str | os.PathLike[str]"


@dataclass(frozen=True)
class Request:
    """A checked config and its place, from which runs are planned or trained."""

    loaded: Loaded
    folder: ResultsFolder
    source: sweep.DataSource
    shard: sweep.Shard

    @classmethod
    def of(
        cls,
        source: PathName | Mapping[str, Any],
        overrides: Sequence[str] | Mapping[str, Any] = (),
        *,
        output: PathName | None = None,
        shard: tuple[int, int] = (0, 1),
        data_dir: PathName | None = None,
        offline: bool = False,
    ) -> Request:
        """Read and check a config; `run` says what the options mean.

        Raises
        ------
        ConfigError
            If it has mistakes, or the options do not belong together.
        """
        if not isinstance(source, Mapping):
            source = os.fspath(source)
            source = str(at_home(Path(source))) if source.startswith("~") else source
        loaded = config.load(source, overrides, datasets.KNOWN)
        if not 0 <= shard[0] < shard[1]:
            raise errors.shard_outside(*shard)
        if loaded.config.decision.auto and shard != (0, 1):
            raise errors.shard_of_auto()
        folder = at_home(Path(output)) if output else _own_folder(source, overrides)
        where = at_home(Path(data_dir)) if data_dir else None
        return cls(
            loaded,
            ResultsFolder(folder or Path("results") / loaded.config.name),
            sweep.DataSource.of(loaded, where, offline),
            sweep.Shard(*shard),
        )

    def plan(self, progress: Progress) -> Plan:
        """The runs that there are to train; nothing is changed."""
        return sweep.make_plan(self.loaded, self.folder, self.source, progress, self.shard)

    def complete(
        self,
        progress: Progress,
        *,
        jobs: int | None = None,
        dask: str | None = None,
        fail_fast: bool = False,
        plots: bool = True,
    ) -> tuple[Collection, list[str]]:
        """Train the missing runs, and draw them; returns the runs there and the ids that failed.

        After an interrupt, figures and a report of fewer runs than there are now are removed.
        """
        if plots:
            from dropsweep.plots import check_replaceable

            self.folder.check_replaceable("report.html")
            check_replaceable(self.folder.path)
        draw = partial(_draw, progress=progress) if plots else _remove_outdated
        start = time.monotonic()
        try:
            result = sweep.run(
                self.loaded, self.folder, _executor(jobs, dask), self.source, progress,
                shard=self.shard, fail_fast=fail_fast, draw=draw,
                planned=partial(_say_can_show, progress=progress),
            )  # fmt: skip
        except KeyboardInterrupt:
            with contextlib.suppress(errors.ResultsError):  # the interrupt is what is reported
                _remove_outdated(collect(self.folder))
            raise
        finally:
            progress.end()
        if dask is None and time.monotonic() - start > _LONG_SECONDS:
            _say_how_to_be_faster(progress)
        return result.collection, result.failed


def _executor(jobs: int | None, dask: str | None) -> OpenExecutor:
    if dask is not None:
        return lambda runs, _module, note: executors.DaskCluster(dask, note, runs)
    return partial(executors.local_executor, jobs)


def _own_folder(
    source: str | Mapping[str, Any], overrides: Sequence[str] | Mapping[str, Any]
) -> Path | None:
    """The results folder whose ``config.yaml`` the config is: it is run into that folder again."""
    if isinstance(source, Mapping) or any(
        each.partition("=")[0].strip() == "name" for each in overrides
    ):
        return None
    folder = ResultsFolder(Path(source).parent)
    return folder.path if folder.wrote(Path(source)) else None


def _say_can_show(plan: Plan, progress: Progress) -> None:
    if plan.missing:
        progress.step(tables.can_show(plan.specs, plan.there.decision))


def _say_how_to_be_faster(progress: Progress) -> None:
    from dropsweep.training.machine import has_unused_avx512

    if has_unused_avx512():
        progress.note(errors.UNUSED_AVX512)


def _draw(collection: Collection, progress: Progress) -> None:
    from dropsweep import plots, report

    folder, records = collection.folder, collection.records
    planned = list(plots.planned(records, folder.read_parameters, folder.path, sweep=collection))
    drawings = []
    for number, drawing in enumerate(planned, 1):
        progress.drawing(number, len(planned))
        if plots.save_all([drawing]):
            drawings.append(drawing)
    plots.remove_outdated(collection, folder.path)
    report.write(folder, collection, drawings=drawings)
    progress.end()
    if left_out := plots.settings_without_figures(records):
        progress.note(
            f"{left_out} settings have no figures of their own; `dropsweep plot --figure NAME` "
            "draws one for each"
        )


def _remove_outdated(collection: Collection) -> None:
    folder = collection.folder
    if (folder.path / "plots").is_dir() or (folder.path / "report.html").is_file():
        from dropsweep import report

        report.remove_outdated(folder, collection)
