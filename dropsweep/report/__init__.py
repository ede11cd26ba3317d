"""Records, figures and failures on one HTML page, ``report.html``, that needs no other file."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dropsweep import __version__, errors, files, plots
from dropsweep.report import template
from dropsweep.report.page import PageSource, make_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dropsweep.collection import Collection
    from dropsweep.results import ResultsFolder

__all__ = ["PageSource", "make_page", "page_bytes", "remove_outdated", "write"]

NAME = "report.html"

MARK = "dropsweep-report:"
"""Stands at the head of every report, before the digest of what it shows."""


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
    try:
        if files.is_stream(path):
            path.write_bytes(_content(source, collection, drawings))
        elif not _shows(path, _digest(source)):
            if os.path.lexists(path) and not _shows(path, ""):
                raise errors.file_not_ours(path)
            files.write_whole(path, _content(source, collection, drawings))
    except BrokenPipeError:  # the reader went away: no trouble of the place
        raise
    except OSError as cause:
        raise _unwritable(folder, path, cause) from cause
    return path


def page_bytes(folder: ResultsFolder, collection: Collection) -> bytes:
    """The bytes of the report, with links as from the current folder."""
    return _content(PageSource.of(folder, collection, Path(NAME)), collection)


def _content(
    source: PageSource, collection: Collection, drawings: Iterable[plots.Drawing] | None = None
) -> bytes:
    if drawings is None:
        folder = collection.folder
        drawings = plots.planned(source.records, folder.read_parameters, folder.path)
    page = make_page(source, drawings, collection.findings)
    return template.render(page, MARK + _digest(source)).encode("utf-8", "replace")


def remove_outdated(folder: ResultsFolder, collection: Collection) -> None:
    """Write nothing, but leave no report in the folder that shows other runs than these."""
    path = folder.path / NAME
    try:
        if _shows(path, "") and not _shows(path, _digest(PageSource.of(folder, collection, path))):
            path.unlink()
    except OSError as cause:
        raise _unwritable(folder, path, cause) from cause


def _unwritable(folder: ResultsFolder, path: Path, cause: OSError) -> errors.DropsweepError:
    if path == folder.path / NAME:
        return errors.results_unwritable(folder.path, cause)
    return errors.file_unwritable(path, cause)


def _digest(source: PageSource) -> str:
    """SHA-256 over all that a report shows, and over what decides how it looks."""
    looks = (__version__, plots.VERSION, template.templates())
    digest = hashlib.sha256(repr((looks, replace(source, records=()))).encode("utf-8", "replace"))
    for record in source.records:  # its id stands for its spec
        shown = [value for name, value in vars(record).items() if name != "spec"]
        digest.update(repr(shown).encode("utf-8", "replace"))
    return digest.hexdigest()


def _shows(path: Path, digest: str) -> bool:
    """Whether a report stands there that was made from the same content."""
    return f"{MARK}{digest}".encode() in files.head(path)
