"""Progress while a sweep runs."""

from __future__ import annotations

import os
import re
import select
import sys
from typing import TYPE_CHECKING

import pytest

from dropsweep.progress import displays
from dropsweep.progress.displays import Lines, Quiet, Terminal, bar, plan_sentence
from dropsweep.records import Point
from tests.factories import make_failure, make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunSpec

SPECS = [make_spec(rate, seed, epochs=4) for seed in (0, 1) for rate in (0.0, 0.5)]


class Stderr:
    """The text written to stderr so far."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._text = ""

    @property
    def text(self) -> str:
        """All of it."""
        self._text += self._capsys.readouterr().err
        return self._text


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Stderr:
    """The test's stderr."""
    return Stderr(capsys)


def set_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the clock show so many seconds since training began at 0."""
    monkeypatch.setattr("dropsweep.progress.displays.time.monotonic", lambda: seconds)


def reach(told: Lines, spec: RunSpec, epoch: int) -> None:
    """A run has reached an epoch."""
    told.point(spec, Point(epoch, 1.0, 0.5, 0.25))


def test_nothing_to_train_is_told_in_the_right_number() -> None:
    """One run is one run."""
    assert plan_sentence(0, 1) == "The only run is finished: nothing to train."
    assert plan_sentence(0, 2) == "All 2 runs are finished: nothing to train."


def test_a_log_has_a_line_every_thirty_seconds(
    stderr: Stderr, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the clock, the runs that are there, and the time left: of 16 epochs 4 took 30 s."""
    set_time(monkeypatch, 0)
    told = Lines()
    told.begin(SPECS, [])
    reach(told, SPECS[0], 2)
    set_time(monkeypatch, 30)
    told.finished(make_record(SPECS[0]))
    set_time(monkeypatch, 59)
    reach(told, SPECS[1], 1)
    set_time(monkeypatch, 61)
    reach(told, SPECS[1], 2)
    first, *lines = stderr.text.splitlines()
    assert first == "4 runs to train."
    assert [re.sub(r"^\d\d:\d\d:\d\d", "CLOCK", line) for line in lines] == [
        "CLOCK 1/4 runs, ETA 1:30",
        "CLOCK 1/4 runs, ETA 1:42, rate 0.50 seed 0 epoch 2",
    ]


def test_the_end_says_what_was_done(
    stderr: Stderr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Runs of this command, their time, and the page to open; nothing of it where it is quiet."""
    set_time(monkeypatch, 0)
    told = Lines()
    told.begin(SPECS[1:], [make_record(SPECS[0])])
    for spec in SPECS[1:]:
        told.finished(make_record(spec))
    set_time(monkeypatch, 52)
    told.complete(tmp_path / "report.html")
    assert stderr.text.splitlines()[-1] == f"3 runs in 0:52; report: {tmp_path}/report.html"
    told.begin([], [make_record(spec) for spec in SPECS])
    told.complete(tmp_path / "report.html")
    assert stderr.text.splitlines()[-1] == f"report: {tmp_path}/report.html"
    before = stderr.text
    Quiet().complete(tmp_path / "report.html")
    assert stderr.text == before


def test_what_a_user_must_know_is_always_told(stderr: Stderr) -> None:
    """A diverged and a failed run are told of by all."""
    for count, told in enumerate((Quiet(), Lines(), Terminal()), 1):
        told.begin(SPECS[:2], [])
        told.finished(make_record(SPECS[0], points=1))
        told.failed(make_failure(SPECS[1], "MemoryError: much"))
        told.end()
        assert stderr.text.count("warning: rate 0.00 seed 0 diverged after epoch 0\n") == count
        assert stderr.text.count("warning: rate 0.50 seed 0 failed: MemoryError: much\n") == count


def test_a_terminal_shows_each_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds that ended, their mean validation accuracy, and the run that is trained."""
    set_time(monkeypatch, 0)
    told = Terminal()
    told.begin(SPECS[1:], [make_record(SPECS[0], val=0.25)])
    set_time(monkeypatch, 10)
    told.finished(make_record(SPECS[1], val=0.3))
    reach(told, SPECS[2], 3)
    head, *table = told.lines(80, 24)
    assert head.startswith("2/4 runs, ETA 0:07 |█")
    assert table == [
        "rate  seeds    val  training now",
        "0.00    1/2  0.250  seed 1 epoch 3",
        "0.50    1/2  0.300  ",
    ]


@pytest.mark.parametrize(("width", "height"), [(100, 30), (80, 24), (40, 20), (40, 7), (20, 2)])
def test_a_terminal_of_any_size_is_not_exceeded(width: int, height: int) -> None:
    """A low terminal shows the rates in training; a lower one shows only the bar."""
    told = Terminal()
    told.begin([record.spec for record in make_sweep(seeds=3)], [])
    reach(told, make_spec(0.25), 7)
    lines = told.lines(width, height)
    assert len(lines) == {30: 9, 24: 9, 20: 9, 7: 3, 2: 1}[height]
    assert max(map(len, lines)) < width


def test_a_finished_seed_is_printed_above(stderr: Stderr) -> None:
    """Once, when its last run has ended, with the rate that leads so far."""
    told = Terminal()
    told.begin(SPECS, [])
    for spec, val in zip(SPECS, (0.2, 0.3, 0.6, 0.3), strict=True):
        assert stderr.text.count("done") == spec.seed
        told.finished(make_record(spec, val=val))
    assert re.findall("seed .* done: .*", stderr.text) == [
        "seed 0 done: rate 0.50 leads with 0.300",
        "seed 1 done: rate 0.00 leads with 0.400",
    ]


def test_a_seed_that_a_race_adds_is_printed_once(stderr: Stderr) -> None:
    """Its runs become known one by one; it is done when a run of a later seed has ended."""
    told = Terminal()
    told.begin(SPECS[:2], [])
    for spec in [*SPECS, make_spec(0.0, seed=2)]:
        told.finished(make_record(spec, val=0.3))
    assert re.findall("seed . done", stderr.text) == ["seed 0 done", "seed 1 done"]


@pytest.mark.parametrize("width", [5, 30, 40, 80, 200])
def test_a_bar_fits_the_width(width: int) -> None:
    """The text before the bar stays whole while there is room for it."""
    found = bar("12/12 runs, ETA 0:01", 0.5, width)
    assert found.startswith("12/12 runs, ETA 0:01")
    assert len(found) < max(width, 21)
    assert found.count("#") + found.count("█") == min(max(width - 24, 0), 50) // 2


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_of_no_size_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """0 x 0 is how a terminal says that it does not know its size: 80 columns are taken."""
    ours, theirs = os.openpty()
    with open(theirs, "w") as terminal:  # noqa: PTH123 a descriptor
        monkeypatch.setattr(sys, "stderr", terminal)
        told = displays.make_progress()
        told.begin(SPECS, [])
        told.end()
        text = ""
        while "0/4 runs |      " not in text and select.select([ours], [], [], 10)[0]:
            text += os.read(ours, 10_000).decode()
        assert "0/4 runs |      " in text
    os.close(ours)
