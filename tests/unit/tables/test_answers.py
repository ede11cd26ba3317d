"""The answer under the table: its words, and what it must never claim."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep import tables
from dropsweep.analysis import FEWEST_SEEDS, find
from dropsweep.records import FIXED, SYNTHETIC_IDENTITY, Decision
from dropsweep.tables import Line
from tests.factories import make_record, make_runs, make_spec, make_sweep, varied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord

GOLDEN = Path(__file__).with_name("answers.txt")
"""Each case's name behind ``==``, and its answer, to be read aloud."""

PLACE = tables.Place("results/x", 2)
RACE = Decision(auto=True, rates=(0.0, 0.5, 0.75))


def gains(*gains_of: Sequence[int], rates: Sequence[float] = (0.5, 0.75)) -> list[RunRecord]:
    """Validation .300 at rate 0, and at each other rate so many images of 1000 more, by seed."""
    vals = {0.0: [0.3] * len(gains_of[0])}
    for rate, of_rate in zip(rates, gains_of, strict=False):
        vals[rate] = [round(0.3 + images / 1000, 3) for images in of_rate]
    return make_runs(vals)


def grid() -> list[RunRecord]:
    """Two training-set sizes: with 500 images rate .5 gains, with 100 it may not."""
    small = [
        replace(each, spec=make_spec(each.spec.rate, each.spec.seed, train_size=100))
        for each in gains([5, 6, 7, -3, 2, 1])
    ]
    return [*gains([20, 21, 22, 25, 15, 10]), *small]


def drawn(records: list[RunRecord]) -> list[RunRecord]:
    """The same, each seed with its own images of a data set that has 4,000."""
    return [
        replace(
            each,
            spec=varied(each.spec, {"dataset.images": "drawn", "dataset.identity": "sha256:ab"}),
            environment={"train_images": 4000},
        )
        for each in records
    ]


def with_diverged(records: list[RunRecord], rate: float, *seeds: int) -> list[RunRecord]:
    """The same, with these runs of a rate diverged."""
    kept = [
        run for run in records if (run.spec.rate, run.spec.seed) not in {(rate, s) for s in seeds}
    ]
    return [*kept, *(make_record(make_spec(rate, seed), points=2) for seed in seeds)]


SURE = [20, 21, 19, 22, 18, 20, 21, 19, 20, 20]
CASES: dict[str, tuple[list[RunRecord], Decision]] = {
    "no runs": ([], FIXED),
    "one run": ([make_record(make_spec(0.5), train=0.9, val=0.32, test=0.31)], FIXED),
    "one seed": (gains([20], [10]), FIXED),
    "2 seeds": (gains([20, 10], [10, 0]), FIXED),
    "5 seeds": (gains([40, 41, 39, 42, 38], [39, 40, 41, 41, 37]), FIXED),
    "5 seeds, one rate left": (gains([40, 41, 39, 42, 38], [20, 10, 3, 4, 5]), FIXED),
    "6 seeds": (make_sweep(seeds=6), FIXED),
    "10 seeds": (make_sweep(seeds=10), FIXED),
    "nothing shown": (gains([40, -30, 20, -15, 30, -20, 10, -1, 25, 1]), FIXED),
    "a tie": (gains(SURE, [*SURE[1::-1], *SURE[2:]]), FIXED),
    "the lowest rate": (gains([-30, -31, -29, -30, -20, -25], [-10, -12, -8, -9, -5, -7]), FIXED),
    "a grid": (grid(), FIXED),
    "all diverged": ([make_record(make_spec(seed=seed), points=2) for seed in (0, 1)], FIXED),
    "some diverged": (with_diverged(gains(SURE, [40] * 10), 0.75, 8, 9), FIXED),
    "every rate has a diverged run": (
        with_diverged(with_diverged(gains(SURE, rates=[0.5]), 0.0, 9), 0.5, 8),
        FIXED,
    ),
    "drawn images": (
        drawn(gains(SURE)),
        FIXED,
    ),
    "a settled race": (gains([20] * 12, [-15] * 12), RACE),
    "a race that goes on": (gains([20] * 4, [10] * 4), RACE),
    "a race at its last seed": (
        gains([20, -20] * 6, [10, -10] * 6),
        replace(RACE, max_seeds=12),
    ),
    "a race with a diverged rate": (with_diverged(gains([20] * 12, [21] * 12), 0.75, 3), RACE),
}


