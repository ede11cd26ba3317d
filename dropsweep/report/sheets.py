"""A page's tables: the best rate of each setting, all rates, and all runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from dropsweep import columns

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
    """The cells of one row; the first is its name."""

    texts: tuple[str, ...]
    rate: str
    """Its dropout rate, by which the page's chips find it."""
    setting: str = ""
    """The setting that stands as a heading above its rows; empty where there is none."""
    href: str = ""
    """The link of the first cell; empty for none."""
    marked: bool = False
    """True if validation chose it."""


@dataclass(frozen=True)
class Sheet:
    """A table: a caption, headings, and rows of text."""

    caption: str
    headings: tuple[tuple[str, bool], ...]
    """Each with True above numbers, which are aligned right."""
    rows: tuple[Row, ...]

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows of each setting, in their order."""
        return [(name, list(rows)) for name, rows in groupby(self.rows, lambda row: row.setting)]


def rates_sheet(findings: Findings) -> Sheet:
    """Every rate, below a heading for its setting; the chosen one is marked."""
    return _sheet(_RATES, columns.rates(findings), headed=True)


def best_sheet(findings: Findings) -> Sheet:
    """The best rate of every setting, the chosen setting marked."""
    return _sheet(_BEST, columns.best(findings))


def runs_sheet(records: Sequence[RunRecord], hrefs: Sequence[str]) -> Sheet:
    """Every run, in the order of `columns.in_order`; its name is one of the links ``hrefs``."""
    return _sheet(_RUNS, columns.runs(records), hrefs)


def _sheet(caption: str, table: Table, hrefs: Sequence[str] = (), *, headed: bool = False) -> Sheet:
    rate = table.names.index("rate")
    rates = [table.columns[rate].show(row[rate]) for row in table.rows]
    table = table.read_by("page")
    settings = [""] * len(rates)
    if headed:
        settings = [table.setting(row) for row in table.rows]
        table = table.without_axes()
    rows = tuple(
        Row(tuple(texts), rates[at], settings[at], hrefs[at] if hrefs else "", at in table.marked)
        for at, texts in enumerate(table.texts)
    )
    headings = tuple((title, table.is_numeric(at)) for at, title in enumerate(table.titles))
    return Sheet(caption, headings, rows)
