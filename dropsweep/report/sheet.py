"""A table of a page: a caption, named columns, and rows of text whose first cell names the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import format_p
from dropsweep.records import format_rate
from dropsweep.tables.formats import plus_minus

if TYPE_CHECKING:
    from dropsweep.analysis import Estimate


@dataclass(frozen=True)
class Column:
    """What stands in a column."""

    name: str
    numeric: bool = True
    """Numbers stand to the right, and sort as numbers."""


@dataclass(frozen=True)
class Row:
    """The cells of one row."""

    texts: tuple[str, ...]
    """One a column."""
    href: str = ""
    """Where the first cell leads."""
    marked: bool = False
    """Whether it is the row that validation chose."""


@dataclass(frozen=True)
class Sheet:
    """A table."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def without_empty(self, always: int) -> Sheet:
        """Without the columns, behind the first few, in which no row says anything."""
        kept = [
            at
            for at in range(len(self.columns))
            if at < always or any(row.texts[at] != NOTHING for row in self.rows)
        ]
        rows = tuple(
            Row(tuple(row.texts[at] for at in kept), row.href, row.marked) for row in self.rows
        )
        return Sheet(self.caption, tuple(self.columns[at] for at in kept), rows)


NOTHING = "-"
"""Stands in a cell that has no value."""


def accuracy(value: float | None) -> str:
    """An accuracy in three decimals."""
    return NOTHING if value is None else f"{value:.3f}"


def mean(value: Estimate | None) -> str:
    """A mean with half the width of its interval."""
    return NOTHING if value is None else plus_minus(value)


def change(value: Estimate | None) -> str:
    """A mean difference, with its sign."""
    if value is None:
        return NOTHING
    return f"{'+' * (value.mean >= 0)}{plus_minus(value)}"


def probability(value: float | None) -> str:
    """A p in three decimals."""
    return NOTHING if value is None else format_p(value, equals="")


def rate(value: float) -> str:
    """A dropout rate."""
    return format_rate(value)
