"""The scope of an answer: the images that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.columns.words import span
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import DatasetSpec, RunRecord

_POOLS = {CIFAR10_IDENTITY: 50_000, SYNTHETIC_IDENTITY: 5_000}
"""Images in the training batches of known data sets."""


def data_line(records: Sequence[RunRecord]) -> str:
    """The data that the runs were trained on; empty without runs."""
    if not records:
        return ""
    datasets = {record.spec.dataset for record in records}
    labels = ", ".join(sorted({dataset.label for dataset in datasets}))
    train = span([dataset.train_size for dataset in datasets])
    val = span([dataset.val_size for dataset in datasets])
    drawn = ""
    if all(map(is_drawn, datasets)):
        pool = _pool(records)
        drawn = f", drawn for each seed{f' from {pool:,}' if pool else ''}"
        drawn += ", by class shares" * all(bool(each.content.title) for each in datasets)
    examples = " or ".join(sorted({each.content.examples for each in datasets}))
    return f"Data: {labels}; {train} training and {val} validation {examples}{drawn}."


def images_in_words(dataset: DatasetSpec, records: Sequence[RunRecord]) -> str:
    """The images that a claim is about, which stand beside it."""
    examples = dataset.content.examples
    if not is_drawn(dataset):
        sizes = f"{dataset.train_size:,} training and {dataset.val_size:,} validation"
        return f"on these {sizes} {examples}"
    pool = _pool(records)
    if pool is not None and pool < _POOLS[CIFAR10_IDENTITY]:
        return f"on {examples} of these {pool:,}"
    of = "training rows, by class shares" if dataset.content.title else "training batches"
    return f"on {examples} drawn from the {of}"


def is_drawn(dataset: DatasetSpec) -> bool:
    """True if each seed has its own images."""
    return dataset.images == "drawn"


def _pool(records: Sequence[RunRecord]) -> int | None:
    """Images in the training batches that all runs drew from; None where it is not known.

    The records say it; older ones are of data sets whose number is known, or are silent.
    """
    pools = {
        record.environment.get("train_images") or _POOLS.get(record.spec.dataset.identity)
        for record in records
    }
    pool = pools.pop() if len(pools) == 1 else None
    return pool if isinstance(pool, int) else None
