"""Displays of progress: a bar on a terminal or in a notebook, lines in a log, or nothing."""

from __future__ import annotations

import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

from dropsweep.columns.words import counted
from dropsweep.progress.tally import Tally, clock
from dropsweep.records import format_rate
from dropsweep.terminal import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dropsweep.progress.tally import Group
    from dropsweep.records import FailureRecord, Point, RunRecord, RunSpec
    from dropsweep.sweep import Progress

SECONDS_BETWEEN_LINES = 30.0

_SECONDS_BETWEEN_FRAMES = 0.1


def make_progress(quiet: bool = False, check: Callable[[], None] = lambda: None) -> Progress:
    """The progress that fits stderr.

    ``check`` is called often; it may raise an interrupt that a library has swallowed.
    """
    if quiet:
        return Quiet(check)
    if sys.stderr.isatty():
        return Terminal(check)
    shell = ipython_shell() if "ipykernel" in sys.modules else None
    in_notebook = shell is not None and "IPKernelApp" in shell.config
    return Notebook(check) if in_notebook else Lines(check)


def ipython_shell() -> Any:
    """The IPython that runs this; None elsewhere."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


class Quiet:
    """Says what the user must know, and nothing of progress."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check

    def note(self, sentence: str) -> None:
        """Say it."""
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 this is what it is for

    def downloaded(self, done: int, total: int) -> None:
        """Say nothing."""

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say nothing."""

    def point(self, spec: RunSpec, point: Point) -> None:  # noqa: ARG002 quiet
        """Say nothing; stop here if an interrupt was swallowed."""
        self._check()

    def finished(self, record: RunRecord) -> None:
        """Say it of a diverged run."""
        self._check()
        if record.status == "diverged":
            epochs = record.history.epoch
            last = f"after epoch {epochs[-1]}" if epochs else "at once"
            self._warn(record.spec, f"diverged {last}")

    def failed(self, failure: FailureRecord) -> None:
        """Say it."""
        self._warn(failure.spec, f"failed: {failure.error}")

    def step(self, sentence: str) -> None:
        """Say nothing."""

    def drawing(self, number: int, count: int) -> None:  # noqa: ARG002 quiet
        """Say nothing; stop here if an interrupt was swallowed."""
        self._check()

    def end(self) -> None:
        """Say nothing."""

    def complete(self, report: Path | None) -> None:
        """Say nothing."""

    def _warn(self, spec: RunSpec, what: str) -> None:
        self.note(f"warning: rate {format_rate(spec.rate)} seed {spec.seed} {what}")


class Lines(Quiet):
    """A plain line now and then, for logs."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        super().__init__(check)
        self.tally = Tally()
        self._last = time.monotonic()

    def downloaded(self, done: int, total: int) -> None:
        """Say how far the download is, now and then."""
        self._show(lambda: f"downloaded {done / 1e6:.0f} of {total / 1e6:.0f} MB")

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say what is to be done."""
        self.end()
        self.tally = Tally(missing, there)
        self.note(plan_sentence(len(missing), len(there)))

    def point(self, spec: RunSpec, point: Point) -> None:
        """Say how far the sweep is, now and then."""
        super().point(spec, point)
        self.tally.reach(spec, point.epoch)
        self._show(self._line)

    def finished(self, record: RunRecord) -> None:
        """Count it."""
        super().finished(record)
        self._end_run(record.spec, record.val_accuracy)

    def failed(self, failure: FailureRecord) -> None:
        """Count it."""
        super().failed(failure)
        self._end_run(failure.spec, None)

    def step(self, sentence: str) -> None:
        """Say it."""
        self.note(sentence)

    def complete(self, report: Path | None) -> None:
        """Say what was done, and which page to open."""
        self.end()
        parts = [] if report is None else [f"report: {report}"]
        if self.tally.seconds is not None:
            runs = counted(self.tally.trained, "run")
            parts.insert(0, f"{runs} in {clock(self.tally.seconds)}")
        if parts:
            self.note("; ".join(parts))

    def _end_run(self, spec: RunSpec, val: float | None) -> None:
        self.tally.end(spec, val)
        self._show(self._line)

    def _line(self) -> str:
        parts = [self.tally.status, *self.tally.training]
        return f"{time.strftime('%H:%M:%S')} {', '.join(parts)}"

    def _show(self, line: Callable[[], str]) -> None:
        """Say a line, unless the last one was a moment ago."""
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self.note(line())


class Notebook(Lines):
    """A bar of `tqdm.auto`: a widget, or text where ipywidgets is not installed."""

    _bar: Any = None

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say what is to be done, and open the bar."""
        super().begin(missing, there)
        if missing:
            with warnings.catch_warnings(action="ignore"):  # ipywidgets is not installed
                from tqdm.auto import tqdm
            self._bar = tqdm(
                total=100, desc=self.tally.status, file=sys.stderr, dynamic_ncols=True,
                bar_format="{desc} |{bar}| {percentage:.0f} %",
            )  # fmt: skip
            self._show(self._line)

    def end(self) -> None:
        """Close the bar; it stays on the page."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _show(self, line: Callable[[], str]) -> None:
        if self._bar is None:
            super()._show(line)
            return
        self._bar.set_description_str(self.tally.status, refresh=False)
        self._bar.update(100 * self.tally.fraction - self._bar.n)


class Terminal(Lines):
    """A bar over the whole sweep and, where there is room, a line per rate below it."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        super().__init__(check)
        self._frame = Frame(sys.stderr)

    def note(self, sentence: str) -> None:
        """Say it above the bar."""
        self._frame.print_above(sentence)

    def downloaded(self, done: int, total: int) -> None:
        """Move the download's bar."""
        status = f"download: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        self._frame.show(lambda width, _: [bar(status, done / max(total, 1), width)])
        if done >= total:
            self.end()

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say what is to be done, and open the bar."""
        super().begin(missing, there)
        if missing:
            self._frame.show(self.lines)

    def drawing(self, number: int, count: int) -> None:
        """Show it in the bar's place."""
        super().drawing(number, count)
        self._frame.show(lambda _width, _height: [f"Drawing figures {number}/{count}"])

    def end(self) -> None:
        """Remove the bar."""
        self._frame.show(lambda _width, _height: [])

    def lines(self, width: int, height: int) -> list[str]:
        """The bar and the rates, no wider and no higher than the terminal."""
        groups = self.tally.groups
        room = height - 4  # for the bar, the heading, the cursor and a line above
        if len(groups) > room:
            groups = [group for group in groups if group.training][: max(room, 0)]
        head = bar(self.tally.status, self.tally.fraction, width)
        return [head, *(_table(groups) if groups else ())]

    def _end_run(self, spec: RunSpec, val: float | None) -> None:
        super()._end_run(spec, val)
        for seed in self.tally.done_seeds():
            if best := self.tally.leader:
                self.note(f"seed {seed} done: rate {best.label} leads with {best.val:.3f}")

    def _show(self, line: Callable[[], str]) -> None:  # noqa: ARG002 the frame says more
        if time.monotonic() - self._last >= _SECONDS_BETWEEN_FRAMES:
            self._last = time.monotonic()
            self._frame.show(self.lines)


