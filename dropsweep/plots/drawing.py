"""One figure of a sweep as a value: what it answers, how to read it, and its bytes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.plots import style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell


@dataclass(frozen=True)
class Drawing:
    """A figure that is laid out when its bytes are first asked for, and only once.

    A file that shows the same already is read instead.
    """

    name: str
    """Which figure: ``accuracy``."""
    cell: Cell
    """The setting whose runs it shows; empty for all of a sweep."""
    stem: str
    """The name of its files, without the ending."""
    question: str
    """What it answers."""
    reading: str
    """How to read it: a sentence, with what bars and bands are."""
    digest: str
    """SHA-256 over all that it shows."""
    make: Callable[[], Figure | None]
    """Draws it; None where the runs have nothing to show."""
    folder: Path | None = None
    """Where its files may stand."""

    def png(self) -> bytes:
        """The bytes of a PNG."""
        return self.content("png")

    def svg(self) -> bytes:
        """The bytes of an SVG whose text is text."""
        return self.content("svg")

    def content(self, file_format: str) -> bytes:
        """The bytes of one of `style.FORMATS`, equal for equal records."""
        path = self.path(file_format)
        if path is not None and (found := self.current(path)) is not None:
            return found
        figure = self._figure
        if figure is None:
            raise ValueError(f"{self.stem}: these runs have nothing to show")
        return style.render(figure, file_format, self.digest)

    @functools.cached_property
    def exists(self) -> bool:
        """Whether the runs have something to show."""
        paths = [path for kind in style.FORMATS if (path := self.path(kind)) is not None]
        return any(self.current(path) is not None for path in paths) or self._figure is not None

    def path(self, file_format: str) -> Path | None:
        """Its file in the folder, whether or not it is there."""
        return None if self.folder is None else self.folder / f"{self.stem}.{file_format}"

    def current(self, path: Path) -> bytes | None:
        """The file's bytes if it shows the same: its metadata carries the digest."""
        try:
            found = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as cause:
            raise errors.results_unreadable(path, cause) from cause
        return found if style.MARK + self.digest.encode() in found else None

    @functools.cached_property
    def _figure(self) -> Figure | None:
        figure = self.make()
        if figure is not None:
            style.lay_out(figure)
        return figure
