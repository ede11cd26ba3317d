"""Which runs of a results folder belong together: those its config plans, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep import config, errors
from dropsweep.records import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.records import RunRecord
    from dropsweep.results import ResultsFolder

_TOLD_DAMAGED = 5
"""More would hide the table."""


@dataclass(frozen=True)
class Collection:
    """The runs that tables and figures are about, and what was left out."""

    records: list[RunRecord]
    """In the order of the plan, or of their ids."""
    missing: int
    """Planned runs that are not there, and have not failed."""
    failed: int
    """Planned runs that failed when they were last tried."""
    others: int
    """Runs in the folder that the config does not plan."""
    damaged: list[tuple[str, str]]
    """Id and reason of files that cannot be used."""
    without_config: bool
    """Whether there was no config to say which runs belong together."""
    planned: frozenset[str] | None
    """Ids of the runs that belong together, there or not; None where all do."""

    def belongs(self, run_id: str) -> bool:
        """Whether a run is one of those that the tables and figures are about."""
        return self.planned is None or run_id in self.planned

    def notes(self) -> list[str]:
        """What a reader must know of runs that are not shown, a sentence each."""
        notes = []
        if self.without_config:
            notes.append("config.yaml is missing: all runs are shown")
        if self.missing:
            noun = "planned run is" if self.missing == 1 else "planned runs are"
            notes.append(f"{self.missing} {noun} missing; `dropsweep run` trains what is missing")
        if self.failed:
            runs = "planned run has" if self.failed == 1 else "planned runs have"
            notes.append(
                f"{self.failed} {runs} failed, for the reasons in failed/; `dropsweep run` tries "
                "again"
            )
        if self.others:
            notes.append(others_note(self.others))
        told = self.damaged[:_TOLD_DAMAGED]
        notes += [f"{run_id} is left out: {reason}" for run_id, reason in told]
        if more := len(self.damaged) - len(told):
            notes.append(f"{more} more damaged run files are left out")
        return notes

    def why_no_figure(self) -> str:
        """The reason where these records make no figure."""
        if not self.records:
            return "no finished runs"
        count = len(self.records)
        return "its only run diverged" if count == 1 else f"all {count} runs diverged"


def others_note(count: int) -> str:
    """What a reader must know of runs that the config does not plan."""
    runs = (
        "run that config.yaml does not plan is"
        if count == 1
        else ("runs that config.yaml does not plan are")
    )
    return f"{count} {runs} left out; `dropsweep show --all` takes in every run"


def count_others(folder: ResultsFolder, records: Sequence[RunRecord]) -> int:
    """Runs in the folder beside these."""
    return len(set(folder.run_ids()) - {record.run_id for record in records})


def collect(folder: ResultsFolder, *, everything: bool = False) -> Collection:
    """Read the runs that the folder's ``config.yaml`` plans, or everything there is.

    A folder without a config, such as one put together from several machines' runs, is read whole.
    """
    present = folder.run_ids()
    without_config = not everything and not folder.config.exists()
    whole = everything or without_config
    planned = present if whole else _planned(folder.config)
    records, damaged = folder.read(planned)
    there = {record.run_id for record in records} | {run_id for run_id, _ in damaged}
    absent = [run_id for run_id in planned if run_id not in there]
    failed = folder.failed_ids().intersection(absent)
    return Collection(
        records,
        missing=len(absent) - len(failed),
        failed=len(failed),
        others=len(set(present) - set(planned)),
        damaged=damaged,
        without_config=without_config,
        planned=None if whole else frozenset(planned),
    )


def _planned(path: Path) -> list[str]:
    try:
        resolved = config.load(str(path)).config
    except errors.ConfigError as cause:
        raise errors.results_config_unusable(path, cause) from cause
    identity = resolved.dataset.identity or IDENTITIES[resolved.dataset.name]
    return [spec.run_id for spec in config.specs(resolved, identity)]
