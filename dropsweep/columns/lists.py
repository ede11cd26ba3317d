"""The columns of every table of runs, points and rates, each declared once.

``summary.csv``, ``history.csv``, every ``--format`` of ``show`` and the report read these lists.
To add a column, add one entry to the list of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from dropsweep.analysis import format_setting, format_value
from dropsweep.columns.table import Column, Table
from dropsweep.columns.words import (
    FEW_SEEDS,
    decimals,
    difference_text,
    p_text,
    short_number,
    with_spread,
)
from dropsweep.records import format_rate, varying_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dropsweep.analysis import Difference, Estimate, Findings, RateSummary, SettingResult
    from dropsweep.records import RunRecord, RunSpec


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
    Column("run_id", attrgetter("run_id"), "run", readers=("files", "page")),
    Column("rate", attrgetter("spec.rate"), text=format_rate, rank=3),
    Column("seed", attrgetter("spec.seed"), rank=3),
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
    return Table.of((*RUN_COLUMNS, *_axes(records)), in_order(records))


def in_order(records: Sequence[RunRecord]) -> list[RunRecord]:
    """By rate and seed, whichever finished first."""
    return sorted(records, key=lambda each: (each.spec.rate, each.spec.seed, each.run_id))


def _axes(rows: Sequence[RunRecord | Planned]) -> tuple[Column, ...]:
    keys = varying_keys([row.spec for row in rows])
    return tuple(_axis(key, attrgetter(f"spec.{key}")) for key in keys)


def _axis(key: str, find: Callable[[Any], object]) -> Column:
    def value(row: Any) -> object:
        found = find(row)
        return list(found) if isinstance(found, tuple) else found  # as the config has it

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
    axes = _axes(records)

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


class Planned(NamedTuple):
    """A run of a plan."""

    spec: RunSpec
    state: str
    """``done``, ``failed``, ``missing``, or ``elsewhere``: in another shard."""


def plan(states: Iterable[tuple[RunSpec, str]]) -> Table:
    """One row per planned run, in the order of the plan, with its state."""
    rows = [Planned(*each) for each in states]
    columns = (
        Column("run_id", attrgetter("spec.run_id"), rank=3),
        Column("rate", attrgetter("spec.rate"), text=format_rate),
        Column("seed", attrgetter("spec.seed")),
        *_axes(rows),
        Column("state", attrgetter("state"), rank=3),
    )
    return Table.of(columns, rows)


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
    return _marked((rate, *axes, *RATE_COLUMNS), found)


def _of_setting(key: str, row: Rate) -> object:
    return dict(row.summary.setting)[key]


def _marked(columns: Sequence[Column], rows: Sequence[Rate]) -> Table:
    marked = tuple(at for at, row in enumerate(rows) if row.selected)
    return replace(Table.of(columns, rows), marked=marked)


# --- a row per setting --------------------------------------------------------------------------


def _may_be_best(row: Rate) -> str:
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
    return _marked(BEST_COLUMNS, found)
