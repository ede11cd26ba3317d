"""The runs that a figure shows: those of one setting, or of a sweep along axes of its grid."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from dropsweep.analysis import find, format_value, summarize
from dropsweep.analysis.summary import candidates
from dropsweep.columns.words import FEW_SEEDS
from dropsweep.plots.style import USUAL, Look
from dropsweep.records import FIXED, varying_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from dropsweep.analysis import Difference, Findings, RateSummary, Setting
    from dropsweep.collection import Collection
    from dropsweep.records import Decision, NetArrays, RunRecord, RunSpec

    Verdict: TypeAlias = Literal["better", "worse", "cannot tell"]
    ReadKept: TypeAlias = Callable[[RunRecord], NetArrays | None]
    Answered: TypeAlias = "Sweep | Collection"

MOST_NETS = 8
"""Rates whose nets a figure shows: more rows or lines are not told apart."""

_WIDTH = ("model.hidden_sizes", "model.kept_units")
"""A run has one of these: layers of fixed width, or as wide as keeps so many units on average."""


def verdict(difference: Difference) -> Verdict:
    """The decision that the seeds allow: by the corrected p, or in a race by its interval."""
    if difference.always_valid is not None:
        low, high = difference.always_valid
        return "better" if low > 0 else "worse" if high < 0 else "cannot tell"
    if not difference.is_more_than_noise:
        return "cannot tell"
    return "better" if difference.is_gain else "worse"


def interval(difference: Difference) -> tuple[float, float] | None:
    """Ends of a difference's bar, in a race those that hold however often one looked.

    None with few seeds, or as long as a race excludes nothing.
    """
    estimate = difference.estimate
    if estimate.count < FEW_SEEDS or estimate.low is None or estimate.high is None:
        return None
    if difference.always_valid is None:
        return estimate.low, estimate.high
    low, high = difference.always_valid
    return None if low <= -1 or high >= 1 else (low, high)


def nothing_kept(record: RunRecord) -> None:
    """No run has kept parameters."""


@dataclass(frozen=True)
class Axis:
    """An axis of a grid as figures show it: a config key, or two keys for one thing."""

    keys: tuple[str, ...]
    """Dotted config keys."""

    @property
    def name(self) -> str:
        """Its name in figures."""
        return "hidden units" if self.keys == _WIDTH else self.keys[0]

    @property
    def stem(self) -> str:
        """Its name in the names of files."""
        return "+".join(self.keys)

    def value(self, setting: Setting) -> tuple[object, ...]:
        """The place of a setting on the axis."""
        return tuple(value for key, value in setting if key in self.keys)

    def words(self, setting: Setting) -> str:
        """The same in words: ``500``, or of widths ``100 units`` and ``100 kept``."""
        if self.keys != _WIDTH:
            return ", ".join(map(format_value, self.value(setting)))
        sizes, kept = self.value(setting)
        units, what = (sizes, "units") if kept is None else (kept, "kept")
        return f"{format_value(units).strip('[]')} {what}"


def axes_of(records: Sequence[RunRecord]) -> list[Axis]:
    """The axes of a sweep; both ways to give a width are one of them."""
    keys = varying_keys([record.spec for record in records])
    if not set(_WIDTH) <= set(keys):
        return [Axis((key,)) for key in keys]
    return [Axis(_WIDTH if key == _WIDTH[0] else (key,)) for key in keys if key != _WIDTH[1]]


@dataclass(frozen=True)
class Sweep:
    """All runs of a sweep, with what they mean, found when it is first asked for."""

    found: Sequence[RunRecord]
    decision: Decision = FIXED
    failed: Sequence[RunSpec] = ()
    """Planned runs that failed, which a race must not skip."""

    @property
    def records(self) -> Sequence[RunRecord]:
        """The runs that belong to the answer: all, or those that a race has judged."""
        return self.findings.records if self.decision.auto else self.found

    @functools.cached_property
    def findings(self) -> Findings:
        """The answer of the whole sweep."""
        return find(self.found, self.decision, self.failed)


@dataclass(frozen=True)
class View:
    """The runs that one figure shows, and the sweep that they are part of."""

    records: Sequence[RunRecord]
    """Of one setting; of the whole sweep for a figure along axes."""
    sweep: Answered
    setting: Setting = ()
    axes: tuple[Axis, ...] = ()
    """Of the grid, for a figure along axes."""
    kept: ReadKept = field(default=nothing_kept, repr=False)
    """Gives the arrays that were kept of a run's net, or None."""
    look: Look = USUAL

    @property
    def may_be_best(self) -> tuple[float, ...]:
        """Rates of the setting that may be the best; empty where no rate can be left out."""
        result = self.sweep.findings.settings.get(self.setting)
        among = {each.rate for each in candidates(self.summaries)}
        return () if result is None or among <= {*result.may_be_best} else result.may_be_best

    @functools.cached_property
    def summaries(self) -> list[RateSummary]:
        """Each rate's final accuracies."""
        whole = self.records is self.sweep.records
        return self.sweep.findings.summaries if whole else summarize(self.records)

    @property
    def several(self) -> bool:
        """True if a mean is of more than one seed, so that there are intervals."""
        return any(len(each.outcomes) > 1 for each in self.summaries)

    @property
    def diverged(self) -> bool:
        """True if a run diverged."""
        return any(each.diverged for each in self.summaries)

    @property
    def baseline(self) -> float | None:
        """The lowest rate that finished; None where every run diverged."""
        return min((each.rate for each in self.summaries if each.outcomes), default=None)

    def nets(
        self, seeds: int, is_usable: Callable[[NetArrays], bool]
    ) -> dict[float, list[tuple[RunRecord, NetArrays]]]:
        """Arrays kept of each rate's lowest seeds; rates without any are left out.

        Parameters
        ----------
        seeds
            Nets of a rate at most. Of more than `MOST_NETS` rates as many are taken, evenly spread.
        is_usable
            Whether a file holds the arrays to be drawn; others count as missing.
        """
        by_rate: dict[float, list[RunRecord]] = {}
        for record in sorted(self.records, key=lambda each: (each.spec.rate, each.spec.seed)):
            by_rate.setdefault(record.spec.rate, []).append(record)
        rates = list(by_rate)
        if len(rates) > MOST_NETS:
            at = np.linspace(0, len(rates) - 1, MOST_NETS).round().astype(int)
            rates = [rates[index] for index in at]
        found = {}
        for rate in rates:
            read = ((record, self.kept(record)) for record in by_rate[rate])
            nets = ((record, net) for record, net in read if net is not None and is_usable(net))
            if some := list(itertools.islice(nets, seeds)):
                found[rate] = some
        return found


@dataclass(frozen=True)
class Kind:
    """A kind of figure: all that a file in ``figures/`` declares, as its ``FIGURE``."""

    place: int
    """Figures are shown in this order."""
    question: str
    """The question that it answers."""
    needs: str
    """There is nothing to show without it."""
    draw: Callable[[View], Figure | None]
    """None where the runs have nothing to show."""
    caption: Callable[[View], str]
    """Sentences that explain bars, bands and marks, where there are any."""
    alt: Callable[[View], str]
    """Its values in words, for those who do not see it."""
    of: Literal["setting", "axis"] = "setting"
    """Drawn for each setting, or along each axis of the grid."""
    is_picture: bool = False
    """True if its colours mean something, so that a dark page does not change them."""
