"""A table: its columns, and rows of plain values, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep.analysis import Estimate
from dropsweep.columns.words import short_number
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

EVERYWHERE = ("files", "terminal", "page")
"""Readers of a column: CSV and JSON; the terminal, Markdown and LaTeX; the report's page."""


@dataclass(frozen=True)
class Column:
    """One column: where its value comes from, and how each reader sees it."""

    key: str
    """Name in CSV and JSON."""
    value: Callable[[Any], Any] = lambda _: None
    """From a row's object to a plain value, an `Estimate`, or None for a blank."""
    heading: str = ""
    """Name for people; the key where empty."""
    text: Callable[[Any], str] = str
    """A value for people."""
    parts: tuple[str, ...] = ()
    """Names in CSV and JSON of an estimate's mean, low, high and sd, in place of the key."""
    readers: tuple[str, ...] = EVERYWHERE
    rank: int = 1
    """In a narrow terminal, columns of the lowest rank go first; those of rank 3 stay."""
    axis: bool = False
    """True for a key of the config that varies: a setting, not a result."""
    blank: str = "-"
    """A missing value for people."""
    empty: tuple[Any, ...] = (None,)
    """A column that has only these values is not shown to people."""

    @property
    def title(self) -> str:
        """Name for people."""
        return self.heading or self.key

    def show(self, value: Any) -> str:
        """The cell for people."""
        return self.blank if value is None else self.text(value)

    def names(self) -> tuple[str, ...]:
        """Its columns in CSV and JSON."""
        return self.parts or (self.key,)

    def flat(self, value: Any) -> tuple[Any, ...]:
        """The cell for programs, one plain value per name."""
        if isinstance(value, Estimate):
            return value.mean, value.low, value.high, value.sd
        return (value,) * len(self.names())  # a missing estimate leaves all its columns blank


@dataclass(frozen=True)
class Table:
    """Columns, and rows of as many values; None is a blank."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    marked: tuple[int, ...] = ()
    """Places of the rows that stand out: the rate that was chosen."""

    @classmethod
    def plain(cls, names: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> Table:
        """A table of values that are shown as they are, and rates as rates."""
        columns = tuple(
            Column(name, text=format_rate if name == "rate" else short_number, rank=3)
            for name in names
        )
        return cls(columns, tuple(rows))

    @classmethod
    def of(cls, columns: Sequence[Column], rows: Iterable[Any]) -> Table:
        """A table of objects: each column takes its value from each."""
        return cls(
            tuple(columns), tuple(tuple(column.value(row) for column in columns) for row in rows)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' keys."""
        return tuple(column.key for column in self.columns)

    @property
    def titles(self) -> list[str]:
        """The columns' names for people."""
        return [column.title for column in self.columns]

    @property
    def texts(self) -> list[list[str]]:
        """The cells for people, row by row."""
        return [
            [column.show(value) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    def is_numeric(self, at: int) -> bool:
        """True of a column with numbers, which are aligned right."""
        return any(isinstance(row[at], int | float | Estimate) for row in self.rows)

    def pick(self, keep: Callable[[int], bool]) -> Table:
        """The columns at the places that are to be kept."""
        at = [place for place in range(len(self.columns)) if keep(place)]
        rows = tuple(tuple(row[place] for place in at) for row in self.rows)
        return Table(tuple(self.columns[place] for place in at), rows, self.marked)

    def without_axes(self) -> Table:
        """The results without the settings."""
        return self.pick(lambda at: not self.columns[at].axis)

    def setting(self, row: tuple[Any, ...]) -> str:
        """The settings of a row as a heading: ``dataset.train_size = 500``."""
        return ", ".join(
            f"{column.title} = {column.show(value)}"
            for column, value in zip(self.columns, row, strict=True)
            if column.axis
        )

    def read_by(self, reader: str) -> Table:
        """The columns of one reader of `EVERYWHERE`; people see no column without values."""

        def keep(at: int) -> bool:
            column = self.columns[at]
            says = reader == "files" or any(row[at] not in column.empty for row in self.rows)
            return reader in column.readers and (says or not self.rows)

        return self.pick(keep)

    def flat(self) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
        """Names and rows for CSV and JSON: estimates become a number per column."""
        table = self.read_by("files")
        names = tuple(name for column in table.columns for name in column.names())
        pairs = [zip(table.columns, row, strict=True) for row in table.rows]
        return names, tuple(tuple(v for c, value in row for v in c.flat(value)) for row in pairs)

    def dicts(self) -> list[dict[str, Any]]:
        """A dict per row, with the same names."""
        names, rows = self.flat()
        return [dict(zip(names, row, strict=True)) for row in rows]
