"""Complete a sweep: what is finished stays, what is missing is trained and kept at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dropsweep import config, errors
from dropsweep.records import FailureRecord
from dropsweep.sweep.derived import write_tables
from dropsweep.sweep.engine import work_through
from dropsweep.sweep.plan import WHOLE, Shard, make_plan
from dropsweep.sweep.work import TRAINING, Work, work_elsewhere

if TYPE_CHECKING:
    from dropsweep.config import Loaded
    from dropsweep.executors import Workplace
    from dropsweep.records import RunRecord
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep.data import DataSource
    from dropsweep.sweep.plan import Plan
    from dropsweep.sweep.watcher import Watcher


@dataclass(frozen=True)
class Finished:
    """What a sweep has come to."""

    records: list[RunRecord]
    """Of all runs that the config plans and that are in the folder."""
    failed: list[str]
    """Ids of the runs that failed this time."""


def run(
    loaded: Loaded,
    folder: ResultsFolder,
    workplace: Workplace,
    source: DataSource,
    watcher: Watcher,
    *,
    shard: Shard = WHOLE,
    fail_fast: bool = False,
) -> Finished:
    """Complete a shard of a config's sweep.

    Nothing is created before the config is known to fit the data and the data are there, and no
    data are fetched if no run is missing.
    """
    plan = make_plan(loaded, folder, source, watcher, shard)
    workplace.get_ready(len(plan.missing), TRAINING)
    work = _work(plan, folder, workplace, source, watcher)
    folder.create()
    for run_id, reason in plan.damaged:
        if aside := folder.set_aside(run_id):
            watcher.note(f"{run_id}: {reason}; set aside as {aside.name}")
    folder.clear_tries(record.run_id for record in plan.finished)
    resolved = config.dump(loaded.config, plan.identity)
    folder.write_config(resolved)
    watcher.begin(plan.missing, len(plan.finished))
    records, failed = plan.finished, []
    try:
        failed = _train(plan, folder, workplace, work, watcher, fail_fast=fail_fast)
    finally:
        watcher.end()
        if plan.missing:  # the files are the truth, whatever stopped us and whoever wrote them
            records, _ = folder.read(plan.run_ids)
        if folder.config.read_bytes() == resolved:  # else another command's, which writes its own
            write_tables(folder, records)
    return Finished(records, failed)


def _train(
    plan: Plan,
    folder: ResultsFolder,
    workplace: Workplace,
    work: Work,
    watcher: Watcher,
    *,
    fail_fast: bool,
) -> list[str]:
    failed = []
    for outcome in work_through(plan.missing, workplace, work, watcher.point):
        if isinstance(outcome, FailureRecord):
            folder.write_failure(outcome)
            watcher.failed(outcome)
            failed.append(outcome.run_id)
            if fail_fast:
                raise errors.stopped_at_failure(outcome.run_id, outcome.error, folder.path)
        else:
            folder.publish(outcome.record, outcome.kept)
            watcher.finished(outcome.record)
    return failed


def _work(
    plan: Plan,
    folder: ResultsFolder,
    workplace: Workplace,
    source: DataSource,
    watcher: Watcher,
) -> Work:
    """What is to be done for each missing spec, with the data it takes."""
    if workplace.shares_disk and plan.missing:
        from dropsweep.training import work_here

        prepared = plan.prepared or source.prepare(watcher.note, watcher.downloaded)
        return partial(work_here, prepared=prepared, checkpoints=folder.checkpoints)
    return partial(work_elsewhere, source=source)
