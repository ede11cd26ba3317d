"""The work on one spec, as it is handed to a executor that does not share this disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import datasets, errors
from dropsweep.executors import Report
from dropsweep.records import RunSpec, Trained

if TYPE_CHECKING:
    from dropsweep.sweep.data import DataSource

Work: TypeAlias = Callable[[RunSpec, Report], Trained]

TRAINING = "dropsweep.training"
"""What all work imports; not imported here before it is used, for workers import it meanwhile."""


def train_remotely(spec: RunSpec, report: Report, *, source: DataSource) -> Trained:
    """On another machine, which finds or fetches the data by its own means.

    Raises
    ------
    DataError
        If it cannot, or if its data are not those of the spec.
    """
    prepared = source.prepare()
    found = datasets.facts(source.name, prepared).identity
    if found != spec.dataset.identity:
        raise errors.data_differ_on_worker(str(source.path), spec.dataset.identity, found)
    from dropsweep import training

    return training.run(spec, report, data=prepared)
