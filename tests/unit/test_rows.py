"""The rows of ``summary.csv`` and ``history.csv``."""

from __future__ import annotations

from dropsweep import rows
from tests.factories import make_record, make_spec, make_sweep


def test_summary_columns_are_the_contracts() -> None:
    """Scripts read these names, in this order."""
    assert ",".join(rows.summary_rows(make_sweep()).columns) == (
        "run_id,rate,seed,status,train_accuracy,val_accuracy,generalization_gap,"
        "best_epoch,best_val_accuracy,test_accuracy,seconds"
    )


def test_history_columns_are_the_contracts() -> None:
    """Scripts read these names, in this order."""
    assert ",".join(rows.history_rows(make_sweep()).columns) == (
        "run_id,rate,seed,epoch,train_loss,train_accuracy,val_accuracy"
    )


def test_one_summary_row_a_run() -> None:
    """A row has the last epoch's accuracies, their gap, and what validation chose."""
    record = make_record(make_spec(0.75, 2), train=0.9, val=0.32, test=0.31)
    (row,) = rows.summary_rows([record]).rows
    best = (record.best_epoch, record.best_val_accuracy)
    assert row == (record.run_id, 0.75, 2, "done", 0.9, 0.32, 0.58, *best, 0.31, 1.5)


def test_a_run_without_points_has_blanks() -> None:
    """What was never measured is None, not zero."""
    (row,) = rows.summary_rows([make_record(make_spec(), points=0)]).rows
    assert row[3:10] == ("diverged", None, None, None, None, None, None)
    assert rows.history_rows([make_record(make_spec(), points=0)]).rows == ()


def test_one_history_row_a_run_and_point() -> None:
    """Every point of every run has its row, also those of a diverged run."""
    done, diverged = make_record(make_spec(0.1, epochs=3)), make_record(make_spec(0.2), points=2)
    found = rows.history_rows([done, diverged])
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
    for table in (rows.summary_rows(records), rows.history_rows(records)):
        assert table.columns[-1] == "model.hidden_sizes"
        assert {str(row[-1]) for row in table.rows} == {"[100]", "[100, 50]"}
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_rows_do_not_depend_on_which_run_was_first() -> None:
    """The file is the same whichever worker was quicker."""
    records = make_sweep(seeds=2, epochs=1) + make_sweep(seeds=2, epochs=1, train_size=100)
    assert rows.summary_rows(records[::-1]) == rows.summary_rows(records)
    assert rows.history_rows(records[::-1]) == rows.history_rows(records)
