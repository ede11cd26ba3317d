"""What figures say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import format_cell
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Cell, Choice, RateSummary
    from dropsweep.records import RunRecord

ACCURACY_TRAIN = "training accuracy"
ACCURACY_VAL = "validation accuracy"
RATE = "dropout rate"
INTERVAL = "95 % interval"
SEED = "one seed"


def title(what: str, records: Sequence[RunRecord], cell: Cell) -> str:
    """What is shown; below it, on which data, from how many images and seeds, in which cell."""
    dataset = records[0].spec.dataset
    facts = [dataset.label, f"{dataset.train_size:,} training images", seeds(records)]
    if cell:
        facts.append(format_cell(cell))
    return f"{what}\n{', '.join(facts)}"


def seeds(records: Sequence[RunRecord]) -> str:
    """How many seeds a rate has: ``1 seed``, or ``3 to 5 seeds`` where rates differ."""
    found: dict[float, set[int]] = {}
    for record in records:
        found.setdefault(record.spec.rate, set()).add(record.spec.seed)
    counts = sorted(len(of_rate) for of_rate in found.values())
    if counts[0] != counts[-1]:
        return f"{counts[0]} to {counts[-1]} seeds"
    return "1 seed" if counts[0] == 1 else f"{counts[0]} seeds"


def diverged(summary: RateSummary) -> str:
    """An addition to a rate's name where some of its runs diverged."""
    return f" ({summary.diverged} diverged)" if summary.diverged else ""


def best(choice: Choice) -> str:
    """The rate that validation chose, with its accuracy."""
    return f"best on validation: rate {format_rate(choice.rate)} ({choice.val.mean:.3f})"
