"""Training of a sweep's missing runs: each one is kept as soon as it is finished."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import __version__, config, errors
from dropsweep.records import FailureRecord
from dropsweep.sweep.agenda import InOrder, Racing
from dropsweep.sweep.derived import derive
from dropsweep.sweep.engine import execute
from dropsweep.sweep.plan import WHOLE, Shard, make_plan
from dropsweep.sweep.work import TRAINING, Work, train_remotely

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.collection import Collection
    from dropsweep.config import Loaded
    from dropsweep.executors import RunExecutor
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep.plan import Plan
    from dropsweep.sweep.progress import Progress
    from dropsweep.sweep.work import DataSource

OpenExecutor: TypeAlias = "Callable[[int, str, Callable[[str], None]], RunExecutor]"
"""Called with the number of tasks, the module they import, and where to send notes."""


@dataclass(frozen=True)
class Finished:
    """The state of a sweep after its missing runs were trained."""

    collection: Collection
    """All runs that the config plans and that are in the folder."""
    failed: list[str]
    """Ids of the runs that failed this time."""


def run(
    loaded: Loaded,
    folder: ResultsFolder,
    open_executor: OpenExecutor,
    source: DataSource,
    progress: Progress,
    *,
    shard: Shard = WHOLE,
    fail_fast: bool = False,
    planned: Callable[[Plan], None] = lambda _: None,
    draw: Callable[[Collection], None] = lambda _: None,
) -> Finished:
    """Complete a shard of a config's sweep; with ``seeds: auto``, train until the answer is sure.

    Nothing is created before the config is known to fit the data and the data are there, and no
    data are fetched if no run is missing. No file of the user is replaced.

    Parameters
    ----------
    open_executor
        Called when it is known how many runs are missing, at most.
    planned
        Called with the plan before anything is trained.
    draw
        Called at the end with what figures are made from, as in `derive`.
    """
    folder.check_replaceable("config.yaml", "summary.csv", "history.csv")
    plan = make_plan(loaded, folder, source, progress, shard)
    planned(plan)
    with open_executor(len(plan.missing), TRAINING, progress.note) as executor:
        failed = _complete(
            plan, loaded, folder, executor, source, progress=progress, fail_fast=fail_fast
        )
    return Finished(_derive(plan, draw), failed)


def _complete(
    plan: Plan,
    loaded: Loaded,
    folder: ResultsFolder,
    executor: RunExecutor,
    source: DataSource,
    *,
    progress: Progress,
    fail_fast: bool,
) -> list[str]:
    """Train what is missing; returns the ids of the runs that failed."""
    work = _work(plan, folder, executor, source, progress)
    folder.create()
    for run_id, reason in plan.there.damaged:
        if aside := folder.set_aside(run_id):
            progress.note(f"{run_id}: {reason}; set aside as {aside.name}")
    folder.clear_tries(record.run_id for record in plan.there.found)
    folder.write_config(config.dump(loaded.config, plan.identity))
    progress.begin(plan.first, plan.there.found)
    try:
        failed = _train(plan, folder, executor, work, progress, fail_fast=fail_fast)
    except BaseException:
        progress.end()
        with contextlib.suppress(errors.ResultsError):  # the first error is the one to report
            _derive(plan)
        raise
    progress.end()
    return failed


def _derive(plan: Plan, draw: Callable[[Collection], None] = lambda _: None) -> Collection:
    """Derive from the sweep as it is now: the files are the truth, whoever wrote them."""
    return derive(plan.there.again() if plan.missing else plan.there, draw)


def _train(
    plan: Plan,
    folder: ResultsFolder,
    executor: RunExecutor,
    work: Work,
    progress: Progress,
    *,
    fail_fast: bool,
) -> list[str]:
    failed = []
    auto = plan.there.decision.auto
    agenda = Racing(plan.there.races(), progress.step) if auto else InOrder(plan.missing)
    for outcome in execute(agenda, executor, work, progress.point):
        if isinstance(outcome, FailureRecord):
            folder.write_failure(outcome)
            progress.failed(outcome)
            agenda.failed(outcome.spec)
            failed.append(outcome.run_id)
            if fail_fast:
                raise errors.stopped_at_failure(outcome.run_id, outcome.error, folder.path)
        else:
            folder.publish(outcome.record, outcome.kept)
            progress.finished(outcome.record)
            agenda.finished(outcome.record)
    return failed


def _work(
    plan: Plan,
    folder: ResultsFolder,
    executor: RunExecutor,
    source: DataSource,
    progress: Progress,
) -> Work:
    """The work on each missing spec, with the data it needs."""
    if executor.shares_disk and plan.missing:
        from dropsweep.training import train_locally

        prepared = plan.prepared or source.prepare(progress.note, progress.downloaded)
        return partial(train_locally, prepared=prepared, checkpoints=folder.checkpoints)
    there = source.absolute()
    if there != source and plan.missing:
        paths = ", ".join(str(path) for path in (there.path, there.data_dir) if path)
        progress.note(f"workers look for the data at {paths}")
    return partial(train_remotely, source=there, version=__version__)
