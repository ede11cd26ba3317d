"""Decide what a sweep has to do, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dropsweep import config, datasets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.config import Loaded
    from dropsweep.records import RunRecord, RunSpec
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep.data import DataSource
    from dropsweep.sweep.progress import Progress

State = Literal["done", "missing", "failed", "elsewhere"]
"""Of a planned run; ``elsewhere`` is missing too, but another shard's."""


@dataclass(frozen=True)
class Shard:
    """One of several parts of a sweep, each worked on elsewhere."""

    index: int
    """From 0."""
    count: int

    def of(self, specs: Sequence[RunSpec]) -> list[RunSpec]:
        """Its specs: every ``count``-th by run id, whatever the order of the rates."""
        mine = set(sorted(spec.run_id for spec in specs)[self.index :: self.count])
        return [spec for spec in specs if spec.run_id in mine]


WHOLE = Shard(0, 1)


@dataclass(frozen=True)
class Plan:
    """What a config asks for, and what of it is there already."""

    specs: list[RunSpec]
    """All of them, in the config's order."""
    finished: list[RunRecord]
    damaged: list[tuple[str, str]]
    """Id and reason of the run files that cannot be used."""
    failed: set[str]
    """Ids of runs that were tried before and failed; they are missing too."""
    missing: list[RunSpec]
    """What this shard has to train."""
    identity: str
    """Of the data."""
    prepared: Path | None
    """The data, if making the plan took them."""

    @property
    def run_ids(self) -> list[str]:
        """Of all specs."""
        return [spec.run_id for spec in self.specs]

    def states(self) -> list[tuple[RunSpec, State]]:
        """Every spec with what has become of it so far."""
        done = {record.run_id for record in self.finished}
        mine = {spec.run_id for spec in self.missing}

        def state(run_id: str) -> State:
            if run_id in done:
                return "done"
            if run_id not in mine:
                return "elsewhere"
            return "failed" if run_id in self.failed else "missing"

        return [(spec, state(spec.run_id)) for spec in self.specs]


def make_plan(
    loaded: Loaded, folder: ResultsFolder, source: DataSource, progress: Progress, shard: Shard
) -> Plan:
    """Look at the config, the data and the folder; the folder is not changed.

    What is known of the official and the synthetic set is known without having them.
    """
    prepared = source.prepare(progress.note, progress.downloaded) if source.path else None
    facts = datasets.facts(source.name, prepared)
    specs = config.plan(loaded, facts.identity, facts.train_images, facts.test_images)
    finished, damaged = folder.read(spec.run_id for spec in specs)
    there = {record.run_id for record in finished}
    missing = [spec for spec in shard.of(specs) if spec.run_id not in there]
    return Plan(specs, finished, damaged, folder.failed_ids(), missing, facts.identity, prepared)
