"""Tables in five formats."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dropsweep import columns, tables
from dropsweep.analysis import find, summarize
from dropsweep.columns import Table
from dropsweep.columns.words import p_text
from tests.factories import make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.records import RunRecord

NUMBERS = (
    "runs,diverged,train_accuracy,train_low,train_high,train_sd,val_accuracy,val_low,val_high,"
    "val_sd,generalization_gap,gap_low,gap_high,gap_sd,difference,difference_low,difference_high,"
    "difference_sd,pairs,p,p_corrected,selected,test_accuracy,test_low,test_high,test_sd,"
    "may_be_best,equivalent,detectable"
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
    assert tables.render(Table.plain(("name", "value", "note"), rows), "table").split("\n") == [
        "name    value  note",
        "a           1  x",
        "longer   1000  words",
        "b           -  x",
    ]


def test_markdown_table() -> None:
    """Numbers are set right; a bar in a setting does not end it."""
    table = Table.plain(("name", "value"), (("a|b", 0.5),))
    assert tables.render(table, "markdown").split("\n") == [
        "| name | value |",
        "| --- | ---: |",
        "| a\\|b | 0.5 |",
    ]


def test_summary_for_people() -> None:
    """Two seeds: their means, and the two values of what is compared."""
    text = tables.render(columns.rates(find(two_seeds())))
    header, row = (line.split() for line in text.split("\n"))
    assert header == ["rate", "runs", "training", "validation", "gap"]
    assert " ".join(row) == "0.50 2 0.950 0.310 (.300 to .320) 0.640"


def test_summary_of_one_seed_claims_no_interval() -> None:
    """One seed is a mean alone."""
    assert "±" not in tables.render(columns.rates(find(make_sweep(seeds=1))))


def test_summary_shows_diverged_runs() -> None:
    """Diverged runs are counted beside the others, and blanks stand for their means."""
    records = [
        make_record(make_spec(0.5, 0), train=0.95, val=0.3),
        make_record(make_spec(0.5, 1), points=2),
        make_record(make_spec(0.9, 0), points=2),
    ]
    half, most = tables.render(columns.rates(find(records))).split("\n")[1:]
    assert half.split() == ["0.50", "2", "1", "0.950", "0.300", "0.650"]
    assert most.split() == ["0.90", "1", "1", "-", "-", "-"]


def test_summary_json_parses_back_to_the_numbers() -> None:
    """JSON is a list of objects, full precision, null where there is no number."""
    records = [*two_seeds(), make_record(make_spec(0.9, 0), points=2)]
    first, second = json.loads(tables.render(columns.rates(find(records)), "json"))
    (summary, _) = summarize(records)
    assert list(first) == ["rate", *NUMBERS.split(",")]
    assert summary.val is not None
    assert (first["val_accuracy"], first["val_low"]) == (summary.val.mean, summary.val.low)
    assert (first["val_high"], first["runs"], first["diverged"]) == (summary.val.high, 2, 0)
    assert (second["diverged"], second["generalization_gap"], second["gap_low"]) == (1, None, None)


def test_summary_csv_parses_back_to_the_numbers() -> None:
    """CSV has a number a column in full precision, and an axis after the rate."""
    records = make_sweep([0.1], seeds=3, epochs=1) + make_sweep([0.1], epochs=1, train_size=100)
    text = tables.render(columns.rates(find(records)), "csv")
    assert text.split("\n")[0] == f"rate,dataset.train_size,{NUMBERS}"
    small, large = csv.DictReader(io.StringIO(text))
    assert (small["dataset.train_size"], small["train_low"]) == ("100", "")
    expected = summarize(records)[1].gap
    assert expected is not None
    assert float(large["generalization_gap"]) == pytest.approx(expected.mean)
    assert float(large["gap_high"]) == pytest.approx(expected.high)


@pytest.mark.parametrize(
    "build",
    [lambda records: columns.rates(find(records)), columns.runs, columns.history],
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
    (row,) = csv.DictReader(io.StringIO(tables.render(columns.runs([record]), "csv")))
    assert (float(row["rate"]), float(row["seconds"])) == (1 / 3, 0.1 + 0.2)
    assert row["test_accuracy"] == ""


def test_what_a_terminal_shows_fits_eighty_columns() -> None:
    """The summary, the runs and the sentences of a sweep without axes break nowhere."""
    records = [replace(record, seconds=12345.678) for record in make_sweep(seeds=2)]
    runs = tables.render(columns.runs(records), width=80)
    for text in (tables.render(columns.rates(find(records)), width=80), runs):
        assert max(map(len, text.split("\n"))) <= 80
    assert runs.split("\n")[0].split() == [
        "rate", "seed", "status", "training", "validation", "gap", "best", "epoch", "seconds",
    ]  # fmt: skip


def test_cards_have_a_line_a_value() -> None:
    """Keys and values are aligned, and an empty line stands between rows."""
    table = Table.plain(("name", "bytes"), (("a", 1), ("b", None)))
    assert tables.cards(table) == "name   a\nbytes  1\n\nname   b\nbytes  -"


def test_markdown_sets_estimates_right() -> None:
    """Every column of numbers is set right, means with their intervals among them."""
    rule = tables.render(columns.rates(find(two_seeds())), "markdown").split("\n")[1]
    assert rule == "| ---: | ---: | ---: | ---: | ---: |"


def test_a_gap_has_no_noise_in_its_last_digits() -> None:
    """0.972 - 0.413 is told as 0.559, in every format."""
    records = [make_record(make_spec(), train=0.972, val=0.413)]
    for table in (columns.rates(find(records)), columns.runs(records)):
        (row,) = json.loads(tables.render(table, "json"))
        assert row["generalization_gap"] == 0.559


def test_differences_stand_beside_their_rate() -> None:
    """Each rate but the lowest has its paired difference, its seeds and both p."""
    rows = json.loads(tables.render(columns.rates(find(make_sweep(seeds=10))), "json"))
    assert [row["pairs"] for row in rows] == [None, *[10] * 6]
    for row, difference in zip(rows[1:], find(make_sweep(seeds=10)).differences, strict=True):
        told = difference.estimate
        assert (row["difference"], row["difference_low"]) == (told.mean, told.low)
        assert (row["difference_high"], row["difference_sd"]) == (told.high, told.sd)
        assert (row["p"], row["p_corrected"]) == (difference.p, difference.p_corrected)


def test_test_accuracy_is_told_of_the_selected_rate_alone() -> None:
    """Exactly one row is selected, and no other tells what the test images said."""
    rows = json.loads(tables.render(columns.rates(find(make_sweep(seeds=2))), "json"))
    assert [row["rate"] for row in rows if row["selected"]] == [0.75]
    assert [row["rate"] for row in rows if row["test_accuracy"] is not None] == [0.75]


def test_differences_are_signed_and_small_p_are_bounds() -> None:
    """A gain begins with a plus; a p below .001 is told as that."""
    assert [p_text(p) for p in (0.0004, 0.0125)] == ["< 0.001", "0.013"]
    records = [make_record(make_spec(rate), val=val) for rate, val in ((0, 0.3), (0.5, 0.32))]
    records.append(make_record(make_spec(0.9), val=0.29))
    text = tables.render(columns.rates(find(records)))
    assert "+0.020" in text
    assert "-0.010" in text


def grid(seeds: int = 2) -> list[RunRecord]:
    """Two training-set sizes."""
    small = make_sweep([0, 0.5], seeds, epochs=1, train_size=100)
    return make_sweep([0, 0.5], seeds, epochs=1) + small


def test_settings_stand_above_their_rates() -> None:
    """Settings are said once, above their rows; the columns are those of a sweep without a grid."""
    header, *blocks = tables.render(columns.rates(find(grid()))).split("\n\n")
    assert header.split()[:2] == ["rate", "runs"]
    for block, size in zip(blocks, (100, 500), strict=True):
        setting, *rows = block.split("\n")
        assert setting == f"dataset.train_size = {size}"
        assert [row.split()[0] for row in rows] == ["0.00", "0.50"]


@pytest.mark.parametrize("width", [20, 30, 40, 59, 60, 72, 80, 100])
@pytest.mark.parametrize("seeds", [1, 3, 8])
def test_no_line_is_torn(width: int, seeds: int) -> None:
    """Every line fits the terminal, and every rate with its accuracy is there."""
    records = grid(seeds)
    found = find(records)
    for table in (columns.rates(found), columns.runs(records)):
        text = tables.render(table, width=width)
        longest = max(map(len, ("dataset.train_size", *text.split())))
        assert max(map(len, text.split("\n"))) <= max(width, longest)
        for row in table.rows:
            assert f"{row[table.names.index('rate')]:.2f}" in text
    for summary in found.summaries:
        assert summary.val
        assert f"{summary.val.mean:.3f}" in tables.render(columns.rates(found), width=width)


def test_a_narrow_terminal_gets_the_answering_columns() -> None:
    """Rate, validation accuracy and difference, below 60 columns."""
    header = tables.render(columns.rates(find(make_sweep(seeds=8))), width=50).split("\n")[0]
    assert header.split() == ["rate", "validation", "difference"]


def test_latex_has_the_digits_that_its_intervals_support() -> None:
    """Two digits of the half-width, and as many places of the mean; one row stands out."""
    text = tables.render(columns.rates(find(make_sweep([0, 0.5], seeds=8))), "latex")
    lines = text.split("\n")
    assert lines[0] == r"% \usepackage{booktabs}"
    assert lines[1].startswith(r"\begin{tabular}{rrrrr")
    assert {r"\toprule", r"\midrule", r"\bottomrule", r"\end{tabular}"} < set(lines)
    body = [line for line in lines if line.endswith(r"\\")]
    assert len({line.count("&") for line in body}) == 1
    assert sum(line.startswith(r"\textbf{") for line in body) == 1
    pairs = re.findall(r"\$\+?-?(\d\.\d+) \\pm (\d\.\d+)\$", text)
    assert len(pairs) >= 6
    for mean, half in pairs:
        assert len(mean) == len(half)
        assert len(half.split(".")[1].lstrip("0")) == 2


def test_latex_gives_few_seeds_their_range() -> None:
    """Under five seeds the numbers are those of the terminal; a minus is a minus."""
    records = make_sweep([0, 0.99], seeds=3)
    text = tables.render(columns.rates(find(records)), "latex")
    shown = tables.render(columns.rates(find(records)), "table")
    assert "pm" not in text
    for cell in re.findall(r"[+-]?0\.\d+ \(\S+ to \S+\)", shown):
        assert re.sub(r"-(?=[.\d])", "$-$", cell) in text
    assert "$-$0.0" in text


def test_latex_escapes_what_latex_reads() -> None:
    """A setting may hold any character."""
    table = Table.plain(("a_b",), [("50% & {x} #1 $2 ^~\\",)])
    assert tables.render(table, "latex").split("\n")[3:6] == [
        r"a\_b \\",
        r"\midrule",
        r"50\% \& \{x\} \#1 \$2 \textasciicircum{}\textasciitilde{}\textbackslash{} \\",
    ]
