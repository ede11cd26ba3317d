"""The columns of every table of runs, points and rates, each declared once.

``summary.csv``, ``history.csv``, every ``--format`` of ``show`` and the report read these lists.
To add a column, add one entry to the list of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from dropsweep.analysis import Estimate, format_p, format_setting, format_value
from dropsweep.records import format_rate, varying_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dropsweep.analysis import Difference, Findings, RateSummary, SettingResult
    from dropsweep.records import RunRecord, RunSpec

EVERYWHERE = ("files", "terminal", "page")
"""Readers of a column: CSV and JSON; the terminal, Markdown and LaTeX; the report's page."""

FEW_SEEDS = 5
"""With fewer, the lowest and highest value say more than an interval."""


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


# --- values for people --------------------------------------------------------------------------


def short_number(value: object) -> str:
    """Anything as text, a float in six digits."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def decimals(value: float, count: int = 3) -> str:
    """A number with so many digits after the point; a zero has no sign."""
    text = f"{value:.{count}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def signed(value: float) -> str:
    """A difference with its sign: +0.021, -0.003, 0.000."""
    text = decimals(value)
    return f"+{text}" if float(text) > 0 else text


def duration(seconds: float) -> str:
    """``40 s``, ``4 min``, ``2.5 h``."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def with_spread(value: Estimate, number: Callable[[float], str] = decimals) -> str:
    """A mean and its 95 % interval; of few seeds, the lowest and the highest value.

    ``0.908 ± 0.014``, ``0.310 (.300 to .320)``; equal values have neither.
    """
    mean = number(value.mean)
    if value.high is None or value.low is None or value.low == value.high:
        return mean
    if value.sd is None:  # of one net on its images, whose interval is not symmetric
        return f"{mean} ({number(value.low)} to {number(value.high)})"
    if value.count < FEW_SEEDS and value.least is not None and value.greatest is not None:
        least, greatest = (number(end).replace("0.", ".") for end in (value.least, value.greatest))
        return mean if least == greatest else f"{mean} ({least} to {greatest})"
    half = decimals(value.high - value.mean)
    return f"{mean} ± {half if float(half) else '<0.001'}"


difference_text = partial(with_spread, number=signed)
p_text = partial(format_p, equals="")


def _mean(value: Estimate) -> str:
    """Of few seeds the mean only: the spread that matters is that of the differences."""
    return decimals(value.mean) if value.count < FEW_SEEDS else with_spread(value)


# --- a row per run ------------------------------------------------------------------------------


def _last(name: str) -> Callable[[RunRecord], float | None]:
    return lambda run: (getattr(run.history, name) or (None,))[-1]


def _gap(run: RunRecord) -> float | None:
    history = run.history  # rounded: 0.559, not 0.5589999999999999
    return round(history.train_accuracy[-1] - history.val_accuracy[-1], 12) if history else None


_RUN = (
    Column("run_id", lambda run: run.run_id, "run", readers=("files", "page")),
    Column("rate", lambda run: run.spec.rate, text=format_rate, rank=3),
    Column("seed", lambda run: run.spec.seed, rank=3),
)
RUN_COLUMNS = (
    *_RUN,
    Column("status", lambda run: run.status),
    Column("train_accuracy", _last("train_accuracy"), "training", decimals),
    Column("val_accuracy", _last("val_accuracy"), "validation", decimals, rank=3),
    Column("generalization_gap", _gap, "gap", decimals),
    Column("best_epoch", lambda run: run.best_epoch, "best epoch"),
    Column("best_val_accuracy", lambda run: run.best_val_accuracy, readers=("files",)),
    # not in the terminal: compared between runs, test images would take part in the choice
    Column("test_accuracy", lambda run: run.test_accuracy, "test", decimals, (), ("files", "page")),
    Column("seconds", lambda run: run.seconds, text=partial(decimals, count=1), rank=0),
)


