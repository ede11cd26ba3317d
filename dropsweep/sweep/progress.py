"""The listener of a sweep: the terminal, or a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.records import FailureRecord, Point, RunRecord, RunSpec


class Progress(Protocol):
    """Is told one thing at a time, always in the process and thread of the sweep."""

    def note(self, sentence: str) -> None:
        """Something the user should know."""

    def downloaded(self, done: int, total: int) -> None:
        """Bytes of the data set that have come."""

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """The sweep is planned: these runs are trained now, and those were finished before.

        A race may ask for more runs than these, one by one.
        """

    def point(self, spec: RunSpec, point: Point) -> None:
        """A run has measured a point of its history."""

    def finished(self, record: RunRecord) -> None:
        """A run's file is on disk."""

    def failed(self, failure: FailureRecord) -> None:
        """A run ended in an error, or took its process with it."""

    def step(self, sentence: str) -> None:
        """A race has come a step nearer to its answer."""

    def drawing(self, number: int, count: int) -> None:
        """So many figures are drawn, and this one is next."""

    def end(self) -> None:
        """No more training or drawing follows, whether it is complete or was stopped."""

    def complete(self, report: Path | None) -> None:
        """The command is done; the report is at the path, unless none was asked for."""