def told(records: list[RunRecord], decision: Decision = FIXED) -> str:
    """The whole answer in one line."""
    lines = tables.answer(find(records, decision), PLACE)
    return " ".join(part for line in lines for part in line if part)


@pytest.mark.parametrize("name", CASES)
def test_the_answer_of(name: str) -> None:
    """Word for word what stands in the file beside this one."""
    records, decision = CASES[name]
    expected = GOLDEN.read_text(encoding="utf-8").split(f"== {name}\n")[1].split("\n== ")[0]
    assert tables.answer_text(tables.answer(find(records, decision), PLACE)) == expected.rstrip()


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.1, "training.learning_rate=0.01"),
        (1e30, "training.learning_rate=0.0005"),
        (1e-6, "training.learning_rate=1e-07"),
        (5e-324, "The learning rate is small already: try lower dropout rates"),
    ],
)
def test_a_learning_rate_that_is_proposed_can_be_used(rate: float, words: str) -> None:
    """A usual one in place of a tenth of what is absurd, and none where it is not the cause."""
    spec = make_spec()
    spec = replace(spec, training=replace(spec.training, learning_rate=rate))
    answer = told([make_record(spec, points=2)])
    assert words in answer
    assert ("training.learning_rate" in answer) == ("training.learning_rate" in words)


def test_a_race_that_a_failed_run_blocks() -> None:
    """It is never skipped: the answer names it, and says what to do."""
    records = [run for run in gains([20] * 5) if (run.spec.rate, run.spec.seed) != (0.5, 3)]
    findings = find(records, replace(RACE, rates=(0.0, 0.5)), [make_spec(0.5, 3)])
    answer, *_, last = tables.answer(findings, PLACE)
    assert answer.text.startswith("Not settled after 3 seeds: seed 3 of rate 0.50 failed.")
    assert last.label == "Next"
    assert last.command.startswith("dropsweep run results/x/config.yaml")


@given(st.integers(1, 12), st.integers(1, 3), st.integers(0, 50))
def test_nothing_is_recommended_that_the_seeds_cannot_show(
    seeds: int, others: int, start: int
) -> None:
    """``Use`` needs a gain that is shown, or one rate only that may be best."""
    rates = (0.25, 0.5, 0.75)[:others]
    records = [
        make_record(make_spec(rate, seed), val=round(0.3 + (start + seed) * rate / 1000, 3))
        for seed in range(seeds)
        for rate in (0.0, *rates)
    ]
    findings = find(records)
    assert findings.choice is not None
    found = findings.difference(findings.choice.setting, findings.choice.rate)
    uses = "Use " in tables.answer(findings)[0].text
    sole = findings.settings[()].may_be_best == (findings.choice.rate,)
    gains_shown = found is not None and found.is_gain
    assert uses == (gains_shown or (sole and seeds >= FEWEST_SEEDS))
    assert not gains_shown or seeds >= FEWEST_SEEDS
    assert not sole or seeds >= FEWEST_SEEDS - 1


@pytest.mark.parametrize("name", CASES)
def test_no_word_claims_too_much(name: str) -> None:
    """No significance; nothing is derived from the effect that was seen."""
    text = told(*CASES[name]).lower()
    assert "significan" not in text
    assert "more than noise" not in text
    assert "may be noise" not in text
    assert "-0.000" not in text
    assert "± 0.000" not in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("name", CASES)
