"""The union of results folders from several machines, by run id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors
from dropsweep.collection import collect
from dropsweep.results.folder import MARKS
from dropsweep.sweep.derived import write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import NetArrays, RunRecord
    from dropsweep.results import ResultsFolder

    Chosen: TypeAlias = dict[str, tuple[RunRecord, list[ResultsFolder]]]
    """By id, the record that counts, and the folders that have its numbers, in order."""


def merge(
    sources: Sequence[ResultsFolder], target: ResultsFolder, *, keep_first: bool = False
) -> list[str]:
    """Bring the runs of all sources into the target; returns notes for the user.

    All sources are read before anything is written. The config is taken over if the target and all
    sources that have one agree on it; without one, all runs of the target are shown.

    Parameters
    ----------
    keep_first
        Where two folders have different numbers for one run, keep those of the first in order,
        the target's own before all, as other CPUs round differently.

    Raises
    ------
    ResultsError
        If one id has different numbers in two folders, unless ``keep_first``; or if a file of the
        user stands where the config or a table of the target belongs.
    """
    target.check_replaceable("config.yaml", "summary.csv", "history.csv")
    notes: list[str] = []
    in_the_way: list[str] = []
    chosen: Chosen = {}
    for folder in [target, *sources]:
        records, damaged = folder.read(folder.run_ids())
        notes += [f"{folder.path}: {run_id} is left out: {reason}" for run_id, reason in damaged]
        if folder is target:
            in_the_way = [run_id for run_id, _ in damaged]
        for record in records:
            _choose(chosen, record, folder, keep_first=keep_first)
    target.create()
    for run_id in in_the_way:
        target.set_aside(run_id)
    new = [run_id for run_id, (_, folders) in chosen.items() if target not in folders]
    known = {run_id: record for run_id, (record, _) in chosen.items()}
    for run_id, (record, folders) in chosen.items():
        is_new = target not in folders
        kept = _missing_net(record, folders, target)
        if (is_new or kept is not None) and not target.take(record, folders[0], kept) and is_new:
            del known[run_id]  # another process was first
    target.clear_tries(chosen)
    target.sync_runs(new)
    notes += _take_over_config(sources, target)
    write_tables(collect(target, known=known))
    return notes


def _choose(
    chosen: Chosen,
    record: RunRecord,
    folder: ResultsFolder,
    *,
    keep_first: bool,
) -> None:
    there, folders = chosen.setdefault(record.run_id, (record, []))
    if there is record or _numbers(there) == _numbers(record):
        folders.append(folder)
    elif not keep_first:
        name = record.run_id
        raise errors.results_conflict(folders[0].run_file(name), folder.run_file(name))


def _missing_net(
    record: RunRecord, folders: Sequence[ResultsFolder], target: ResultsFolder
) -> NetArrays | None:
    """The arrays of the run's net that the target lacks, from the first folder that kept them."""
    if not record.spec.results.keep_parameters or target.read_parameters(record) is not None:
        return None
    found = (each.read_parameters(record) for each in folders if each is not target)
    return next((kept for kept in found if kept is not None), None)


def _numbers(record: RunRecord) -> RunRecord:
    """The record without what may differ between two machines."""
    return replace(record, seconds=0.0, environment={})


def _take_over_config(sources: Sequence[ResultsFolder], target: ResultsFolder) -> list[str]:
    found = {folder.config_text() for folder in [target, *sources]}
    texts = {text for text in found if text is not None and MARKS["config.yaml"].match(text)}
    if len(texts) == 1:
        target.write_config(texts.pop())
    if len(texts) <= 1:
        return []
    if target.config.exists():
        return [f"{target.path} keeps its config.yaml, though those of the others differ"]
    return ["the folders' configs differ, so none is taken over: all runs are shown"]
