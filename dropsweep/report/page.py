"""The content of a page as plain values, from the records of a sweep."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dropsweep import plots, tables
from dropsweep.analysis import format_value
from dropsweep.columns import in_order
from dropsweep.columns.words import span
from dropsweep.records import flatten
from dropsweep.report import runs
from dropsweep.report.figures import figures_by_setting
from dropsweep.report.lesson import make_lesson
from dropsweep.report.sheets import best_sheet, rates_sheet, runs_sheet
from dropsweep.terminal import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dropsweep.analysis import Findings
    from dropsweep.collection import Collection
    from dropsweep.plots import Drawing
    from dropsweep.records import FailureRecord, RunRecord
    from dropsweep.report.figures import Figure, SettingFigures
    from dropsweep.report.lesson import Lesson
    from dropsweep.report.runs import Details
    from dropsweep.report.sheets import Sheet
    from dropsweep.results import ResultsFolder


@dataclass(frozen=True)
class PageSource:
    """The source of a page: equal sources make equal pages."""

    name: str
    records: tuple[RunRecord, ...]
    failures: tuple[FailureRecord, ...]
    unreadable: int
    """Files in ``failed/`` that cannot be used."""
    notes: tuple[str, ...]
    """Sentences on runs that are not shown."""
    config: str
    """The text of the config, unchanged; empty if there is none."""
    kept: tuple[tuple[str, int], ...]
    """Ids of runs with kept parameters, and the sizes of their files in bytes."""
    files: str
    """The results folder as a link from the page, without a final slash."""
    place: tables.Place | None
    """The folder and the machine of the next command."""

    @classmethod
    def of(cls, folder: ResultsFolder, collection: Collection, path: Path) -> PageSource:
        """The source in a results folder, for a page at ``path``."""
        finished = {record.run_id for record in collection.records}
        failures = [each for each in folder.failures() if collection.belongs(each.run_id)]
        failed = [run_id for run_id in folder.failed_ids() if collection.belongs(run_id)]
        return cls(
            folder.path.resolve().name if collection.config is None else collection.config.name,
            tuple(collection.records),
            tuple(each for each in failures if each.run_id not in finished),
            len(failed) - len(failures),
            tuple(collection.notes(every_run=True)),
            _text(folder.config),
            tuple(folder.parameter_sizes().items()),
            link(folder.path, path.parent),
            tables.Place.of(collection),
        )


@dataclass(frozen=True)
class Machine:
    """One environment that runs were trained in."""

    number: int
    runs: int
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Failure:
    """A run that failed and has not succeeded since."""

    record: FailureRecord
    settings: str
    file: str


@dataclass(frozen=True)
class Page:
    """A page, from its top to its end."""

    source: PageSource
    data: str
    """The data that the runs were trained on."""
    cautions: tuple[str, ...]
    """Reasons why the numbers are not those of CIFAR-10."""
    answer: dict[str, list[tables.Line]]
    """The answer's lines by label, the answer first."""
    runs: int
    main: Figure | None
    """The final accuracies of the setting that validation chose."""
    settings: tuple[SettingFigures, ...]
    """The other figures by setting: the whole sweep, the chosen one, the others."""
    no_figure: str
    """The reason why some or all settings have no figure; empty if none is left out."""
    lesson: Lesson | None
    """Masks of some of its rates; None where nothing was dropped."""
    best: Sheet | None
    """A row per setting; None of a single setting."""
    rates: Sheet | None
    """None of more than `runs.MOST_RATES` rows."""
    rates_left_out: int
    """Rows that the table of rates would have, if it is None; else 0."""
    run_rows: Sheet | None
    """None of more than `runs.MOST_ROWS` runs."""
    run_details: tuple[Details, ...]
    shared: tuple[tuple[str, str], ...]
    """Settings that all runs have in common."""
    failures: tuple[Failure, ...]
    diverged: tuple[Details, ...]
    machines: tuple[Machine, ...]
    identities: tuple[tuple[str, str, int], ...]
    """Label and identity of each data set, and its number of runs."""


def make_page(source: PageSource, drawings: Iterable[Drawing], findings: Findings) -> Page:
    """The page of a sweep, with its figures."""
    records = in_order(source.records)
    answer = tables.answer(findings, source.place)
    cautions = tuple(sorted({record.spec.dataset.caution for record in records} - {""}))
    main, settings = figures_by_setting(drawings, findings.choice)
    environments = _environments(records)
    many = len(findings.summaries) > runs.MOST_RATES
    details = runs.details(records, source.files, environments)
    data = Counter((each.spec.dataset.label, each.spec.dataset.identity) for each in records)
    links = runs.hrefs(records, source.files)
    return Page(
        source,
        _data(records, cautions),
        cautions,
        {
            label: [line._replace(text=together(line.text)) for line in group]
            for label, group in groupby(answer, key=lambda line: line.label)
        },
        len(records),
        main,
        settings,
        _no_figure(records, drawn=bool(main or settings)),
        make_lesson(records),
        best_sheet(findings) if len(findings.settings) > 1 else None,
        None if many else rates_sheet(findings),
        len(findings.summaries) if many else 0,
        runs_sheet(records, links) if len(records) <= runs.MOST_ROWS else None,
        details,
        runs.shared_settings([record.spec for record in records]),
        tuple(_failure(each, source.files) for each in source.failures),
        tuple(each for each in details if each.record.status == "diverged"),
        tuple(_machine(at, each, records) for at, each in enumerate(environments, start=1)),
        tuple((*names, count) for names, count in sorted(data.items())),
    )


def link(target: Path, start: Path) -> str:
    """A path as a relative link; no character of a name is read as a scheme or a query."""
    target, start = target.resolve(), start.resolve()
    if target.anchor != start.anchor:  # another drive
        return target.as_uri()
    return quote(os.fsencode(os.path.relpath(target, start).replace(os.sep, "/")))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _data(records: Sequence[RunRecord], cautions: Sequence[str]) -> str:
    """Data and training images; only the images where a caution names the data."""
    if not cautions:
        return tables.data_line(records)
    return f"{span([each.spec.dataset.train_size for each in records])} training images."


def _no_figure(records: Sequence[RunRecord], *, drawn: bool) -> str:
    if not drawn:
        return "No run has a measured point, so there is nothing to draw."
    if others := plots.settings_without_figures(records):
        return (
            "Figures of a single setting show the one that validation chose; "
            f"`dropsweep plot --figure NAME` draws those of the other {others} as well."
        )
    return ""


def _failure(failure: FailureRecord, files: str) -> Failure:
    flat = flatten(failure.spec).items()
    settings = ", ".join(f"{key} = {format_value(value)}" for key, value in flat)
    return Failure(failure, settings, f"{files}/failed/{failure.run_id}.json")


def _environments(records: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """Each environment once, those of most runs first."""
    counts = Counter(repr(record.environment) for record in records)
    found = {repr(record.environment): record.environment for record in records}
    return [found[text] for text, _ in counts.most_common()]


def _machine(number: int, environment: dict[str, Any], records: Sequence[RunRecord]) -> Machine:
    count = sum(record.environment == environment for record in records)
    facts = ((key, format_value(value)) for key, value in environment.items())
    return Machine(number, count, tuple(facts))
