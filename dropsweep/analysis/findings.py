"""All that a sweep's records say about its question, found once for every reader."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dropsweep.analysis.comparisons import may_be_best, paired, rivals, tested
from dropsweep.analysis.learning import fits
from dropsweep.analysis.planning import detectable_difference, pooled_spread
from dropsweep.analysis.race import races
from dropsweep.analysis.settings import by_setting
from dropsweep.analysis.summary import candidates, select, summarize
from dropsweep.records import FIXED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dropsweep.analysis.comparisons import Difference
    from dropsweep.analysis.learning import Fit
    from dropsweep.analysis.race import Race, RaceState
    from dropsweep.analysis.settings import Setting
    from dropsweep.analysis.summary import Choice, RateSummary
    from dropsweep.records import Decision, RunRecord, RunSpec


@dataclass(frozen=True)
class SettingResult:
    """The answer of one setting, and how sure it is."""

    choice: Choice
    """Of the rates of this setting; the answer of a settled race."""
    may_be_best: tuple[float, ...]
    """Rates that may be the best (95 %); of a race, those still in it."""
    equivalent: tuple[float, ...]
    """Rates equal to the chosen one within the margin, each taken by itself."""
    detectable: float | None
    """The smallest difference that these seeds can show; None with too few, and of a race."""
    rivals: list[Difference]
    """Differences of the other rates to the chosen one, without p; `may_be_best` tests them."""
    race: RaceState | None
    """None where the number of seeds is fixed."""


@dataclass(frozen=True)
class Findings:
    """The best rate, by how much, how sure that is, and how the nets fit."""

    records: Sequence[RunRecord]
    """The runs that belong to the answer: all, or those that a race has judged."""
    decision: Decision
    summaries: list[RateSummary]
    choice: Choice | None
    """None where no run finished."""
    differences: list[Difference]
    fits: list[Fit]
    settings: Mapping[Setting, SettingResult]
    """By setting, in order; those with a finished run."""
    races: Mapping[Setting, RaceState]
    """By setting, where seeds are added until the answer is sure; else empty."""

    @property
    def chosen(self) -> SettingResult | None:
        """That of the chosen setting."""
        return None if self.choice is None else self.settings[self.choice.setting]

    @property
    def rivals(self) -> list[Difference]:
        """Of the chosen setting's other rates to the chosen one."""
        return [] if self.chosen is None else self.chosen.rivals

    @property
    def comparisons(self) -> int:
        """The number of differences tested; where all are of a single seed, of all differences."""
        return sum(each.p is not None for each in self.differences) or len(self.differences)

    @property
    def axes(self) -> tuple[str, ...]:
        """Dotted keys that tell settings apart."""
        return tuple(key for key, _ in self.summaries[0].setting) if self.summaries else ()

    def summary(self, setting: Setting, rate: float) -> RateSummary:
        """That of one rate in one setting."""
        return self._summary_of[setting, rate]

    def difference(self, setting: Setting, rate: float) -> Difference | None:
        """That of one rate in one setting; None of a baseline."""
        return self._difference_of.get((setting, rate))

    def fit(self, setting: Setting, rate: float) -> Fit | None:
        """That of one rate in one setting; None where no run finished."""
        return self._fit_of.get((setting, rate))

    @functools.cached_property
    def by_setting(self) -> dict[Setting, list[RateSummary]]:
        """The summaries of each setting, in order."""
        groups = itertools.groupby(self.summaries, key=lambda each: each.setting)
        return {setting: list(group) for setting, group in groups}

    @functools.cached_property
    def _summary_of(self) -> dict[tuple[Setting, float], RateSummary]:
        return {(each.setting, each.rate): each for each in self.summaries}

    @functools.cached_property
    def _difference_of(self) -> dict[tuple[Setting, float], Difference]:
        return {(each.setting, each.rate): each for each in self.differences}

    @functools.cached_property
    def _fit_of(self) -> dict[tuple[Setting, float], Fit]:
        return {(each.setting, each.rate): each for each in self.fits}


def find(
    records: Sequence[RunRecord], decision: Decision = FIXED, failed: Collection[RunSpec] = ()
) -> Findings:
    """Everything, from all the records of a sweep.

    Parameters
    ----------
    decision
        With ``auto`` each setting is a race. Runs that it has not judged are left out; before its
        first seed is judged, all are shown.
    failed
        Specs of planned runs that failed, which a race must not skip.
    """
    running = races(records, decision, failed) if decision.auto else {}
    states = {setting: race.state() for setting, race in running.items()}
    records = _judged(records, states)
    summaries = summarize(records)
    among = {setting: _contenders(state) for setting, state in states.items()}
    compared = paired(summaries)
    if running:
        compared = [_always_valid(each, running[each.setting]) for each in compared]
    else:
        compared = tested(compared)
    settings = {}
    compared_in: dict[Setting, list[Difference]] = {}
    for each in compared:
        compared_in.setdefault(each.setting, []).append(each)
    for setting, group in itertools.groupby(summaries, key=lambda each: each.setting):
        of_setting = list(group)
        if choice := select(of_setting, among):
            race = running.get(setting)
            to_chosen = rivals(of_setting, choice)
            if race is None:
                settings[setting] = SettingResult(
                    choice,
                    may_be_best(of_setting),
                    _equivalent(of_setting, to_chosen, decision),
                    _detectable(compared_in.get(setting, ()), len(compared)),
                    to_chosen,
                    None,
                )
            else:
                state = states[setting]
                settings[setting] = SettingResult(
                    choice, state.in_race, state.equal, None, to_chosen, state
                )
    return Findings(
        records,
        decision,
        summaries,
        select(summaries, among),
        compared,
        fits(records),
        settings,
        states,
    )


def _judged(
    records: Sequence[RunRecord], states: Mapping[Setting, RaceState]
) -> Sequence[RunRecord]:
    """The records that belong to the answer: all of a setting without a race, or not yet begun."""
    if not states:
        return records
    belong = {
        run.run_id
        for setting, runs in by_setting(records).items()
        for run in runs
        if not states[setting].seeds or states[setting].counts(run.spec.rate, run.spec.seed)
    }
    return [run for run in records if run.run_id in belong]


def _contenders(state: RaceState) -> tuple[float, ...]:
    """Rates that a race leaves to choose from; empty where it has judged nothing."""
    if not state.seeds:
        return ()
    return state.in_race if state.answer is None else (state.answer,)


def _always_valid(difference: Difference, race: Race) -> Difference:
    return replace(difference, always_valid=race.interval(difference.rate, difference.baseline))


def _equivalent(
    of_setting: Sequence[RateSummary], to_chosen: Sequence[Difference], decision: Decision
) -> tuple[float, ...]:
    rates = {each.rate for each in candidates(of_setting)}
    return tuple(
        each.rate for each in to_chosen if each.rate in rates and each.is_within(decision.margin)
    )


def _detectable(compared: Sequence[Difference], comparisons: int) -> float | None:
    spread = pooled_spread(compared)
    if spread is None:
        return None
    seeds = min(len(each.seeds) for each in compared if len(each.seeds) > 1)
    return detectable_difference(seeds, comparisons, spread)
