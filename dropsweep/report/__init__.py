"""Records, figures and failures on one HTML page, ``report.html``, that needs no other file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dropsweep import __version__, errors, files, plots
from dropsweep.plots import marks
from dropsweep.report import template
from dropsweep.report.page import PageSource, make_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dropsweep.collection import Collection
    from dropsweep.results import ResultsFolder

__all__ = ["PageSource", "make_page", "page_bytes", "remove_outdated", "write"]

NAME = "report.html"


def write(
    folder: ResultsFolder,
    collection: Collection,
    path: Path | None = None,
    drawings: Iterable[plots.Drawing] | None = None,
) -> Path:
    """Write the report of a folder's runs, at ``path`` or in the folder, unless it is up to date.

    A pipe or a device always gets the page.

    Parameters
    ----------
    drawings
        Figures of the same runs that are drawn already. Files in the folder are not used.

    Raises
    ------
    ResultsError
        If a file that dropsweep did not make is there, or the report cannot be written.
    """
    path = path or folder.path / NAME
    source = PageSource.of(folder, collection, path)
    mark = _mark(source)
    try:
        if files.is_stream(path):
            path.write_bytes(_content(source, collection, mark, drawings))
        elif not marks.is_current(path, mark):
            marks.replace_marked(path, _content(source, collection, mark, drawings), "report")
    except BrokenPipeError:  # the reader went away: no trouble of the place
        raise
    except OSError as cause:
        if path == folder.path / NAME:
            raise errors.results_unwritable(folder.path, cause) from cause
        raise errors.file_unwritable(path, cause) from cause
    return path


def page_bytes(folder: ResultsFolder, collection: Collection) -> bytes:
    """The bytes of the report, with links as from the current folder."""
    source = PageSource.of(folder, collection, Path(NAME))
    return _content(source, collection, _mark(source))


def _content(
    source: PageSource,
    collection: Collection,
    mark: marks.Mark,
    drawings: Iterable[plots.Drawing] | None = None,
) -> bytes:
    if drawings is None:
        folder = collection.folder
        drawings = plots.planned(
            source.records, folder.read_parameters, folder.path, sweep=collection
        )
    page = make_page(source, drawings, collection.findings)
    return template.render(page, str(mark)).encode("utf-8", "replace")


def remove_outdated(folder: ResultsFolder, collection: Collection) -> None:
    """Write nothing, but leave no report and no figure that shows other runs than these."""
    path = folder.path / NAME
    marks.remove_outdated([path], lambda: _digest(PageSource.of(folder, collection, path)))
    plots.remove_outdated(collection, folder.path)


def _mark(source: PageSource) -> marks.Mark:
    return marks.Mark(_digest(source), "report", "report")


def _digest(source: PageSource) -> str:
    """SHA-256 over the content of a report and over its templates and versions."""
    looks = (__version__, plots.VERSION, plots.FIGURE_NAMES, template.templates())
    digest = hashlib.sha256(repr((looks, replace(source, records=()))).encode("utf-8", "replace"))
    for record in source.records:
        digest.update(record.fingerprint())
        rest = record.test_accuracy, record.seconds, record.environment
        digest.update(repr(rest).encode("utf-8", "replace"))
    return digest.hexdigest()
