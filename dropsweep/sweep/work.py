"""The work on one spec for an executor that does not share this disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import __version__, datasets, errors
from dropsweep.executors import Report
from dropsweep.records import RunSpec, Trained

if TYPE_CHECKING:
    from dropsweep.sweep.data import DataSource

Work: TypeAlias = Callable[[RunSpec, Report], Trained]

TRAINING = "dropsweep.training"
"""The module that all work imports; workers import it while this process prepares the data."""


def train_remotely(spec: RunSpec, report: Report, *, source: DataSource, version: str) -> Trained:
    """Train it on another machine, which finds or downloads the data itself.

    Raises
    ------
    RunsFailedError
        If the dropsweep there is not the ``version`` that planned the run.
    DataError
        If the data are not there, or are not those of the spec.
    """
    if version != __version__:
        raise errors.version_differs(version, __version__)
    prepared = source.prepare()
    found = datasets.facts(source.name, prepared).identity
    if found != spec.dataset.identity:
        raise errors.data_differ_on_worker(str(source.path), spec.dataset.identity, found)
    from dropsweep import training

    return training.train(spec, report, data=prepared)