def test_lines_fit_the_terminal_and_commands_stay_whole(name: str, width: int) -> None:
    """A command can be pasted: it stands on one line; every other line is within the width."""
    records, decision = CASES[name]
    lines = tables.answer(find(records, decision), PLACE)
    text = tables.answer_text(lines, width)
    printed = text.split("\n")
    commands = [line.command for line in lines if line.command]
    assert [line.strip() for line in printed if line.strip() in commands] == commands
    longest = max(map(len, ("`dataset.images: drawn`", *text.split())))
    for line in printed:
        assert line.strip() in commands or len(line) <= max(width, longest + 8)


def test_a_narrow_terminal_gives_the_words_its_width() -> None:
    """At 40 columns labels stand above their lines, which are two characters in."""
    lines = tables.answer(find(gains([20, 10])), PLACE)
    printed = tables.answer_text(lines, 40).split("\n")
    labels = [line for line in printed if line[0] != " "]
    assert labels == ["Answer", "Test", "Fit", "Scope", "Next"]
    assert printed[1].startswith("  Not settled: ")


@pytest.mark.parametrize("name", CASES)
def test_words_and_table_name_the_same_rates(name: str) -> None:
    """The rates that may be best and the equally good ones are those of `show`'s JSON."""
    findings = find(*CASES[name])
    if len(findings.settings) != 1 or findings.races or len(findings.summaries) == 1:
        return
    (result,) = findings.settings.values()
    text = " ".join(line.text for line in tables.answer(findings) if line.label == "Answer")
    for sentence, rates in (
        (re.search(r"ates? ([\d., and]+) may be best \(95 %\)", text), result.may_be_best),
        (re.search(r"Equally good [^:]+: rates? (.+?)\.(?= |$)", text), result.equivalent),
    ):
        if sentence is not None:
            assert tuple(map(float, re.findall(r"\d\.\d+", sentence[1]))) == rates
        else:
            assert rates == () or "very rate may be best" in text


def test_each_label_stands_once() -> None:
    """The eye finds the five parts at the left."""
    text = tables.answer_text(tables.answer(find(grid()), PLACE))
    labels = [line[:8].strip() for line in text.split("\n")]
    assert [label for label in labels if label] == ["Answer", "Test", "Fit", "Scope", "Next"]


def test_without_a_place_no_command_is_suggested() -> None:
    """Nobody knows the folder."""
    assert not any(line.label == "Next" for line in tables.answer(find(gains([20]))))


def test_the_data_are_named() -> None:
    """Synthetic images are called so; sizes that vary are a range."""
    records = [
        make_record(make_spec(identity=SYNTHETIC_IDENTITY, train_size=n)) for n in (100, 500)
    ]
    assert tables.data_line(records) == (
        "Data: synthetic images; 100 to 500 training and 1,000 validation images."
    )
    assert tables.data_line([]) == ""


@pytest.mark.parametrize(("last", "p"), [(2, 0.094), (-2, 0.031)])
def test_two_tests_that_seem_to_differ_are_told_apart(last: int, p: float) -> None:
    """One rate is left, although its p in the table is above 0.05; else nothing is explained."""
    findings = find(gains([-3, -7, -7, -1, -8, last]))
    lines = tables.answer(findings)
    assert Line("Answer", "Only rate 0.00 may be best (95 %).") in lines
    assert findings.differences[0].p_corrected == pytest.approx(p, abs=0.001)
    assert any("one-sided" in line.text for line in lines) == (p > 0.05)


def test_the_table_and_the_answer_stand_together() -> None:
    """A sweep ends with both; without runs there is no table."""
    findings = find(gains([20, 10]))
    table, text = tables.summary(findings, PLACE).split("\n\n")
    assert table.startswith("rate")
    assert text == tables.answer_text(tables.answer(findings, PLACE))
    assert tables.summary(find([])).startswith("Answer  None yet")
