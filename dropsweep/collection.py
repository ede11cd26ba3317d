"""Which runs of a results folder belong together: those its config plans, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep import config
from dropsweep.records import IDENTITIES

if TYPE_CHECKING:
    from dropsweep.records import RunRecord, RunSpec
    from dropsweep.results import ResultsFolder


@dataclass(frozen=True)
class Collection:
    """The runs that tables and figures are about, and what was left out."""

    records: list[RunRecord]
    """In the order of the plan, or of their ids."""
    missing: int
    """Planned runs that are not there."""
    others: int
    """Runs in the folder that the config does not plan."""
    damaged: list[tuple[str, str]]
    """Id and reason of files that cannot be used."""

    def notes(self) -> list[str]:
        """What a reader must know of runs that are not shown, a sentence each."""
        notes = []
        if self.missing:
            notes.append(f"{self.missing} planned runs are missing; `dropsweep run` trains them")
        if self.others:
            notes.append(f"{self.others} runs of other settings are left out; --all takes them in")
        return notes + [f"{run_id} is left out: {reason}" for run_id, reason in self.damaged]


def collect(folder: ResultsFolder, *, everything: bool = False) -> Collection:
    """Read the runs that the folder's ``config.yaml`` plans, or everything there is.

    A folder without a config, such as one put together from several machines' runs, is read whole.
    """
    present = folder.run_ids()
    if everything or not folder.config.exists():
        planned = present
    else:
        planned = [spec.run_id for spec in _planned(config.load(str(folder.config)).config)]
    records, damaged = folder.read(planned)
    return Collection(
        records,
        missing=len(planned) - len(records) - len(damaged),
        others=len(set(present) - set(planned)),
        damaged=damaged,
    )


def _planned(resolved: config.Config) -> list[RunSpec]:
    dataset = resolved.dataset
    return config.specs(resolved, dataset.identity or IDENTITIES[dataset.name])
