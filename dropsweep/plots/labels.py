"""The words of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import format_setting
from dropsweep.analysis.settings import by_setting_and_rate
from dropsweep.columns.words import FEW_SEEDS, counted, span
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Estimate, Setting
    from dropsweep.plots.view import View
    from dropsweep.records import RunRecord

ACCURACY_TRAIN = "training accuracy"
ACCURACY_VAL = "validation accuracy"
RATE = "dropout rate"
INTERVAL = "95 % interval"


def title(what: str, records: Sequence[RunRecord], setting: Setting) -> str:
    """The subject, with the facts below it."""
    return f"{what}\n{facts(records, setting)}"


def facts(records: Sequence[RunRecord], setting: Setting, counted: str = "") -> str:
    """Data, images and seeds behind a figure, and the setting where there is one.

    ``counted`` says how many seeds, where that is not how many a rate has.
    """
    datasets = [record.spec.dataset for record in records]
    train = span([each.train_size for each in datasets])
    val = span([each.val_size for each in datasets])
    examples = " or ".join(sorted({each.content.examples for each in datasets}))
    said = [
        " and ".join(sorted({each.label for each in datasets})),
        f"{train} training and {val} validation {examples}",
        counted or seeds(records),
    ]
    if setting:
        said.append(format_setting(setting))
    return ", ".join(said)


def seeds(*groups: Sequence[RunRecord]) -> str:
    """The number of seeds per rate: ``1 seed``, or ``3 to 5 seeds`` where they differ."""
    counts = [
        len({record.spec.seed for record in runs})
        for records in groups
        for _, _, runs in by_setting_and_rate(records)
    ]
    low, high = min(counts), max(counts)
    return counted(low, "seed") if low == high else f"{low} to {high} seeds"


def spread(view: View) -> list[str]:
    """Sentences on bars and bands, or on single seeds; none of one seed."""
    counts = [len(each.outcomes) for each in view.summaries]
    said = []
    if any(count >= FEW_SEEDS for count in counts):
        fixed = " fixed beforehand" * view.sweep.findings.decision.auto  # a race stops by its looks
        said.append(f"Bars and bands are 95 % intervals over seeds{fixed}.")
    if any(1 < count < FEW_SEEDS for count in counts):
        said.append("Thin lines and dots are single seeds.")
    return said


def left_out(records: Sequence[RunRecord], shown: int) -> str:
    """Words for rates whose nets are not shown; empty if all are."""
    count = len({record.spec.rate for record in records})
    return "" if shown == count else f"{shown} of {count} rates"


def accuracies(rate: float, train: Estimate, val: Estimate) -> str:
    """``rate 0.50: training 0.912, validation 0.310``."""
    return f"rate {format_rate(rate)}: training {train.mean:.3f}, validation {val.mean:.3f}"
