"""The runs of a results folder that belong together, read once, with their config and findings."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dropsweep import analysis, config, errors
from dropsweep.columns.words import duration
from dropsweep.records import ALGORITHM, FIXED, IDENTITIES
from dropsweep.results import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dropsweep.analysis import Findings, PlannedRaces
    from dropsweep.config import Config
    from dropsweep.records import Decision, RunRecord, RunSpec
    from dropsweep.results import ResultsFolder

_TOLD_DAMAGED = 5
"""More would hide the table."""


@dataclass(frozen=True)
class Collection:
    """One reading of a results folder: what tables, figures and the report are made from."""

    folder: ResultsFolder
    config: Config | None
    """The config that plans the runs; None if there is none, or if it is not needed and unusable.
    """
    found: list[RunRecord]
    """The runs that are there, in the order of the plan, or of their ids."""
    specs: Sequence[RunSpec] | None
    """The runs that belong together, finished or not; None where all runs do."""
    present: frozenset[str]
    """Ids of all run files that were in the folder."""
    failed_ids: frozenset[str]
    """Ids of all runs that failed when they were last tried."""
    damaged: list[tuple[str, str]]
    """Id and reason of the run files that cannot be used."""
    without_config: bool = False
    """True if all runs are shown because there is no config."""

    @functools.cached_property
    def findings(self) -> Findings:
        """The answer and everything it rests on, found once for every reader."""
        tried = self.failed_ids - {record.run_id for record in self.found}
        failed = [spec for spec in self.specs or () if spec.run_id in tried]
        return analysis.find(self.found, self.decision, failed)

    @property
    def records(self) -> Sequence[RunRecord]:
        """The runs that belong to the answer: those there, or those that a race has judged."""
        return self.findings.records if self.decision.auto else self.found

    @property
    def decision(self) -> Decision:
        """The decision that the sweep is made for."""
        return FIXED if self.config is None else self.config.decision

    @functools.cached_property
    def planned(self) -> frozenset[str] | None:
        """Ids of the runs that belong together, finished or not; None where all runs do."""
        return None if self.specs is None else frozenset(spec.run_id for spec in self.specs)

    @functools.cached_property
    def absent(self) -> frozenset[str]:
        """Ids of the planned runs that have no file; of a race, those that it waits for."""
        there = {record.run_id for record in self.found} | {run_id for run_id, _ in self.damaged}
        if self.specs and self.decision.auto:
            return frozenset(spec.run_id for spec in self.races().waited_for()) - there
        return (self.planned or frozenset()) - there

    @property
    def failed(self) -> int:
        """Planned runs that failed when they were last tried."""
        return len(self.absent & self.failed_ids)

    @property
    def missing(self) -> int:
        """Planned runs that are not there, and have not failed."""
        return len(self.absent) - self.failed

    @property
    def others(self) -> int:
        """Runs in the folder that the config does not plan."""
        return 0 if self.planned is None else len(self.present - self.planned)

    @property
    def older_algorithm(self) -> int | None:
        """The algorithm of the records, where the planned runs exist only under an older one."""
        if not self.specs or not self.found or self.specs[0].algorithm == ALGORITHM:
            return None
        return self.specs[0].algorithm

    def belongs(self, run_id: str) -> bool:
        """True if a run is one of those that the tables and figures are about."""
        return self.planned is None or run_id in self.planned

    def races(self) -> PlannedRaces:
        """The races of the plan, as far as the runs there go; failed runs can be tried again."""
        races = analysis.PlannedRaces(self.specs or (), self.decision)
        for record in self.found:
            races.add(record)
        return races

    def is_current(self) -> bool:
        """True if the folder still has the same run files as when it was read."""
        return self.present == frozenset(self.folder.run_ids())

    def again(self) -> Collection:
        """A new reading of the same runs."""
        if self.specs is None:
            return collect(self.folder, everything=not self.without_config)
        return collect_planned(self.folder, self.config, self.specs)

    def is_complete(self) -> bool:
        """True if nothing is left to train but runs that failed or whose files are damaged."""
        return not self.missing

    def progress(self) -> str:
        """``19 of 96 runs, last 3 s ago, about 4 min left``, by the times of the files."""
        pace, there = self._pace, len(self.found)
        total = there + len(self.absent)
        parts = [f"{there} runs" if self.decision.auto else f"{there} of {total} runs"]
        if pace.age is not None:
            parts.append(f"{'last' if there else 'started'} {duration(pace.age)} ago")
        if not pace.is_running:
            parts.append("not running")
        elif pace.between is not None and not self.decision.auto:
            left = max(self.missing * pace.between - (pace.age or 0.0), pace.between)
            parts.append(f"about {duration(left)} left")
        return ", ".join(parts)

    @property
    def _pace(self) -> Pace:
        seconds = [record.seconds for record in self.found]
        return Pace.of(self.folder, sum(seconds) / len(seconds) if seconds else 0.0)

    def notes(self, *, live: bool = False, every_run: bool = False) -> list[str]:
        """Facts about runs that are not shown, one sentence each.

        ``live`` says how far a running sweep is, in place of the runs that are missing;
        ``every_run`` names those that a race has not judged, for readers who may look for them.
        """
        notes = []
        running = live and self.missing and self._pace.is_running
        if self.without_config:
            notes.append("config.yaml is missing: all runs are shown")
        if self.older_algorithm is not None:
            notes.append(
                f"trained by an older version of the algorithm ({self.older_algorithm}); "
                "`dropsweep run` trains them again"
            )
        if running:
            notes.append(self.progress())
        elif self.missing:
            runs = "planned run is" if self.missing == 1 else "planned runs are"
            notes.append(f"{self.missing} {runs} missing; `dropsweep run` trains what is missing")
        if self.failed:
            runs = "planned run has" if self.failed == 1 else "planned runs have"
            notes.append(
                f"{self.failed} {runs} failed, for the reasons in failed/; `dropsweep run` tries "
                "again"
            )
        later = len(self.found) - len(self.records)
        if later and (every_run or self.specs is None):
            runs = "run of a later seed is" if later == 1 else "runs of later seeds are"
            notes.append(f"{later} {runs} not part of the answer")
        if self.others:
            notes.append(self.others_note)
        told = self.damaged[:_TOLD_DAMAGED]
        notes += [f"{run_id} is left out: {reason}" for run_id, reason in told]
        if more := len(self.damaged) - len(told):
            notes.append(f"{more} more damaged run files are left out")
        return notes

    @property
    def others_note(self) -> str:
        """The sentence about runs that the config does not plan."""
        one = "run that config.yaml does not plan is"
        runs = one if self.others == 1 else "runs that config.yaml does not plan are"
        return f"{self.others} {runs} left out; `dropsweep show --all` takes in every run"

    def why_no_figure(self) -> str:
        """The reason where these records make no figure."""
        if not self.records:
            return "no finished runs"
        count = len(self.records)
        return "its only run diverged" if count == 1 else f"all {count} runs diverged"


def collect(
    folder: ResultsFolder,
    *,
    everything: bool = False,
    known: Mapping[str, RunRecord] | None = None,
) -> Collection:
    """Read the runs that the folder's ``config.yaml`` plans, or everything there is.

    A folder without a config, such as one merged from several machines' runs, is read whole. Runs
    of an older algorithm are read where not one planned run of the current algorithm is there.

    Parameters
    ----------
    known
        Records that have been read from files of the folder already, by id.

    Raises
    ------
    ResultsError
        If the config is there and cannot be used, unless ``everything``; or if a run file was
        written by a newer version.
    """
    resolved = _config(folder, needed=not everything)
    if everything or resolved is None:
        present = folder.run_ids()
        records, damaged = folder.read(present, known=known)
        return Collection(
            folder, resolved, records, None, frozenset(present), frozenset(folder.failed_ids()),
            damaged, without_config=not everything,
        )  # fmt: skip
    identity = resolved.dataset.identity or IDENTITIES.get(resolved.dataset.name, "")
    specs = config.specs(resolved, identity)
    specs = _of_algorithm_present(specs, set(folder.run_ids()))
    return collect_planned(folder, resolved, specs, known)


def collect_planned(
    folder: ResultsFolder,
    resolved: Config | None,
    specs: Sequence[RunSpec],
    known: Mapping[str, RunRecord] | None = None,
) -> Collection:
    """Read exactly these runs, which a config plans."""
    present = frozenset(folder.run_ids())  # before the files: what comes in between is noticed
    planned = {spec.run_id: spec for spec in specs}
    records, damaged = folder.read(planned, planned, known)
    failed = frozenset(folder.failed_ids())
    return Collection(folder, resolved, records, specs, present, failed, damaged)


def _of_algorithm_present(specs: list[RunSpec], present: set[str]) -> list[RunSpec]:
    """The specs, or those of the newest older algorithm, if only its runs are there."""
    if not present or any(spec.run_id in present for spec in specs):
        return specs
    for algorithm in range(ALGORITHM - 1, 0, -1):
        older = [replace(spec, algorithm=algorithm) for spec in specs]
        if any(spec.run_id in present for spec in older):
            return older
    return specs


def _config(folder: ResultsFolder, *, needed: bool) -> Config | None:
    if not folder.config.exists():
        return None
    try:
        return config.load(str(folder.config)).config
    except errors.ConfigError as cause:
        if not needed:
            return None
        raise errors.results_config_unusable(folder.config, cause) from cause