def bar(status: str, fraction: float, width: int) -> str:
    """``19/96 runs, ETA 2:10 |#####     |``; what matters first, for the end may be cut off."""
    room = min(width - len(status) - 4, 50)
    if room < 1:
        return status
    filled = round(fraction * room)
    block = "█" if (sys.stderr.encoding or "").lower().startswith("utf") else "#"
    return f"{status} |{block * filled}{' ' * (room - filled)}|"


def plan_sentence(missing: int, finished: int) -> str:
    """The runs that a run command is about to train."""
    if not missing:
        all_runs = "The only run is" if finished == 1 else f"All {finished} runs are"
        return f"{all_runs} finished: nothing to train."
    kept = f", {finished} finished before" if finished else ""
    return f"{counted(missing, 'run')} to train{kept}."


def _table(groups: Sequence[Group]) -> list[str]:
    keys = ", ".join(["rate", *(key for key, _ in groups[0].setting)])
    rows = [(keys, "seeds", "val", "training now")]
    for group in groups:
        now = ", ".join(f"seed {seed} epoch {epoch}" for seed, epoch in group.training.items())
        val = f"{group.val:.3f}" if group.vals else ""
        values = ", ".join([group.rate, *(value for _, value in group.setting)])
        rows.append((values, f"{group.ended}/{group.planned}", val, now))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"{label:<{widths[0]}}  {seeds:>{widths[1]}}  {val:>{widths[2]}}  {now}"
        for label, seeds, val, now in rows
    ]
