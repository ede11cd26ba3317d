"""Details of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.records import flatten
from dropsweep.report import runs
from tests.factories import make_record, make_spec, make_sweep

if TYPE_CHECKING:
    import pytest


def test_a_long_history_keeps_its_ends_and_its_best_epoch() -> None:
    """A few epochs are listed, whatever the length: the first, the last, the best among them."""
    record = make_record(make_spec(epochs=500))
    (told,) = runs.details([record], ".", [record.environment])
    epochs = [int(epoch) for epoch, *_ in told.points]
    assert {0, 500, record.best_epoch} <= set(epochs)
    assert epochs == sorted(epochs)
    assert len(epochs) <= 10
    assert len(told.train_line.split()) <= 40
    assert told.some


def test_a_short_history_is_listed_whole() -> None:
    """And is not called a part."""
    record = make_record(make_spec(epochs=3))
    (told,) = runs.details([record], ".", [record.environment])
    assert [int(epoch) for epoch, *_ in told.points] == [0, 1, 2, 3]
    assert not told.some


def test_a_line_goes_from_corner_to_corner() -> None:
    """Accuracy 0 is at the bottom left of the drawing, 1 at its top."""
    record = make_record(make_spec(epochs=1), train=1.0, val=0.0)
    (told,) = runs.details([record], ".", [record.environment])
    assert told.train_line.split()[-1] == f"{runs.WIDTH},0"
    assert told.val_line.split()[-1] == f"{runs.WIDTH},{runs.HEIGHT}"


def test_what_runs_share_is_told_once() -> None:
    """Shared settings and those of each run together are the whole spec."""
    records = make_sweep((0.0, 0.5), 2)
    shared = dict(runs.shared_settings([record.spec for record in records]))
    assert set(flatten(records[0].spec)) - set(shared) == {"dropout.rate", "seed"}
    told = runs.details(records, ".", [records[0].environment])
    assert told[0].settings == "dropout.rate = 0.0, seed = 0"


def test_too_many_runs_lead_to_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page must not grow without end: the rows stay, and lead to the runs' files."""
    monkeypatch.setattr(runs, "MOST_DETAILED", 1)
    records = make_sweep((0.0, 0.5))
    assert runs.details(records, "..", [records[0].environment]) == ()
    assert runs.hrefs(records, "..") == [f"../runs/{record.run_id}.json" for record in records]
