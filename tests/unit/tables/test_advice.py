"""The difference that a plan can show, and the command below an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dropsweep import tables
from dropsweep.analysis import find
from dropsweep.collection import collect
from dropsweep.records import FIXED, Decision
from dropsweep.results import ResultsFolder
from dropsweep.tables import Line
from tests.factories import RATES, make_record, make_spec
from tests.unit.tables.test_answers import CASES, PLACE, RACE, gains

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.collection import Collection


def test_a_folder_with_blanks_is_quoted() -> None:
    """The command can be pasted as it is."""
    lines = tables.answer(find(gains([20])), tables.Place("my results/x", 1))
    assert "'my results/x/config.yaml' -o 'my results/x'" in lines[-1].command


def test_there_is_more_to_train_while_planned_runs_are_missing() -> None:
    """However sure the answer is: a sweep that was stopped, or in which runs failed."""
    findings = find(*CASES["a settled race"])
    *_, last = tables.answer(findings, PLACE._replace(missing=2))
    assert last.text == "Train the planned runs that are missing or failed:"
    assert last.command == "dropsweep run results/x/config.yaml -o results/x"
    *_, last = tables.answer(findings, PLACE)
    assert last.text.startswith("Nothing more to train.")


def in_folder(path: Path, config: str, rates: Sequence[float], l2: float) -> Collection:
    """A results folder with a config and the runs of a rate and l2 that it plans."""
    folder = ResultsFolder(path)
    folder.create()
    if not config:
        return collect(folder)
    folder.config.write_text(config)
    for spec in collect(folder).specs or ():
        if spec.rate in rates and spec.training.l2 == l2:
            folder.publish(make_record(spec))
    return collect(folder)


def test_a_folder_without_a_config_has_no_next_command(tmp_path: Path) -> None:
    """There is nothing that the command could run."""
    assert tables.Place.of(in_folder(tmp_path, "", (), 0)) is None
    assert tables.Place.of(in_folder(tmp_path, "dropout: {rates: [0, 0.5]}", (), 0)) is not None


@pytest.mark.parametrize("seeds", ["auto", 2])
def test_a_setting_without_runs_is_named(tmp_path: Path, seeds: str | int) -> None:
    """An answer about the other settings only must not be taken for that of the grid."""
    grid = f"dropout: {{rates: [0, 0.5]}}\nseeds: {seeds}\ngrid: {{training.l2: [0, 0.1, 0.2]}}"
    found = in_folder(tmp_path, grid, (0.0, 0.5), 0.1)
    lines = tables.answer(found.findings, tables.Place.of(found))
    said = Line("Answer", "No finished runs yet: training.l2 = 0.0; training.l2 = 0.2.")
    assert said in lines
    for l2 in (0.0, 0.2):
        found = in_folder(tmp_path, grid, (0.0,), l2)
    assert said.text[:20] not in tables.answer_text(
        tables.answer(found.findings, tables.Place.of(found))
    )


@pytest.mark.parametrize(
    ("rates", "seeds", "decision", "text"),
    [
        ((0.5,), 8, FIXED, "One rate: nothing will be compared."),
        (RATES, 1, FIXED, "1 seed cannot show any difference between rates: use 6 or more"),
        (RATES, 5, FIXED, "5 seeds cannot show any difference between rates: use 6 or more"),
        (RATES, 8, FIXED, "8 seeds can show a difference of about 0.030. For smaller ones use "),
        (RATES, 1, replace(RACE, rates=RATES), "at least 9 seeds, at most 100."),
        (RATES, 1, replace(RACE, rates=RATES, max_seeds=8), "7 rates take at least 9 seeds, and "),
    ],
)
def test_a_plan_says_beforehand_what_it_can_show(
    rates: Sequence[float], seeds: int, decision: Decision, text: str
) -> None:
    """Before training: the smallest difference, by the usual spread; nothing is refused."""
    specs = [make_spec(rate, seed) for seed in range(seeds) for rate in rates]
    assert text in tables.can_show(specs, decision)


def test_more_comparisons_show_larger_differences_only() -> None:
    """A grid pays for its settings."""
    one = [make_spec(rate, seed) for seed in range(8) for rate in (0.0, 0.5)]
    two = [*one, *(make_spec(s.rate, s.seed, train_size=100) for s in one)]
    small, large = (tables.can_show(specs, FIXED).split("about ")[1][:5] for specs in (one, two))
    assert float(small) < float(large)


def test_a_race_of_several_settings_says_so() -> None:
    """Each of them has an answer of its own."""
    specs = [
        make_spec(rate, seed, train_size=size)
        for seed in range(20)
        for size in (100, 500)
        for rate in (0.0, 0.5)
    ]
    assert tables.can_show(specs, Decision(auto=True, max_seeds=20)).startswith(
        "In each setting seeds are added until no rate is better than the answer by 0.01 or more: "
    )