def runs(records: Sequence[RunRecord]) -> Table:
    """One row per run, by rate and seed; keys that vary stand at the end.

    Accuracies are the last point's, also of a run that diverged after it.
    """
    axes = _axes(varying_keys([record.spec for record in records]), lambda run: run.spec)
    return Table.of((*RUN_COLUMNS, *axes), in_order(records))


def in_order(records: Sequence[RunRecord]) -> list[RunRecord]:
    """By rate and seed, whichever finished first."""
    return sorted(records, key=lambda each: (each.spec.rate, each.spec.seed, each.run_id))


def _axes(keys: Iterable[str], spec: Callable[[Any], RunSpec]) -> tuple[Column, ...]:
    def value(take: Callable[[RunSpec], Any], row: Any) -> object:
        found = take(spec(row))
        return list(found) if isinstance(found, tuple) else found  # as the config has it

    return tuple(_axis(key, partial(value, attrgetter(key))) for key in keys)


def _axis(key: str, value: Callable[[Any], object]) -> Column:
    return Column(key, value, text=_setting_text, rank=3, axis=True, blank="null")


def _setting_text(value: Any) -> str:
    return format_value(tuple(value) if isinstance(value, list) else value)


# --- a row per run and point --------------------------------------------------------------------


HISTORY_COLUMNS = (
    *_RUN,
    Column("epoch"),
    Column("train_loss", text=short_number),
    Column("train_accuracy", heading="training", text=decimals),
    Column("val_accuracy", heading="validation", text=decimals),
)


def history(records: Sequence[RunRecord]) -> Table:
    """One row per run and point, by rate, seed and epoch; then the keys that vary."""
    found, rows = points(records)
    return Table(found, tuple(rows))


def points(records: Sequence[RunRecord]) -> tuple[tuple[Column, ...], Iterator[tuple[Any, ...]]]:
    """The columns of `history`, and its rows one after another: there may be millions."""
    axes = _axes(varying_keys([record.spec for record in records]), lambda run: run.spec)

    def rows() -> Iterator[tuple[Any, ...]]:
        for run in in_order(records):
            ids = tuple(column.value(run) for column in _RUN)
            setting = tuple(axis.value(run) for axis in axes)
            each = run.history
            lists = (each.epoch, each.train_loss, each.train_accuracy, each.val_accuracy)
            for point in zip(*lists, strict=True):
                yield (*ids, *point, *setting)

    return (*HISTORY_COLUMNS, *axes), rows()


# --- a row per planned run ----------------------------------------------------------------------

PLAN_COLUMNS = (
    Column("run_id", lambda row: row[0].run_id, rank=3),
    Column("rate", lambda row: row[0].rate, text=format_rate),
    Column("seed", lambda row: row[0].seed),
    Column("state", lambda row: row[1], rank=3),
)


def plan(states: Sequence[tuple[RunSpec, str]]) -> Table:
    """One row per planned run, in the order of the plan, with its state."""
    axes = _axes(varying_keys([spec for spec, _ in states]), lambda row: row[0])
    *columns, state = PLAN_COLUMNS
    return Table.of((*columns, *axes, state), states)


# --- a row per setting and rate -----------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """One rate of one setting, with all that was found about it."""

    findings: Findings
    summary: RateSummary

    @property
    def selected(self) -> bool:
        """True if validation chose it."""
        choice = self.findings.choice
        place = self.summary.setting, self.summary.rate
        return choice is not None and (choice.setting, choice.rate) == place

    @property
    def result(self) -> SettingResult | None:
        """That of its setting; None where no run finished."""
        return self.findings.settings.get(self.summary.setting)

    def among(self, name: str) -> bool | None:
        """True if it is in a list of its setting's result."""
        return None if self.result is None else self.summary.rate in getattr(self.result, name)

    @property
    def difference(self) -> Difference | None:
        """To the setting's lowest rate; None of that rate itself."""
        return self.findings.difference(self.summary.setting, self.summary.rate)

    @property
    def fit(self) -> str | None:
        """The fit of its nets in a word; None where no run finished."""
        fit = self.findings.fit(self.summary.setting, self.summary.rate)
        return None if fit is None else _FITS[fit.kind]


