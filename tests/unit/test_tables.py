"""Tables in four formats, and the sentences under them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dropsweep import tables
from dropsweep.analysis import find, summarize
from dropsweep.rows import Table
from tests.factories import make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.records import RunRecord

NUMBERS = (
    "runs,diverged,train_accuracy,train_low,train_high,train_sd,val_accuracy,val_low,val_high,"
    "val_sd,generalization_gap,gap_low,gap_high,gap_sd,difference,difference_low,difference_high,"
    "difference_sd,pairs,p,p_corrected,selected,test_accuracy,test_low,test_high,test_sd"
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
    """Numbers are set right; a bar in a setting does not end it."""
    table = Table(("name", "value"), (("a|b", 0.5),))
    assert tables.render(table, "markdown").split("\n") == [
        "| name | value |",
        "| --- | ---: |",
        "| a\\|b | 0.5 |",
    ]


def test_summary_for_people() -> None:
    """Mean and half the interval's width: t(1) = 12.706, s.e. .01."""
    text = tables.render(tables.short_summary_table(find(two_seeds())))
    header, row = (line.split() for line in text.split("\n"))
    assert header == ["rate", "runs", "train", "val", "gap"]
    assert " ".join(row) == "0.50 2 0.950 ± 0.000 0.310 ± 0.127 0.640 ± 0.127"


def test_summary_of_one_seed_claims_no_interval() -> None:
    """One seed is a mean alone."""
    assert "±" not in tables.render(tables.short_summary_table(find(make_sweep(seeds=1))))


def test_summary_shows_diverged_runs() -> None:
    """Diverged runs are counted beside the others, and blanks stand for their means."""
    records = [
        make_record(make_spec(0.5, 0), train=0.95, val=0.3),
        make_record(make_spec(0.5, 1), points=2),
        make_record(make_spec(0.9, 0), points=2),
    ]
    half, most = tables.render(tables.short_summary_table(find(records))).split("\n")[1:]
    assert half.split() == ["0.50", "2", "(1", "diverged)", "0.950", "0.300", "0.650"]
    assert most.split() == ["0.90", "1", "(1", "diverged)", "-", "-", "-"]


def test_summary_json_parses_back_to_the_numbers() -> None:
    """JSON is a list of objects, full precision, null where there is no number."""
    records = [*two_seeds(), make_record(make_spec(0.9, 0), points=2)]
    first, second = json.loads(tables.render(tables.summary_table(find(records)), "json"))
    (summary, _) = summarize(records)
    assert list(first) == ["rate", *NUMBERS.split(",")]
    assert summary.val is not None
    assert (first["val_accuracy"], first["val_low"]) == (summary.val.mean, summary.val.low)
    assert (first["val_high"], first["runs"], first["diverged"]) == (summary.val.high, 2, 0)
    assert (second["diverged"], second["generalization_gap"], second["gap_low"]) == (1, None, None)


def test_summary_csv_parses_back_to_the_numbers() -> None:
    """CSV has a number a column in full precision, and an axis after the rate."""
    records = make_sweep([0.1], seeds=3, epochs=1) + make_sweep([0.1], epochs=1, train_size=100)
    text = tables.render(tables.summary_table(find(records)), "csv")
    assert text.split("\n")[0] == f"rate,dataset.train_size,{NUMBERS}"
    small, large = csv.DictReader(io.StringIO(text))
    assert (small["dataset.train_size"], small["train_low"]) == ("100", "")
    expected = summarize(records)[1].gap
    assert expected is not None
    assert float(large["generalization_gap"]) == pytest.approx(expected.mean)
    assert float(large["gap_high"]) == pytest.approx(expected.high)


@pytest.mark.parametrize(
    "build",
    [lambda records: tables.summary_table(find(records)), tables.runs_table, tables.history_table],
)
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


def test_report_is_the_table_and_the_verdict() -> None:
    """A sweep ends with both."""
    text = tables.report(two_seeds())
    table, sentences = text.split("\n\n")
    assert table == tables.render(tables.short_summary_table(find(two_seeds())))
    assert sentences == tables.verdict(find(two_seeds()))


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
    rule = tables.render(tables.short_summary_table(find(two_seeds())), "markdown").split("\n")[1]
    assert rule == "| ---: | ---: | ---: | ---: | ---: |"


def test_a_gap_has_no_noise_in_its_last_digits() -> None:
    """0.972 - 0.413 is told as 0.559, in every format."""
    records = [make_record(make_spec(), train=0.972, val=0.413)]
    for table in (tables.summary_table(find(records)), tables.runs_table(records)):
        (row,) = json.loads(tables.render(table, "json"))
        assert row["generalization_gap"] == 0.559


def test_data_line_is_empty_without_runs() -> None:
    """Nothing is claimed about data that nothing was trained on."""
    assert tables.data_line([]) == ""


def test_differences_stand_beside_their_rate() -> None:
    """Each rate but the lowest has its paired difference, its seeds and both p."""
    rows = json.loads(tables.render(tables.summary_table(find(make_sweep(seeds=10))), "json"))
    assert [row["pairs"] for row in rows] == [None, *[10] * 6]
    for row, difference in zip(rows[1:], find(make_sweep(seeds=10)).differences, strict=True):
        told = difference.estimate
        assert (row["difference"], row["difference_low"]) == (told.mean, told.low)
        assert (row["difference_high"], row["difference_sd"]) == (told.high, told.sd)
        assert (row["p"], row["p_corrected"]) == (difference.p, difference.p_corrected)


def test_test_accuracy_is_told_of_the_selected_rate_alone() -> None:
    """Exactly one row is selected, and no other tells what the test images said."""
    rows = json.loads(tables.render(tables.summary_table(find(make_sweep(seeds=2))), "json"))
    assert [row["rate"] for row in rows if row["selected"]] == [0.75]
    assert [row["rate"] for row in rows if row["test_accuracy"] is not None] == [0.75]


def test_differences_are_signed_and_small_p_are_bounds() -> None:
    """A gain begins with a plus; a p below .001 is told as that."""
    assert tables.render(Table(("p",), ((0.0004,), (0.0125,), (None,)))).split() == [
        "p", "<", "0.001", "0.013", "-",
    ]  # fmt: skip
    records = [make_record(make_spec(rate), val=val) for rate, val in ((0, 0.3), (0.5, 0.32))]
    records.append(make_record(make_spec(0.9), val=0.29))
    text = tables.render(tables.short_summary_table(find(records)))
    assert "+0.020" in text
    assert "-0.010" in text
