"""Decide what a sweep has to do, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dropsweep import config, datasets
from dropsweep.collection import collect_planned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.collection import Collection
    from dropsweep.config import Loaded
    from dropsweep.records import RunSpec
    from dropsweep.results import ResultsFolder
    from dropsweep.sweep.progress import Progress
    from dropsweep.sweep.work import DataSource

State = Literal["done", "missing", "failed", "elsewhere"]
"""Of a planned run; ``elsewhere`` is missing too, but another shard trains it."""


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
    """The runs a config asks for, and the state of its results folder."""

    specs: list[RunSpec]
    """All runs, in the order they are worked on; of a race, all that it may ask for."""
    there: Collection
    """The runs that are in the folder already."""
    missing: list[RunSpec]
    """The runs that this shard has to train, also those that failed before. Of a race, the most
    that it can take."""
    first: list[RunSpec]
    """Those that are trained for certain: of a race, the ones that it cannot end without."""
    identity: str
    """Of the data."""
    prepared: Path | None
    """The prepared data, if the plan needed them."""

    def states(self) -> list[tuple[RunSpec, State]]:
        """Every spec with what has become of it so far; of a race, those there or certain."""
        done = {record.run_id for record in self.there.found}
        mine = {spec.run_id for spec in self.first}

        def state(run_id: str) -> State:
            if run_id in done:
                return "done"
            if run_id not in mine:
                return "elsewhere"
            return "failed" if run_id in self.there.failed_ids else "missing"

        racing = self.there.decision.auto
        shown = [s for s in self.specs if not racing or s.run_id in done | mine]
        return [(spec, state(spec.run_id)) for spec in shown]


def make_plan(
    loaded: Loaded, folder: ResultsFolder, source: DataSource, progress: Progress, shard: Shard
) -> Plan:
    """Look at the config, the data and the folder; the folder is not changed.

    The official and the synthetic data set are described without being read.
    """
    prepared = source.prepare(progress.note, progress.downloaded) if source.path else None
    facts = datasets.facts(source.name, prepared, source.path)
    specs = config.plan(
        loaded, facts.identity, facts.train_images, facts.test_images, facts.content, facts.rows
    )
    there = collect_planned(folder, loaded.config, specs)
    if there.decision.auto:
        races = there.races()
        missing, first = races.possible(), races.certain()
    else:
        done = {record.run_id for record in there.found}
        missing = first = [spec for spec in shard.of(specs) if spec.run_id not in done]
    return Plan(specs, there, missing, first, facts.identity, prepared)
