"""Progress on stderr while a sweep runs: a bar on a terminal or in a notebook, lines in a log."""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dropsweep.records import flatten, format_rate, varying_keys
from dropsweep.terminal import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

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
    return Notebook(check) if _in_notebook() else Lines(check)


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
            self.note(f"warning: {describe(record.spec)} diverged {last}")

    def failed(self, failure: FailureRecord) -> None:
        """Say it."""
        self.note(f"warning: {describe(failure.spec)} failed: {failure.error}")

    def step(self, sentence: str) -> None:
        """Say nothing."""

    def drawing(self, number: int, count: int) -> None:  # noqa: ARG002 quiet
        """Say nothing; stop here if an interrupt was swallowed."""
        self._check()

    def end(self) -> None:
        """Say nothing."""

    def complete(self, report: Path | None) -> None:
        """Say nothing."""


@dataclass
class Group:
    """The runs of one rate in one setting, as far as they have come."""

    rate: str
    setting: tuple[tuple[str, str], ...] = ()
    """Keys that vary, and their values here."""
    planned: int = 0
    """Seeds."""
    ended: int = 0
    """Seeds that are finished or failed."""
    vals: list[float] = field(default_factory=list)
    """Validation accuracy of the finished seeds."""
    training: dict[int, int] = field(default_factory=dict)
    """Seeds that are being trained, each with the epoch that it has reached."""

    @property
    def label(self) -> str:
        """``0.50``, or ``0.50, l2=0.1`` in a grid."""
        return ", ".join([self.rate, *(f"{key}={value}" for key, value in self.setting)])

    @property
    def val(self) -> float:
        """Mean validation accuracy of the finished seeds; -1 if there are none."""
        return sum(self.vals) / len(self.vals) if self.vals else -1.0


