"""What is said while a sweep runs."""

from __future__ import annotations

import io
import os
import sys

import pytest

from dropsweep.cli.progress import BAR_FORMAT, Bar, describe, measured, plan_sentence
from dropsweep.records import Point
from tests.factories import make_record, make_spec


def test_a_bar_of_eighty_columns_has_everything() -> None:
    """Run, rate, epoch, both accuracies and the time left stand before the bar."""
    from tqdm import tqdm

    said = f"12/12 {describe(make_spec(0.125, 10))} {measured(Point(25, 1.0, 0.956, 0.401))}"
    assert said == "12/12 rate 0.125 seed 10 epoch 25 train 0.956 val 0.401"
    line = tqdm.format_meter(
        300, 301, 3600, ncols=80, prefix=said, bar_format=BAR_FORMAT, rate=0.01
    )
    assert line.startswith(f"{said} ETA 01:40 |")
    assert len(line) <= 80


def test_a_bar_runs_from_begin_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts runs from one, and leaves nothing behind on the line."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    bar, spec = Bar(), make_spec(0.5, epochs=2)
    bar.begin([spec], finished=0)
    bar.point(spec, Point(1, 1.0, 0.5, 0.25))
    assert "1/1 rate 0.50 seed 0 epoch 1 train 0.500 val 0.250" in str(bar._bar)
    bar.end()


def test_nothing_to_train_is_told_in_the_right_number() -> None:
    """One run is one run."""
    assert plan_sentence(0, 1) == "The only run is finished: nothing to train."
    assert plan_sentence(0, 2) == "All 2 runs are finished: nothing to train."


def test_a_bar_shows_every_run_that_is_being_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each one's rate and epoch; a run that ends goes, and its epochs are counted once."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    bar, specs = Bar(), [make_spec(0.5, epochs=4), make_spec(0.9, epochs=4)]
    bar.begin(specs, finished=0)
    for spec, epoch in [(specs[0], 1), (specs[1], 0), (specs[0], 3)]:
        bar.point(spec, Point(epoch, 1.0, 0.5, 0.25))
    assert "0/2 done, 0.50 epoch 3, 0.90 epoch 0" in str(bar._bar)
    assert bar._bar.n == 3
    bar.finished(make_record(specs[0]))
    assert bar._bar.n == 4
    bar.point(specs[1], Point(1, 1.0, 0.5, 0.25))
    assert "2/2 rate 0.90 seed 0 epoch 1" in str(bar._bar)
    assert bar._bar.n == 5
    bar.end()


def test_the_environment_does_not_break_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tqdm's own variables are not read, and its locks need no shared memory."""
    monkeypatch.setenv("TQDM_MININTERVAL", "nonsense")
    monkeypatch.setattr("_multiprocessing.SemLock", None)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    bar = Bar()
    bar.begin([make_spec(0.5, epochs=2)], finished=0)
    bar.end()


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_of_no_size_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """0 x 0 is how a terminal says that it does not know its size: 80 columns are taken."""
    ours, theirs = os.openpty()
    with open(theirs, "w") as terminal:  # noqa: PTH123 a descriptor
        monkeypatch.setattr(sys, "stderr", terminal)
        bar = Bar()
        bar.begin([make_spec(0.5, epochs=2)], finished=0)
        assert "1 to train ETA ? |     " in os.read(ours, 10_000).decode()
        bar.end()
    os.close(ours)
