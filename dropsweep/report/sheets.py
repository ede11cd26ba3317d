"""The two tables of a page: a row per setting and rate, and a row per run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep import columns
from dropsweep.analysis import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Findings
    from dropsweep.columns import Table
    from dropsweep.records import RunRecord

_RATES = (
    "Accuracy after the last epoch, mean over seeds ± half the width of its 95 % interval; of "
    "fewer than five seeds the lowest and the highest. Difference: validation accuracy minus that "
    "of the lowest rate that finished, paired by seed; p is corrected for all comparisons of the "
    "sweep. Test accuracy: at the best epoch, of the chosen rate only."
)
_BEST = (
    "The rate with the highest validation accuracy in each setting, and its difference to the "
    "lowest rate. Settings are not tested against each other."
)
_RUNS = (
    "Accuracies after the last epoch. Test accuracy is at the best epoch; only the chosen rate's "
    "is the test of the choice: comparing rates by it would make it part of the choice."
)


@dataclass(frozen=True)
class Row:
    """The cells of one row; the first cell names it."""

    texts: tuple[str, ...]
    rate: str
    """The dropout rate it is about, by which the page's chips find it."""
    href: str = ""
    """Where the first cell leads."""
    marked: bool = False
    """Whether it is the row that validation chose."""


@dataclass(frozen=True)
class Sheet:
    """A table: a caption, headings, and rows of text."""

    caption: str
    headings: tuple[tuple[str, bool], ...]
    """Each with whether numbers stand under it, which are set right."""
    rows: tuple[Row, ...]


def rates_sheet(findings: Findings) -> Sheet:
    """Every rate of every setting, the chosen one marked."""
    return _sheet(_RATES, columns.rates(findings))


def best_sheet(findings: Findings) -> Sheet:
    """The best rate of every setting, the chosen setting marked."""
    return _sheet(_BEST, columns.best(findings))


def runs_sheet(records: Sequence[RunRecord], hrefs: Sequence[str]) -> Sheet:
    """Every run, in the order of `columns.in_order`; its name leads to one of ``hrefs``."""
    return _sheet(_RUNS, columns.runs(records), hrefs)


def _sheet(caption: str, table: Table, hrefs: Sequence[str] = ()) -> Sheet:
    rate = table.names.index("rate")
    rates = [table.columns[rate].show(row[rate]) for row in table.rows]
    table = table.read_by("page")
    numeric = [
        any(isinstance(row[at], int | float | Estimate) for row in table.rows)
        for at in range(len(table.columns))
    ]
    rows = (
        Row(
            tuple(c.show(value) for c, value in zip(table.columns, row, strict=True)),
            rates[at],
            hrefs[at] if hrefs else "",
            at in table.marked,
        )
        for at, row in enumerate(table.rows)
    )
    titles = (column.title for column in table.columns)
    return Sheet(caption, tuple(zip(titles, numeric, strict=True)), tuple(rows))
