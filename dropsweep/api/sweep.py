"""dropsweep from Python: `run` a sweep, `read` a results folder, and the `Sweep` both return."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dropsweep import columns, datasets, errors, tables
from dropsweep.api import notebook
from dropsweep.api.request import Request
from dropsweep.collection import collect
from dropsweep.files import at_home
from dropsweep.progress import make_progress
from dropsweep.results import single_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from dropsweep.api.request import PathName
    from dropsweep.collection import Collection


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
        collection, failed = request.complete(
            progress, jobs=jobs, dask=dask, fail_fast=fail_fast, plots=plots
        )
    except KeyboardInterrupt as interrupt:
        kept = f"Finished runs are kept in {request.folder.path}"
        interrupt.add_note(f"{kept}; run it again to go on.")
        raise
    done = Sweep(collection)
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
        return columns.rates(self.collection.findings).dicts()

    def runs(self) -> list[dict[str, Any]]:
        """A dict per finished run: the rows of ``summary.csv``."""
        return columns.runs(self.collection.records).dicts()

    def history(self) -> list[dict[str, Any]]:
        """A dict per finished run and measured point: the rows of ``history.csv``."""
        return columns.history(self.collection.records).dicts()

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
        table = notebook.html_table(columns.rates(self.collection.findings))
        return f"{table}<pre>{html.escape(self.answer)}</pre>"


def _figure(collection: Collection, name: str, setting: Mapping[str, Any] | None) -> Figure:
    from dropsweep import plots

    kinds = [kind for kind in plots.FIGURE_NAMES if name.startswith(kind)]
    if not kinds:
        raise errors.figure_unknown(name, plots.FIGURE_NAMES)
    records, read = collection.records, collection.folder.read_parameters
    choice = collection.findings.choice
    chosen = _plain(choice.setting if setting is None and choice else setting or {})
    for drawing in plots.planned(records, read, names=kinds, sweep=collection):
        of = _plain(drawing.setting)  # nothing of a figure of the whole sweep
        asked = drawing.name == name and (not of or chosen.items() <= of.items())
        if (asked or drawing.stem == name) and (figure := drawing.figure) is not None:
            notebook.show_as_picture(figure)
            return figure
    if name in plots.FIGURES:
        raise errors.figure_empty(name, plots.FIGURES[name].needs)
    raise errors.figure_unknown(name, plots.FIGURE_NAMES)


def _plain(setting: Any) -> dict[str, Any]:
    """A setting by key, with a list as the tuple that it is in a spec."""
    values = dict(setting)
    return {key: tuple(each) if isinstance(each, list) else each for key, each in values.items()}