class Lines(Quiet):
    """A plain line now and then, for logs."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        super().__init__(check)
        self._last = time.monotonic()
        self._began: float | None = None
        """The time at which training began; None if nothing was trained."""
        self._groups: dict[tuple[tuple[tuple[str, str], ...], float], Group] = {}
        self._group_of: dict[str, Group] = {}
        """The group of each run, by id."""
        self._keys: tuple[str, ...] = ()
        """The keys that vary between settings."""
        self._open: Counter[int] = Counter()
        """Runs of each seed that have not ended."""
        self._ended = self._before = 0
        """Runs that have ended, and those of them that were there at the beginning."""
        self._epochs = self._trained = 0
        """Epochs of this command's runs, and those of them that are trained."""

    def downloaded(self, done: int, total: int) -> None:
        """Say how far the download is, now and then."""
        self._show(lambda: f"downloaded {done / 1e6:.0f} of {total / 1e6:.0f} MB")

    def begin(self, missing: Sequence[RunSpec], there: Sequence[RunRecord]) -> None:
        """Say what is to be done."""
        self.end()
        self._keys = varying_keys([*(record.spec for record in there), *missing])
        for spec in missing:
            self._plan(spec)
        for record in there:
            group = self._add(record.spec)
            group.ended += 1
            group.vals += [] if record.val_accuracy is None else [record.val_accuracy]
        self._ended = self._before = len(there)
        self._began = time.monotonic() if missing else None
        self.note(plan_sentence(len(missing), len(there)))

    def point(self, spec: RunSpec, point: Point) -> None:
        """Say how far the sweep is, now and then."""
        super().point(spec, point)
        self._reach(spec, point.epoch)
        self._show(self.line)

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
        if self._began is not None:
            done = self._ended - self._before
            runs = "1 run" if done == 1 else f"{done} runs"
            parts.insert(0, f"{runs} in {clock(time.monotonic() - self._began)}")
        if parts:
            self.note("; ".join(parts))

    def line(self) -> str:
        """The progress of the sweep, for a log."""
        training = [
            f"rate {group.label} seed {seed} epoch {epoch}"
            for group in self._groups.values()
            for seed, epoch in group.training.items()
        ]
        return f"{time.strftime('%H:%M:%S')} {', '.join([self.status(), *training])}"

    def status(self) -> str:
        """``19/96 runs, ETA 2:10``."""
        eta = ""
        if self._began is not None and self._trained:
            left = (time.monotonic() - self._began) * (self._epochs / self._trained - 1)
            eta = f", ETA {clock(left)}"
        return f"{self._ended}/{len(self._group_of)} runs{eta}"

    def groups(self) -> list[Group]:
        """Every rate of every setting, setting by setting."""
        return [self._groups[key] for key in sorted(self._groups)]

    @property
    def fraction(self) -> float:
        """The part of the sweep that is trained."""
        here = self._trained / max(self._epochs, 1)
        total = max(len(self._group_of), 1)
        return (self._before + here * (total - self._before)) / total

    def _add(self, spec: RunSpec) -> Group:
        from dropsweep.analysis import format_value

        flat = flatten(spec) if self._keys else {}
        setting = tuple((key.rpartition(".")[2], format_value(flat[key])) for key in self._keys)
        group = self._groups.setdefault(
            (setting, spec.rate), Group(format_rate(spec.rate), setting)
        )
        group.planned += 1
        self._group_of[spec.run_id] = group
        return group

    def _plan(self, spec: RunSpec) -> Group:
        self._open[spec.seed] += 1
        self._epochs += spec.training.epochs
        return self._add(spec)

    def _reach(self, spec: RunSpec, epoch: int) -> Group:
        """Count the epochs up to this one."""
        # a race may go further than was planned
        group = self._group_of.get(spec.run_id) or self._plan(spec)
        self._trained += epoch - group.training.get(spec.seed, 0)
        group.training[spec.seed] = epoch
        return group

    def _end_run(self, spec: RunSpec, val: float | None) -> None:
        group = self._reach(spec, spec.training.epochs)
        del group.training[spec.seed]
        group.ended += 1
        group.vals += [] if val is None else [val]
        self._ended += 1
        self._open[spec.seed] -= 1
        self._show(self.line)

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
                total=100, desc=self.status(), file=sys.stderr, dynamic_ncols=True,
                bar_format="{desc} |{bar}| {percentage:.0f} %",
            )  # fmt: skip
            self._show(self.line)

    def end(self) -> None:
        """Close the bar; it stays on the page."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _show(self, line: Callable[[], str]) -> None:
        if self._bar is None:
            super()._show(line)
            return
        self._bar.set_description_str(self.status(), refresh=False)
        self._bar.update(100 * self.fraction - self._bar.n)


class Terminal(Lines):
    """A bar over the whole sweep and, where there is room, a line per rate below it."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        super().__init__(check)
        self._frame = Frame(sys.stderr)
        self._first: set[int] = set()
        """Seeds whose runs are all known from the beginning; a race adds others run by run."""
        self._done: set[int] = set()
        """Seeds that were said to be done."""

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
        self._first = set(self._open)
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
        groups = self.groups()
        room = height - 4  # for the bar, the heading, the cursor and a line above
        if len(groups) > room:
            groups = [group for group in groups if group.training][: max(room, 0)]
        return [bar(self.status(), self.fraction, width), *(_table(groups) if groups else ())]

    def _end_run(self, spec: RunSpec, val: float | None) -> None:
        super()._end_run(spec, val)
        if len(self._open) == 1:
            return
        latest = max(self._open)
        done = {
            seed
            for seed, runs in self._open.items()
            if not runs and (seed < latest or seed in self._first)
        }
        best = max(self._groups.values(), key=lambda group: group.val)
        for seed in sorted(done - self._done) if best.vals else ():
            self.note(f"seed {seed} done: rate {best.label} leads with {best.val:.3f}")
        self._done |= done

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


def clock(seconds: float) -> str:
    """``0:52``, ``12:05``, ``1:02:10``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def plan_sentence(missing: int, finished: int) -> str:
    """The runs that a run command is about to train."""
    if not missing:
        all_runs = "The only run is" if finished == 1 else f"All {finished} runs are"
        return f"{all_runs} finished: nothing to train."
    kept = f", {finished} finished before" if finished else ""
    return f"{missing} {'run' if missing == 1 else 'runs'} to train{kept}."


def describe(spec: RunSpec) -> str:
    """A run in a few words."""
    return f"rate {format_rate(spec.rate)} seed {spec.seed}"


def _table(groups: Sequence[Group]) -> list[str]:
    """A line per rate below a heading."""
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


def _in_notebook() -> bool:
    """True if a Jupyter kernel runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython and "ipykernel" in sys.modules else None
    return shell is not None and "IPKernelApp" in shell.config
