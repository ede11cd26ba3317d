"""One figure of a sweep as a value: what it answers, how to read it, and its bytes."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.plots import stamp, style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Setting


@dataclass(frozen=True)
class Drawing:
    """A figure that is laid out when its bytes are first asked for, and only once."""

    name: str
    """Which figure: ``accuracy``."""
    setting: Setting
    """The setting whose runs it shows; empty for all of a sweep."""
    stem: str
    """The name of its files, without the ending."""
    question: str
    """What it answers."""
    reading: str
    """How to read it: sentences that say what bars, bands and marks are, where there are any."""
    digest: str
    """SHA-256 over all that it shows."""
    make: Callable[[], Figure | None]
    """Draws it; None where the runs have nothing to show."""
    folder: Path | None = None
    """Where its files may stand."""
    _made: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def content(self, file_format: str) -> bytes | None:
        """The bytes of one of `style.FORMATS`, equal for equal records; None of nothing.

        They are drawn here, whatever stands in the folder.
        """
        if file_format not in self._made and (figure := self.figure) is not None:
            mark = stamp.Stamp(self.digest, self.stem)
            drawn = style.render(figure, file_format, str(mark))
            self._made[file_format] = stamp.seal(drawn, file_format)
        return self._made.get(file_format)

    @functools.cached_property
    def exists(self) -> bool:
        """Whether the runs have something to show, which a file that shows it says too."""
        return any(map(self.is_current, style.FORMATS)) or self.figure is not None

    def path(self, file_format: str) -> Path | None:
        """Its file in the folder, whether or not it is there."""
        return None if self.folder is None else self.folder / f"{self.stem}.{file_format}"

    def is_current(self, file_format: str) -> bool:
        """Whether its file is there, whole, and shows the same."""
        path = self.path(file_format)
        if path is None:
            return False
        try:
            found = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as cause:
            raise errors.results_unreadable(path, cause) from cause
        same = stamp.read(found) == stamp.Stamp(self.digest, self.stem)
        return same and stamp.is_whole(found, file_format)

    @functools.cached_property
    def figure(self) -> Figure | None:
        """The figure, laid out."""
        with style.plain_text():
            figure = self.make()
            if figure is not None:
                style.lay_out(figure)
        return figure