_FITS = {
    "overfits": "overfit",
    "underfits": "underfit",
    "fits": "neither",
    "borderline": "borderline",
}


def _of(name: str) -> Callable[[Rate], Any]:
    return lambda row: getattr(row.summary, name)


def _of_difference(name: str) -> Callable[[Rate], Any]:
    return lambda row: None if row.difference is None else getattr(row.difference, name)


def _estimate(key: str, name: str) -> tuple[str, ...]:
    return key, f"{name}_low", f"{name}_high", f"{name}_sd"


_FILES = ("files",)
RATE_COLUMNS = (
    Column("runs", _of("runs"), rank=1),
    Column("diverged", _of("diverged"), rank=2, empty=(0,)),
    Column("train", _of("train"), "training", _mean, _estimate("train_accuracy", "train")),
    Column("val", _of("val"), "validation", with_spread, _estimate("val_accuracy", "val"), rank=3),
    Column(
        "gap", _of("gap"), "gap", _mean, _estimate("generalization_gap", "gap"), rank=0
    ),  # the difference of the two columns before it
    Column(
        "difference",
        _of_difference("estimate"),
        "difference",
        difference_text,
        _estimate("difference", "difference"),
        rank=3,
    ),
    Column("pairs", lambda row: row.difference and len(row.difference.seeds), readers=_FILES),
    Column("p", _of_difference("p"), text=p_text, readers=_FILES),  # people see the corrected one
    Column("p_corrected", _of_difference("p_corrected"), "p", p_text, rank=2),
    Column("selected", lambda row: row.selected, readers=_FILES),
    Column(
        "test",
        lambda row: row.summary.test if row.selected else None,
        "test",
        with_spread,
        _estimate("test_accuracy", "test"),
        ("files", "page"),
    ),
    Column("may_be_best", lambda row: row.among("may_be_best"), readers=_FILES),
    Column("equivalent", lambda row: row.among("equivalent"), readers=_FILES),
    Column("detectable", lambda row: row.result and row.result.detectable, readers=_FILES),
    Column("fit", lambda row: row.fit, readers=("page",)),
)


def rates(findings: Findings) -> Table:
    """One row per setting and rate; the chosen one is marked.

    ``difference`` is that of `analysis.Difference`, over ``pairs`` seeds. ``test`` is given where
    ``selected`` is true, and nowhere else: compared between rates, it would take part in the
    choice.
    """
    found = [Rate(findings, each) for each in findings.summaries]
    rate = Column("rate", _of("rate"), text=format_rate, rank=3)
    axes = [_axis(key, partial(_of_setting, key)) for key in findings.axes]
    marked = tuple(at for at, row in enumerate(found) if row.selected)
    return replace(Table.of((rate, *axes, *RATE_COLUMNS), found), marked=marked)


# --- a row per setting --------------------------------------------------------------------------


def _may_be_best(row: Rate) -> str:
    """Its setting's rates that may be the best."""
    return ", ".join(map(format_rate, row.result.may_be_best)) if row.result else ""


BEST_COLUMNS = (
    Column("setting", lambda row: format_setting(row.summary.setting)),
    Column("rate", _of("rate"), "highest at rate", format_rate),
    Column("val", _of("val"), "validation", with_spread),
    Column("difference", _of_difference("estimate"), "difference", difference_text),
    Column("p_corrected", _of_difference("p_corrected"), "p", p_text),
    Column("may_be_best", _may_be_best, "may be best (95 %)"),
)


def best(findings: Findings) -> Table:
    """One row per setting: its rate with the highest validation accuracy."""
    found = [
        Rate(findings, findings.summary(setting, result.choice.rate))
        for setting, result in findings.settings.items()
    ]
    marked = tuple(at for at, row in enumerate(found) if row.selected)
    return replace(Table.of(BEST_COLUMNS, found), marked=marked)


def _of_setting(key: str, row: Rate) -> object:
    found = dict(row.summary.setting)[key]
    return list(found) if isinstance(found, tuple) else found
