"""dropsweep from Python: `run` a sweep, `read` a results folder, and the `Sweep` both return."""

from __future__ import annotations

import contextlib
import html
import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dropsweep import columns, config, datasets, errors, executors, sweep, tables
from dropsweep.collection import collect
from dropsweep.files import at_home
from dropsweep.progress import make_progress
from dropsweep.results import ResultsFolder, single_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from dropsweep.collection import Collection
    from dropsweep.config import Loaded
    from dropsweep.sweep import OpenExecutor, Plan, Progress
    from dropsweep.table import Table

PathName: TypeAlias = "str | os.PathLike[str]"


def run(
    config: PathName | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    *,
    x: Any = None,
    y: Any = None,
    x_test: Any = None,
    y_test: Any = None,
    output: PathName | None = None,
    jobs: int | None = None,
    shard: tuple[int, int] = (0, 1),
    dask: str | None = None,
    fail_fast: bool = False,
    plots: bool = True,
    data_dir: PathName | None = None,
    offline: bool = False,
    quiet: bool = False,
) -> Sweep:
    """Train the missing runs of a sweep, draw the figures, and write the report.

    Each finished run is kept at once: after an interrupt the same call trains only the others.

    Parameters
    ----------
    config
        The path of a YAML file, or a mapping with the same keys.
    overrides
        Values that replace those of the config, by dotted key: ``{"training.epochs": 5}``.
    x, y
        Your own data: a row per example, shape (N, D), (N, H, W) or (N, H, W, C), uint8 or float;
        a label per row, integers or text. They are saved in the data directory, as a file that
        the results' config names.
    x_test, y_test
        Test rows and their labels; without them the last ``dataset.test_size`` rows of `x`.
    output
        The results folder; ``results/<name>`` by default.
    jobs
        Runs to train at once, each in a process of its own; one per available CPU by default.
    shard
        Index and count: train only this part of the sweep; others train the rest.
    dask
        The address of a Dask scheduler, to train on its cluster.
    fail_fast
        Stop at the first failed run.
    plots
        Whether to draw figures and write the report.
    data_dir
        The folder of the data sets; the same default as on the command line.
    offline
        Do not download data.
    quiet
        Show no progress.

    Raises
    ------
    ConfigError
        If the config has mistakes, all of which the message names.
    DataError
        If the data cannot be found or downloaded, or failed verification.
    ResultsError
        If the results folder cannot be written.
    RunsFailedError
        If runs failed; the others are finished, and `read` gives them.
    """
    arrays = {"x": x, "y": y, "x_test": x_test, "y_test": y_test}
    if any(each is not None for each in arrays.values()):
        where = datasets.default_data_dir(None if data_dir is None else Path(data_dir))
        own = {"dataset.name": "arrays", "dataset.path": str(datasets.keep_arrays(arrays, where))}
        overrides = {**(overrides or {}), **own}
    request = Request.of(
        config, overrides or {}, output=output, shard=shard, data_dir=data_dir, offline=offline
    )
    progress = make_progress(quiet)
    try:
        done, failed = request.complete(
            progress, jobs=jobs, dask=dask, fail_fast=fail_fast, plots=plots
        )
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(
            f"Finished runs are kept in {request.folder.path}; run it again to go on."
        )
        raise
    progress.complete(done.report)
    if failed:
        raise errors.runs_failed(len(failed), done.path)
    return done


def read(folder: PathName, *, everything: bool = False) -> Sweep:
    """The sweep of a results folder, as it is now.

    Parameters
    ----------
    everything
        Take in all runs of the folder, also those that its config does not plan.

    Raises
    ------
    ResultsError
        If it is not a results folder, or cannot be read.
    """
    path = at_home(Path(folder))
    if not path.is_dir():
        raise errors.results_absent(path)
    return Sweep(collect(single_folder(path), everything=everything))


