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
    """Bring the report of a folder's runs up to date, at ``path`` or in the folder itself.

    A pipe or a device gets the page in any case.

    Parameters
    ----------
    drawings
        Of the same runs, where they have been made before: none is drawn twice. Files in the folder
        are not believed.

    Raises
    ------
    ResultsError
        If something stands there that is no report of ours, or the place refuses the write.
    """
    path = path or folder.path / NAME
    source = PageSource.of(folder, collection, path)
    mark = marks.Mark(_digest(source), "report", "report")
    try:
        if files.is_stream(path):
            path.write_bytes(_content(source, collection, drawings))
        elif not marks.is_current(path, mark):
            marks.replace_marked(path, _content(source, collection, drawings))
    except BrokenPipeError:  # the reader went away: no trouble of the place
        raise
    except OSError as cause:
        if path == folder.path / NAME:
            raise errors.results_unwritable(folder.path, cause) from cause
        raise errors.file_unwritable(path, cause) from cause
    return path


def page_bytes(folder: ResultsFolder, collection: Collection) -> bytes:
    """The bytes of the report, with links as from the current folder."""
    return _content(PageSource.of(folder, collection, Path(NAME)), collection)


def _content(
    source: PageSource, collection: Collection, drawings: Iterable[plots.Drawing] | None = None
) -> bytes:
    if drawings is None:
        folder = collection.folder
        drawings = plots.planned(
            source.records, folder.read_parameters, folder.path, sweep=collection
        )
    page = make_page(source, drawings, collection.findings)
    mark = marks.Mark(_digest(source), "report", "report")
    return template.render(page, str(mark)).encode("utf-8", "replace")


def remove_outdated(folder: ResultsFolder, collection: Collection) -> None:
    """Write nothing, but leave no report and no figure that shows other runs than these."""
    path = folder.path / NAME
    marks.remove_outdated([path], lambda: _digest(PageSource.of(folder, collection, path)))
    plots.remove_outdated(collection.records, folder.path)


def _digest(source: PageSource) -> str:
    """SHA-256 over all that a report shows, and over what decides how it looks."""
    looks = (__version__, plots.VERSION, template.templates())
    digest = hashlib.sha256(repr((looks, replace(source, records=()))).encode("utf-8", "replace"))
    for record in source.records:  # its id stands for its spec
        shown = [value for name, value in vars(record).items() if name != "spec"]
        digest.update(repr((record.spec.dataset.content, shown)).encode("utf-8", "replace"))
    return digest.hexdigest()
