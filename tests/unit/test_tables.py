"""Tables in four formats, and the sentences under them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dropsweep import tables
from dropsweep.analysis import summarize
from dropsweep.records import SYNTHETIC_IDENTITY
from dropsweep.rows import Table
from tests.factories import make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.records import RunRecord

NUMBERS = (
    "runs,diverged,train_accuracy,train_low,train_high,val_accuracy,val_low,val_high,"
    "generalization_gap,gap_low,gap_high"
)


def two_seeds() -> list[RunRecord]:
    """Validation .30 and .32 at one rate."""
    return [
        make_record(make_spec(0.5, 0), train=0.95, val=0.30, test=0.29),
        make_record(make_spec(0.5, 1), train=0.95, val=0.32, test=0.31),
    ]


def test_table_is_aligned() -> None:
    """Columns start or end at one place in every line; no line ends in blanks."""
    rows = (("a", 1, "x"), ("longer", 1000, "words"), ("b", None, "x"))
    assert tables.render(Table(("name", "value", "note"), rows), "table").split("\n") == [
        "name    value  note",
        "a           1  x",
        "longer   1000  words",
        "b           -  x",
    ]


def test_markdown_table() -> None:
    """Numbers are set right; a bar in a cell does not end it."""
    table = Table(("name", "value"), (("a|b", 0.5),))
    assert tables.render(table, "markdown").split("\n") == [
        "| name | value |",
        "| --- | ---: |",
        "| a\\|b | 0.5 |",
    ]


def test_summary_for_people() -> None:
    """Mean and half the interval's width: t(1) = 12.706, s.e. .01."""
    text = tables.render(tables.summary_table(two_seeds()))
    header, row = (line.split() for line in text.split("\n"))
    assert header == ["rate", "runs", "train", "val", "gap"]
    assert " ".join(row) == "0.50 2 0.950 ± 0.000 0.310 ± 0.127 0.640 ± 0.127"


def test_summary_of_one_seed_claims_no_interval() -> None:
    """One seed is a mean alone."""
    assert "±" not in tables.render(tables.summary_table(make_sweep(seeds=1)))


def test_summary_shows_diverged_runs() -> None:
    """Diverged runs are counted beside the others, and blanks stand for their means."""
    records = [
        make_record(make_spec(0.5, 0), train=0.95, val=0.3),
        make_record(make_spec(0.5, 1), points=2),
        make_record(make_spec(0.9, 0), points=2),
    ]
    half, most = tables.render(tables.summary_table(records)).split("\n")[1:]
    assert half.split() == ["0.50", "2", "(1", "diverged)", "0.950", "0.300", "0.650"]
    assert most.split() == ["0.90", "1", "(1", "diverged)", "-", "-", "-"]


def test_summary_json_parses_back_to_the_numbers() -> None:
    """JSON is a list of objects, full precision, null where there is no number."""
    records = [*two_seeds(), make_record(make_spec(0.9, 0), points=2)]
    first, second = json.loads(tables.render(tables.summary_table(records), "json"))
    (summary, _) = summarize(records)
    assert list(first) == ["rate", *NUMBERS.split(",")]
    assert summary.val is not None
    assert (first["val_accuracy"], first["val_low"]) == (summary.val.mean, summary.val.low)
    assert (first["val_high"], first["runs"], first["diverged"]) == (summary.val.high, 2, 0)
    assert (second["diverged"], second["generalization_gap"], second["gap_low"]) == (1, None, None)


def test_summary_csv_parses_back_to_the_numbers() -> None:
    """CSV has a number a column in full precision, and an axis after the rate."""
    records = make_sweep([0.1], seeds=3, epochs=1) + make_sweep([0.1], epochs=1, train_size=100)
    text = tables.render(tables.summary_table(records), "csv")
    assert text.split("\n")[0] == f"rate,dataset.train_size,{NUMBERS}"
    small, large = csv.DictReader(io.StringIO(text))
    assert (small["dataset.train_size"], small["train_low"]) == ("100", "")
    expected = summarize(records)[1].gap
    assert expected is not None
    assert float(large["generalization_gap"]) == pytest.approx(expected.mean)
    assert float(large["gap_high"]) == pytest.approx(expected.high)


@pytest.mark.parametrize("build", [tables.summary_table, tables.runs_table, tables.history_table])
@pytest.mark.parametrize("output_format", tables.RENDERERS)
def test_every_format_takes_every_table(
    build: Callable[[Sequence[RunRecord]], Table], output_format: str
) -> None:
    """Rows survive rendering, also where there are none, and no break trails."""
    for records in ([], make_sweep([0.1], epochs=1)):
        text = tables.render(build(records), output_format)
        assert text
        assert not text.endswith("\n")
        assert ("0.1" in text) == bool(records)


def test_runs_table_csv_keeps_all_digits() -> None:
    """A float read back is the float written; None is blank."""
    record = replace(make_record(make_spec(1 / 3), test=None), seconds=0.1 + 0.2)
    (row,) = csv.DictReader(io.StringIO(tables.render(tables.runs_table([record]), "csv")))
    assert (float(row["rate"]), float(row["seconds"])) == (1 / 3, 0.1 + 0.2)
    assert row["test_accuracy"] == ""