class Sweep:
    """The runs of a results folder and what they mean; a notebook shows its table and answer."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    @property
    def path(self) -> Path:
        """The results folder."""
        return self.collection.folder.path

    @property
    def report(self) -> Path | None:
        """The sweep's HTML page; None if there is none."""
        path = self.path / "report.html"
        return path if path.is_file() else None

    def notes(self) -> list[str]:
        """Facts about runs that are not shown, one sentence each; first the pace of training."""
        return self.collection.notes(live=True)

    @property
    def answer(self) -> str:
        """The lines that ``dropsweep show`` prints below its table."""
        return tables.answer_text(tables.answer(self.collection.findings, self._place))

    def rates(self) -> list[dict[str, Any]]:
        """A dict per setting and rate: the rows of ``dropsweep show --format json``."""
        return _dicts(columns.rates(self.collection.findings))

    def runs(self) -> list[dict[str, Any]]:
        """A dict per finished run: the rows of ``summary.csv``."""
        return _dicts(columns.runs(self.collection.records))

    def history(self) -> list[dict[str, Any]]:
        """A dict per finished run and measured point: the rows of ``history.csv``."""
        return _dicts(columns.history(self.collection.records))

    def figure(self, name: str, setting: Mapping[str, Any] | None = None) -> Figure:
        """A figure of the sweep, as matplotlib's `Figure`.

        Parameters
        ----------
        name
            A name that ``dropsweep plot --figure`` takes, or that of a file in ``plots/`` without
            its ending.
        setting
            Values of the grid's keys, such as ``{"training.l2": 0.1}``; by default those that
            validation chose.

        Raises
        ------
        ConfigError
            If there is no such figure, or the runs have nothing to show in it.
        """
        return _figure(self.collection, name, setting)

    def text(self, width: int | None = None) -> str:
        """The table and the answer, for a terminal with so many columns."""
        return tables.summary(self.collection.findings, self._place, width)

    @property
    def _place(self) -> tables.Place | None:
        return tables.Place.of(self.collection)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        there, absent = len(self.collection.found), len(self.collection.absent)
        of = "" if self.collection.planned is None else f" of {there + absent}"
        return f"<Sweep {str(self.path)!r}: {there}{of} runs>"

    def _repr_html_(self) -> str:
        return _html_table(columns.rates(self.collection.findings)) + (
            f"<pre>{html.escape(self.answer)}</pre>"
        )


@dataclass(frozen=True)
class Request:
    """A config, and the results folder that it is run into: what ``dropsweep run`` is asked for."""

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
    ) -> tuple[Sweep, list[str]]:
        """Train the missing runs, and draw them; returns the sweep and the ids that failed.

        After an interrupt, figures and a report of fewer runs than there are now are removed.
        """
        if plots:
            from dropsweep.plots import check_replaceable

            self.folder.check_replaceable("report.html")
            check_replaceable(self.folder.path)
        draw = partial(_draw, progress=progress) if plots else _remove_outdated
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
        return Sweep(result.collection), result.failed


def _executor(jobs: int | None, dask: str | None) -> OpenExecutor:
    if dask is not None:
        return lambda _tasks, _module, note: executors.DaskCluster(dask, note)
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
    """Remove figures and a report that show other runs than these."""
    folder = collection.folder
    if (folder.path / "plots").is_dir() or (folder.path / "report.html").is_file():
        from dropsweep import report

        report.remove_outdated(folder, collection)


def _figure(collection: Collection, name: str, setting: Mapping[str, Any] | None) -> Figure:
    from dropsweep import plots

    kinds = [kind for kind in plots.FIGURE_NAMES if name.startswith(kind)]
    records, folder = collection.records, collection.folder
    choice = collection.findings.choice
    chosen = dict(choice.setting) if setting is None and choice else dict(setting or {})
    if not kinds:
        raise errors.figure_unknown(name, plots.FIGURE_NAMES)
    for drawing in plots.planned(records, folder.read_parameters, names=kinds, sweep=collection):
        there = dict(drawing.setting)
        asked = drawing.stem == name or (
            drawing.name == name
            and all(key in there and _same(there[key], chosen[key]) for key in chosen)
        )
        asked = asked or (drawing.name == name and not there)  # it is of the whole sweep
        if asked and (figure := drawing.figure) is not None:
            _show_in_notebook(figure)
            return figure
    if name in plots.FIGURES:
        raise errors.figure_empty(name, plots.FIGURES[name].needs)
    raise errors.figure_unknown(name, plots.FIGURE_NAMES)


def _same(value: object, wanted: object) -> bool:
    """True if two values of a key are one, be they lists or tuples."""
    return (list(value) if isinstance(value, tuple) else value) == (
        list(wanted) if isinstance(wanted, tuple) else wanted
    )


def _show_in_notebook(figure: Figure) -> None:
    """Let IPython show figures as pictures: by itself it does so only after ``import pyplot``."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    formatters = getattr(getattr(shell, "display_formatter", None), "formatters", {})
    if png := formatters.get("image/png"):
        try:
            png.lookup_by_type(type(figure))
        except KeyError:
            png.for_type(type(figure), _png)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _dicts(table: Table) -> list[dict[str, Any]]:
    names, rows = table.flat()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _html_table(table: Table) -> str:
    table = table.read_by("terminal")
    rows = [
        "".join(
            f"<td>{html.escape(column.show(value))}</td>"
            for column, value in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    ]
    head = "".join(f"<th>{html.escape(column.title)}</th>" for column in table.columns)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
