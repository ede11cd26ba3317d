"""Contenders on one workload, in turns: every round times each of them and the product limit."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.contenders import contenders
from benchmarks.limit import product_rate
from benchmarks.others import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.workload import Workload


@dataclass(frozen=True)
class Race:
    """The measurements, round by round."""

    name: str
    runs: int
    tflop: float
    """Of the matrix products that the work cannot do without, 10^12 operations."""
    seconds: dict[str, list[float]]
    """Wall time of each contender, by its name; dropsweep is the first."""
    limit: list[float]
    """Seconds that the products alone would take, at the rate of large products in that round."""

    @property
    def ours(self) -> str:
        """The contender that the others are compared with."""
        return next(iter(self.seconds))

    def ratio(self, name: str) -> float:
        """Our time over another's, in the median of the rounds."""
        pairs = zip(self.seconds[self.ours], self.seconds[name], strict=False)
        return median(mine / theirs for mine, theirs in pairs)

    @property
    def useful(self) -> float:
        """Our product rate as a part of the limit, in the median of the rounds."""
        pairs = zip(self.limit, self.seconds[self.ours], strict=True)
        return median(limit / mine for limit, mine in pairs)

    def rows(self) -> list[tuple[str, ...]]:
        """Name, median seconds, fastest and slowest, our time over theirs."""
        rows = [
            (name, *_spread(seconds), "" if name == self.ours else f"{self.ratio(name):.2f}")
            for name, seconds in self.seconds.items()
        ]
        return [
            *rows,
            ("limit: the products alone", *_spread(self.limit), f"{1 / self.useful:.2f}"),
        ]


def race(
    name: str,
    work: Workload,
    folder: Path,
    *,
    processes: int,
    rounds: int,
    naive_rounds: int,
    say: Callable[[str], object],
) -> Race:
    """Let everyone do the work once a round; the textbook solver in the first rounds only."""
    folder.mkdir(exist_ok=True)
    everyone = contenders(work, folder, processes, naive_rounds > 0)
    seconds: dict[str, list[float]] = {contender.name: [] for contender in everyone}
    limit = []
    for turn in range(rounds):
        rate = undisturbed(lambda: product_rate(processes), say)
        limit.append(work.product_flops / (1e9 * rate))
        for contender in everyone:
            if "textbook" in contender.name and turn >= naive_rounds:
                continue
            seconds[contender.name].append(undisturbed(contender.seconds, say))
            say(f"{name}, round {turn + 1}: {contender.name} {seconds[contender.name][-1]:.1f} s")
    return Race(name, len(work.runs), work.product_flops / 1e12, seconds, limit)


def _spread(seconds: list[float]) -> tuple[str, str]:
    return f"{median(seconds):.1f}", f"{min(seconds):.1f} - {max(seconds):.1f}"
