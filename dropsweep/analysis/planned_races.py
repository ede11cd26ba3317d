"""The races of a plan, one per setting, and the runs that they wait for."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from dropsweep.analysis.race import Race, earliest_end
from dropsweep.analysis.summary import images_right
from dropsweep.records import varying_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dropsweep.analysis.race import RaceState
    from dropsweep.analysis.settings import Setting
    from dropsweep.records import Decision, RunRecord, RunSpec


class PlannedRaces:
    """The races of a plan, one per setting: the runs that they wait for, in the plan's order.

    Parameters
    ----------
    specs
        Every run that may be asked for, seed by seed.
    """

    def __init__(self, specs: Sequence[RunSpec], decision: Decision) -> None:
        keys = varying_keys(specs)
        self._place: dict[str, int] = {}
        self._setting: dict[str, Setting] = {}
        self._specs: dict[Setting, dict[tuple[float, int], RunSpec]] = {}
        for place, spec in enumerate(specs):
            setting = tuple((key, spec.flat[key]) for key in keys)
            self._place[spec.run_id] = place
            self._setting[spec.run_id] = setting
            self._specs.setdefault(setting, {})[spec.rate, spec.seed] = spec
        self._races: dict[Setting, Race] = {}
        for setting, by_run in self._specs.items():
            rates = tuple(dict.fromkeys(rate for rate, _ in by_run))
            val_size = next(iter(by_run.values())).dataset.val_size
            self._races[setting] = Race(rates, val_size, decision)

    def add(self, record: RunRecord) -> None:
        """Take in a finished run."""
        spec = record.spec
        self._races[self._setting[record.run_id]].add(spec.rate, spec.seed, images_right(record))

    def fail(self, spec: RunSpec) -> None:
        """Take in that a run failed; it stops its race before its seed."""
        self._races[self._setting[spec.run_id]].fail(spec.rate, spec.seed)

    def setting_of(self, spec: RunSpec) -> Setting:
        """The setting whose race a run belongs to."""
        return self._setting[spec.run_id]

    def state(self, setting: Setting) -> RaceState:
        """The state of one race."""
        return self._races[setting].state()

    def waited_for(self) -> list[RunSpec]:
        """The runs without which a race cannot go on."""
        found = [
            self._specs[setting][run]
            for setting, race in self._races.items()
            for run in race.state().missing
        ]
        return sorted(found, key=self._order)

    def ahead(self) -> Iterator[RunSpec]:
        """Runs of later seeds, for idle workers."""
        return heapq.merge(
            *(
                map(self._specs[setting].__getitem__, race.ahead())
                for setting, race in self._races.items()
            ),
            key=self._order,
        )

    def certain(self) -> list[RunSpec]:
        """The runs that no race ends without, unless one of them diverges or fails."""
        later = [
            spec
            for spec in self.ahead()
            if spec.seed < earliest_end(len(self._races[self._setting[spec.run_id]].rates))
        ]
        return sorted([*self.waited_for(), *later], key=self._order)

    def possible(self) -> list[RunSpec]:
        """Every run that a race may still ask for: a rate that left may come back."""
        found = []
        for setting, race in self._races.items():
            state = race.state()
            if state.status in ("waiting", "blocked"):
                off = dict(state.diverged)
                found += [
                    spec
                    for run, spec in self._specs[setting].items()
                    if run[0] not in off and not race.has(*run)
                ]
        return sorted(found, key=self._order)

    def _order(self, spec: RunSpec) -> int:
        return self._place[spec.run_id]
