"""Progress on stderr while a sweep runs: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import click

from dropsweep.cli import signals
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import FailureRecord, Point, RunRecord, RunSpec
    from dropsweep.sweep import Progress

SECONDS_BETWEEN_LINES = 30.0

BAR_FORMAT = "{desc} ETA {remaining} |{bar}|"
"""What matters first: tqdm cuts a line at the terminal's right edge."""


def make_progress(quiet: bool) -> Progress:
    """The progress that fits stderr."""
    if quiet:
        return Quiet()
    return Bar() if sys.stderr.isatty() else Lines()


class Quiet:
    """Says what the user must know, and nothing of progress."""

    def note(self, sentence: str) -> None:
        """Say it."""
        click.echo(sentence, err=True)

    def downloaded(self, done: int, total: int) -> None:
        """Say nothing."""

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """Say nothing."""

    def point(self, spec: RunSpec, point: Point) -> None:  # noqa: ARG002 quiet
        """Say nothing; stop here if an interrupt was swallowed."""
        signals.check()

    def finished(self, record: RunRecord) -> None:
        """A diverged run is always told."""
        signals.check()
        if record.status == "diverged":
            count = len(record.history)
            after = f"{count} point{'s' * (count != 1)}"
            self.note(f"warning: {describe(record.spec)} diverged after {after}")

    def failed(self, failure: FailureRecord) -> None:
        """A failed run is always told."""
        self.note(f"warning: {describe(failure.spec)} failed: {failure.error}")

    def step(self, sentence: str) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


class Lines(Quiet):
    """A plain line now and then, for logs."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._done = 0
        self._expected: set[str] = set()

    def downloaded(self, done: int, total: int) -> None:
        """Say how far the download is, now and then."""
        self._now_and_then(f"downloaded {done / 1e6:.0f} of {total / 1e6:.0f} MB")

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """Say what is to be done."""
        self._expected = {spec.run_id for spec in missing}
        self.note(plan_sentence(len(missing), finished))

    def point(self, spec: RunSpec, point: Point) -> None:
        """Say how far the run is, now and then."""
        super().point(spec, point)
        self._expect(spec)
        self._now_and_then(
            f"{self._done + 1}/{len(self._expected)} {describe(spec)} {measured(point)}"
        )

    def finished(self, record: RunRecord) -> None:
        """Count it."""
        super().finished(record)
        self._expect(record.spec)
        self._done += 1
        self._now_and_then(f"{self._done}/{len(self._expected)} runs")

    def failed(self, failure: FailureRecord) -> None:
        """Count it."""
        super().failed(failure)
        self._expect(failure.spec)
        self._done += 1

    def step(self, sentence: str) -> None:
        """Say it."""
        self.note(sentence)

    def _expect(self, spec: RunSpec) -> None:
        """Count a run that a race asked for when others were finished."""
        self._expected.add(spec.run_id)

    def _now_and_then(self, sentence: str) -> None:
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self.note(sentence)


class Bar(Lines):
    """One bar over the whole sweep, in epochs, with the runs that are being trained beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._current: dict[str, tuple[RunSpec, Point]] = {}

    def note(self, sentence: str) -> None:
        """Say it above the bar."""
        _tqdm().write(sentence, file=sys.stderr)

    def downloaded(self, done: int, total: int) -> None:
        """Move the download's bar."""
        if self._bar is None:
            self._bar = _bar(total, "download", unit="B", unit_scale=True)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self.end()

    def begin(self, missing: Sequence[RunSpec], finished: int) -> None:
        """Say what is to be done, and open the bar."""
        self.end()
        super().begin(missing, finished)
        if missing:
            epochs = sum(spec.training.epochs for spec in missing)
            self._bar = _bar(epochs, f"{len(missing)} to train", bar_format=BAR_FORMAT)

    def point(self, spec: RunSpec, point: Point) -> None:
        """Move the bar by an epoch."""
        signals.check()
        self._expect(spec)
        before = self._reached(spec)
        self._current[spec.run_id] = spec, point
        self._bar.set_description_str(self._busy(), refresh=False)
        self._bar.update(point.epoch - before)

    def _expect(self, spec: RunSpec) -> None:
        """Make the bar longer for it."""
        if spec.run_id not in self._expected:
            super()._expect(spec)
            self._bar.total += spec.training.epochs

    def _busy(self) -> str:
        """What is being trained: in full if it is one run, else each one's rate and epoch."""
        runs = list(self._current.values())
        if len(runs) == 1:
            [(spec, point)] = runs
            return f"{self._done + 1}/{len(self._expected)} {describe(spec)} {measured(point)}"
        busy = (f"{format_rate(spec.rate)} epoch {point.epoch}" for spec, point in runs)
        return f"{self._done}/{len(self._expected)} done, {', '.join(busy)}"

    def _reached(self, spec: RunSpec) -> int:
        """The epoch of a run that the bar has counted."""
        return self._current[spec.run_id][1].epoch if spec.run_id in self._current else 0

    def finished(self, record: RunRecord) -> None:
        """Count it, and the epochs that were not heard of."""
        super().finished(record)
        self._count_rest(record.spec)

    def failed(self, failure: FailureRecord) -> None:
        """Count it, and the epochs that it did not reach."""
        super().failed(failure)
        self._count_rest(failure.spec)

    def _count_rest(self, spec: RunSpec) -> None:
        self._bar.update(spec.training.epochs - self._reached(spec))
        self._current.pop(spec.run_id, None)

    def end(self) -> None:
        """Close the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _now_and_then(self, sentence: str) -> None:
        """Say nothing: the bar does."""


def plan_sentence(missing: int, finished: int) -> str:
    """What a run command is about to do."""
    if not missing:
        all_runs = "The only run is" if finished == 1 else f"All {finished} runs are"
        return f"{all_runs} finished: nothing to train."
    kept = f", {finished} finished before" if finished else ""
    return f"{missing} {'run' if missing == 1 else 'runs'} to train{kept}."


def describe(spec: RunSpec) -> str:
    """A run in a few words."""
    return f"rate {format_rate(spec.rate)} seed {spec.seed}"


def measured(point: Point) -> str:
    """A point in a few words."""
    accuracies = f"train {point.train_accuracy:.3f} val {point.val_accuracy:.3f}"
    return f"epoch {point.epoch} {accuracies}"


def _bar(total: int, description: str, **options: Any) -> Any:
    return _tqdm()(
        total=total, desc=description, file=sys.stderr, leave=False, **_size(), **options
    )


def _size() -> dict[str, Any]:
    """Options for the terminal's size; 0 x 0 is how a terminal says that it knows none."""
    with contextlib.suppress(OSError):  # not a terminal
        if os.get_terminal_size(sys.stderr.fileno()).columns == 0:
            return {"ncols": 80, "nrows": 24}
    return {"dynamic_ncols": True}


def _tqdm() -> Any:
    """The bar without what it takes from the system: variables, semaphores, a thread of its own."""
    for name in [name for name in os.environ if name.startswith("TQDM_")]:
        del os.environ[name]
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())
    tqdm.monitor_interval = 0
    return tqdm
