"""The columns of every table, and the rows of ``summary.csv`` and ``history.csv``."""

from __future__ import annotations

from dropsweep import columns
from dropsweep.analysis import find
from tests.factories import make_record, make_spec, make_sweep


def test_summary_columns_are_the_contracts() -> None:
    """Scripts read these names, in this order."""
    assert ",".join(columns.runs(make_sweep()).flat()[0]) == (
        "run_id,rate,seed,status,train_accuracy,val_accuracy,generalization_gap,"
        "best_epoch,best_val_accuracy,test_accuracy,seconds"
    )


def test_history_columns_are_the_contracts() -> None:
    """Scripts read these names, in this order."""
    assert ",".join(columns.history(make_sweep()).flat()[0]) == (
        "run_id,rate,seed,epoch,train_loss,train_accuracy,val_accuracy"
    )


def test_one_summary_row_a_run() -> None:
    """A row has the last epoch's accuracies, their gap, and what validation chose."""
    record = make_record(make_spec(0.75, 2), train=0.9, val=0.32, test=0.31)
    (row,) = columns.runs([record]).rows
    best = (record.best_epoch, record.best_val_accuracy)
    assert row == (record.run_id, 0.75, 2, "done", 0.9, 0.32, 0.58, *best, 0.31, 1.5)


def test_a_run_without_points_has_blanks() -> None:
    """Values that were never measured are None, not zero."""
    (row,) = columns.runs([make_record(make_spec(), points=0)]).rows
    assert row[3:10] == ("diverged", None, None, None, None, None, None)
    assert columns.history([make_record(make_spec(), points=0)]).rows == ()


def test_one_history_row_a_run_and_point() -> None:
    """Every point of every run has its row, also those of a diverged run."""
    done, diverged = make_record(make_spec(0.1, epochs=3)), make_record(make_spec(0.2), points=2)
    found = columns.history([done, diverged])
    assert [(row[1], row[3]) for row in found.rows] == [
        *((0.1, epoch) for epoch in range(4)),
        *((0.2, epoch) for epoch in range(2)),
    ]
    history = done.history
    assert [row[4:7] for row in found.rows[:4]] == list(
        zip(history.train_loss, history.train_accuracy, history.val_accuracy, strict=True)
    )


def test_axes_stand_at_the_end() -> None:
    """A key that varies is a column, a list as a config writes it."""
    records = [
        make_record(make_spec(hidden_sizes=sizes, epochs=1)) for sizes in ((100,), (100, 50))
    ]
    for table in (columns.runs(records), columns.history(records)):
        assert table.names[-1] == "model.hidden_sizes"
        assert {str(row[-1]) for row in table.rows} == {"[100]", "[100, 50]"}
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_rows_do_not_depend_on_which_run_was_first() -> None:
    """The file is the same whichever worker was quicker."""
    records = make_sweep(seeds=2, epochs=1) + make_sweep(seeds=2, epochs=1, train_size=100)
    assert columns.runs(records[::-1]).flat() == columns.runs(records).flat()
    assert columns.history(records[::-1]).flat() == columns.history(records).flat()


def test_people_see_no_column_that_says_nothing() -> None:
    """One rate of one seed without test images: no difference, no p, no test, none diverged."""
    table = columns.rates(find([make_record(make_spec(), test=None)]))
    assert table.read_by("page").names == ("rate", "runs", "train", "val", "gap", "fit")
    assert table.read_by("terminal").names == ("rate", "runs", "train", "val", "gap")


def test_a_terminal_does_not_compare_runs_by_their_test_accuracy() -> None:
    """Read beside each other, test images would take part in the choice; files have all."""
    table = columns.runs(make_sweep())
    assert "test_accuracy" not in table.read_by("terminal").names
    assert "test_accuracy" in table.flat()[0]