def test_verdict_of_one_seed_says_what_it_cannot_tell() -> None:
    """sqrt(.32 x .68 / 1000) = .0148: one seed cannot tell close rates apart."""
    records = [
        make_record(make_spec(0.0), val=0.30),
        make_record(make_spec(0.75), val=0.32, test=0.31),
    ]
    assert tables.verdict(records).split("\n") == [
        "Data: CIFAR-10; 500 training images.",
        "Best on validation: rate 0.75, 0.320; this choice has 0.310 on 1000 test images.",
        "One accuracy on 1000 validation images has a standard error of about 0.015: a",
        "single seed cannot tell close rates apart.",
    ]


def test_verdict_of_several_seeds_explains_its_sign() -> None:
    """What ± means stands where it is used."""
    text = tables.verdict([*two_seeds(), make_record(make_spec(0.9), val=0.2)])
    best = "rate 0.50, 0.310 ± 0.127; this choice has 0.300 ± 0.127 on 1000 test images."
    assert best in " ".join(text.split())
    assert "± is half the width of a 95 % interval over seeds, here 2." in text
    assert "single seed" not in text


def test_verdict_counts_the_test_images() -> None:
    """The test accuracy comes with the number of its images, not those of validation."""
    spec = make_spec()
    spec = replace(spec, dataset=replace(spec.dataset, test_size=400))
    assert "0.310 on 400 test images" in tables.verdict([make_record(spec, test=0.31)])


def test_verdict_without_test_images() -> None:
    """A choice that no test image checked is said to look better than it is."""
    records = [make_record(make_spec(rate), test=None) for rate in (0.1, 0.5)]
    assert "no test images" in tables.verdict(records)


def test_verdict_names_the_data_and_the_setting() -> None:
    """Synthetic images are called so, and the best setting is named."""
    records = [
        make_record(make_spec(identity=SYNTHETIC_IDENTITY, train_size=100), val=0.2),
        make_record(make_spec(identity=SYNTHETIC_IDENTITY, train_size=500), val=0.3),
    ]
    text = tables.verdict(records)
    assert text.startswith("Data: synthetic images; 100 to 500 training images.")
    assert "rate 0.50 at dataset.train_size = 500, 0.300" in text


def test_verdict_counts_diverged_runs() -> None:
    """Diverged runs are told, also where nothing else can be."""
    records = [make_record(make_spec(seed=0), points=2), make_record(make_spec(seed=1), points=0)]
    assert tables.verdict(records).split("\n") == [
        "Data: CIFAR-10; 500 training images.",
        "2 of 2 runs diverged, and no mean includes them.",
    ]
    assert tables.verdict([]) == "No finished runs."


def test_report_is_the_table_and_the_verdict() -> None:
    """A sweep ends with both."""
    text = tables.report(two_seeds())
    table, sentences = text.split("\n\n")
    assert table == tables.render(tables.summary_table(two_seeds()))
    assert sentences == tables.verdict(two_seeds())


def test_verdict_of_one_rate_compares_nothing() -> None:
    """Where there was no choice, accuracies and their standard error are all there is to say."""
    assert tables.verdict([make_record(make_spec(0.5), val=0.32, test=0.31)]).split("\n") == [
        "Data: CIFAR-10; 500 training images.",
        "Rate 0.50: 0.320 on 1000 validation images, 0.310 on 1000 test images.",
        "One accuracy on 1000 validation images has a standard error of about 0.015.",
    ]


def test_what_a_terminal_shows_fits_eighty_columns() -> None:
    """The summary, the runs and the sentences of a sweep without axes break nowhere."""
    records = [replace(record, seconds=12345.678) for record in make_sweep(seeds=2)]
    runs = tables.render(tables.short_runs_table(records))
    for text in (tables.report(records), runs):
        assert max(map(len, text.split("\n"))) <= 80
    assert runs.split("\n")[0].split() == [
        "rate", "seed", "status", "train", "val", "gap", "best", "epoch", "test", "seconds",
    ]  # fmt: skip


def test_short_runs_table_keeps_the_axes() -> None:
    """What tells runs apart is never cut."""
    records = make_sweep([0.1], epochs=1) + make_sweep([0.1], epochs=1, train_size=100)
    assert tables.short_runs_table(records).columns[-1] == "dataset.train_size"


def test_cards_have_a_line_a_value() -> None:
    """Keys and values are aligned, and an empty line stands between rows."""
    table = Table(("name", "bytes"), (("a", 1), ("b", None)))
    assert tables.cards(table) == "name   a\nbytes  1\n\nname   b\nbytes  -"


def test_markdown_sets_estimates_right() -> None:
    """Every column of numbers is set right, means with their intervals among them."""
    rule = tables.render(tables.summary_table(two_seeds()), "markdown").split("\n")[1]
    assert rule == "| ---: | ---: | ---: | ---: | ---: |"


def test_a_gap_has_no_noise_in_its_last_digits() -> None:
    """0.972 - 0.413 is told as 0.559, in every format."""
    records = [make_record(make_spec(), train=0.972, val=0.413)]
    for build in (tables.summary_table, tables.runs_table):
        (row,) = json.loads(tables.render(build(records), "json"))
        assert row["generalization_gap"] == 0.559


def test_data_line_is_empty_without_runs() -> None:
    """Nothing is claimed about data that nothing was trained on."""
    assert tables.data_line([]) == ""
