"""Who is told what happens in a sweep: the terminal, or a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import FailureRecord, Point, RunRecord, RunSpec


class Progress(Protocol):
    """Is told one thing at a time, always in the process and thread of the sweep."""

    def note(self, sentence: str) -> None:
        """Something the user should know."""

    def downloaded(self, done: int, total: int) -> None:
        """Bytes of the data set that have come."""

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """The sweep is planned: these runs are trained now, so many were there already.

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

    def end(self) -> None:
        """Nothing more comes, whether the sweep is complete or was stopped."""
