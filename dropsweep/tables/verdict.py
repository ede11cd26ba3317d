"""What a sweep found, in sentences."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from dropsweep.analysis import by_cell, format_cell, select, summarize
from dropsweep.records import format_rate
from dropsweep.tables.formats import plus_minus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Choice
    from dropsweep.records import DatasetSpec, RunRecord

WIDTH = 80
"""Characters of a line."""


def verdict(records: Sequence[RunRecord]) -> str:
    """A few sentences, each on lines of its own: the data, what was best, how sure that is."""
    if not records:
        return "No finished runs."
    sentences = [data_line(records)]
    summaries = summarize(records)
    choice = select(summaries)
    if choice is not None:
        dataset = by_cell(records)[choice.cell][0].spec.dataset
        tell = _best if len(summaries) > 1 else _only
        sentences += [tell(choice, dataset), _certainty(choice, dataset, len(summaries))]
    diverged = sum(record.status == "diverged" for record in records)
    if diverged:
        sentences.append(f"{diverged} of {len(records)} runs diverged, and no mean includes them.")
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences)


def data_line(records: Sequence[RunRecord]) -> str:
    """On which data the runs were trained; empty without runs."""
    if not records:
        return ""
    labels = sorted({record.spec.dataset.label for record in records})
    sizes = sorted({record.spec.dataset.train_size for record in records})
    span = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"Data: {', '.join(labels)}; {span} training images."


def _best(choice: Choice, dataset: DatasetSpec) -> str:
    where = f" at {format_cell(choice.cell)}" if choice.cell else ""
    best = f"Best on validation: rate {format_rate(choice.rate)}{where}, {plus_minus(choice.val)}"
    if choice.test is None:
        return f"{best}; no test images checked this choice, so expect less on new images."
    return f"{best}; this choice has {plus_minus(choice.test)} on {dataset.test_size} test images."


def _only(choice: Choice, dataset: DatasetSpec) -> str:
    """One rate: nothing was chosen."""
    val = f"{plus_minus(choice.val)} on {dataset.val_size} validation images"
    rate = f"Rate {format_rate(choice.rate)}: {val}"
    if choice.test is None:
        return f"{rate}."
    return f"{rate}, {plus_minus(choice.test)} on {dataset.test_size} test images."


def _certainty(choice: Choice, dataset: DatasetSpec, compared: int) -> str:
    if choice.val.count > 1:
        return f"± is half the width of a 95 % interval over seeds, here {choice.val.count}."
    error = math.sqrt(choice.val.mean * (1 - choice.val.mean) / dataset.val_size)
    sentence = (
        f"One accuracy on {dataset.val_size} validation images has a standard error of about "
        f"{error:.3f}"
    )
    if compared == 1:
        return f"{sentence}."
    return f"{sentence}: a single seed cannot tell close rates apart."
