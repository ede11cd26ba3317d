"""One figure of a sweep as a value: its question, its caption, its bytes and its files."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.plots import labels, rendering
from dropsweep.plots.marks import Mark, is_current, replace_marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.analysis import Setting
    from dropsweep.plots.view import Kind, View


@dataclass(frozen=True)
class Drawing:
    """A figure that is laid out when its bytes are first asked for, and only once."""

    name: str
    """Its kind: ``accuracy``."""
    setting: Setting
    """The setting whose runs it shows; empty for all of a sweep."""
    stem: str
    """The name of its files, without the ending."""
    kind: Kind
    """The question that it answers, and how it is drawn."""
    view: View
    """The runs that it shows."""
    digest: str
    """SHA-256 over all that the figures of its sweep show."""
    folder: Path | None = None
    """The folder of its files; None of a figure that has none."""
    _made: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @functools.cached_property
    def caption(self) -> str:
        """Sentences that explain bars, bands and marks, where there are any."""
        return self.kind.caption(self.view)

    @property
    def caption_with_data(self) -> str:
        """The caption of a figure without a title: the data stand in it, too."""
        return f"{self.caption} Data: {labels.facts(self.view.records, self.setting)}."

    @functools.cached_property
    def alt(self) -> str:
        """Its values in words, for those who do not see it."""
        return self.kind.alt(self.view)

    def content(self, file_format: str) -> bytes | None:
        """The bytes of one of `rendering.FORMATS`, equal for equal records; None of nothing.

        They are drawn here, whatever stands in the folder.
        """
        if file_format not in self._made and (figure := self.figure) is not None:
            self._made[file_format] = rendering.render(
                figure, file_format, str(self._mark), self.view.look, self.alt
            )
        return self._made.get(file_format)

    @functools.cached_property
    def exists(self) -> bool:
        """True if the runs have something to show; a current file answers this, too."""
        return any(map(self.is_current, rendering.FORMATS)) or self.figure is not None

    def path(self, file_format: str) -> Path | None:
        """Its file in the folder, whether or not it is there."""
        return None if self.folder is None else self.folder / f"{self.stem}.{file_format}"

    def is_current(self, file_format: str) -> bool:
        """True if its file is there, and shows the same."""
        path = self.path(file_format)
        return path is not None and is_current(path, self._mark)

    @functools.cached_property
    def figure(self) -> Figure | None:
        """The figure, laid out."""
        with rendering.own_settings(self.view.look):
            figure = self.kind.draw(self.view)
            if figure is not None:
                rendering.lay_out(figure)
        return figure

    @property
    def _mark(self) -> Mark:
        return Mark(self.digest, self.stem)


def save_all(drawings: Iterable[Drawing], formats: Collection[str] = ("png", "svg")) -> list[Path]:
    """Write the files of these drawings where they belong, and list them.

    A file that is there and shows the same is not written again.

    Raises
    ------
    ResultsError
        If a user's own file is in the way, or the folder refuses the write.
    """
    saved = [_save(drawing, each) for drawing in drawings if drawing.exists for each in formats]
    return [path for path in saved if path is not None]


def _save(drawing: Drawing, file_format: str) -> Path | None:
    path = drawing.path(file_format)
    if path is None or drawing.is_current(file_format):
        return path
    content = drawing.content(file_format)
    if content is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_marked(path, content)
    except OSError as cause:
        raise errors.results_unwritable(path.parent, cause) from cause
    return path
