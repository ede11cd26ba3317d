"""Advice on seeds: the difference that a plan can show, and the next step after an answer."""

from __future__ import annotations

import shlex
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dropsweep.analysis import (
    FEWEST_SEEDS,
    detectable_difference,
    earliest_end,
    format_setting,
    usual_spread,
)
from dropsweep.columns.words import counted, duration
from dropsweep.records import varying_keys
from dropsweep.tables.claims import Claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dropsweep.analysis import Findings, Setting
    from dropsweep.collection import Collection
    from dropsweep.records import Decision, RunSpec


_USUAL_LEARNING_RATE = 5e-4
_SMALL_LEARNING_RATE = 1e-6  # a net that diverges with less has another cause


class Line(NamedTuple):
    """One line of the answer."""

    label: str
    """``Answer``, ``Test``, ``Fit``, ``Scope`` or ``Next``."""
    text: str
    command: str = ""
    """A command to paste, which is never wrapped."""


class Place(NamedTuple):
    """The results folder and the machine that a next command is for."""

    folder: str
    """Its path, as a command takes it."""
    cpus: int
    """CPUs that may be used."""
    missing: int = 0
    """Planned runs that are not there, failed ones among them."""
    unseen: tuple[str, ...] = ()
    """Planned settings without a finished run."""

    @classmethod
    def of(cls, collection: Collection) -> Place | None:
        """A results folder on this machine; None if it has no config that could be run again."""
        from dropsweep.executors import available_cpus

        folder = collection.folder
        if not folder.config.exists():
            return None
        specs = collection.specs if collection.absent else ()
        axes = varying_keys(specs or ())
        unseen = {_setting(spec, axes): None for spec in specs or ()}  # in the plan's order
        for record in collection.found if unseen else ():
            unseen.pop(_setting(record.spec, axes), None)
        names = tuple(map(format_setting, unseen))
        return cls(str(folder.path), available_cpus(), len(collection.absent), names)


def next_step(findings: Findings, place: Place) -> Line:
    """The line below an answer: a command that makes it surer, or says that it is sure."""
    rerun = shlex.join(["dropsweep", "run", f"{place.folder}/config.yaml", "-o", place.folder])
    if findings.choice is None:
        rate = min(each.spec.training.learning_rate for each in findings.records)
        if rate < _SMALL_LEARNING_RATE:
            small = "The learning rate is small already: try lower dropout rates, or a smaller "
            return Line("Next", f"{small}model.weight_scale.")
        smaller = rate / 10 if rate <= 1 else _USUAL_LEARNING_RATE
        text, options = "Try a smaller learning rate:", f" -s training.learning_rate={smaller:.3g}"
    elif findings.races:
        statuses = {race.status for race in findings.races.values()}
        if "blocked" in statuses:
            text, options = "Read the reason in failed/. Then try again:", ""
        elif "waiting" in statuses:
            runs = sum(len(race.missing) for race in findings.races.values())
            text = f"Continue the race (next seed: {_cost(findings, place, runs)}):"
            options = ""
        elif "unsettled" in statuses:
            fewest = max(earliest_end(len(race.rates)) for race in findings.races.values())
            more = 2 * max(findings.decision.max_seeds, fewest)
            text = "Allow more seeds, or a larger decision.margin:"
            options = f" -s decision.max_seeds={more}"
        else:
            return _settled(place, rerun)
    elif max(_finished_rates(findings, each) for each in findings.settings) == 1:
        return Line("Next", "Add rates to dropout.rates, 0 among them, and run it again.")
    elif all(Claims(findings, each).is_sure for each in findings.settings):
        return _settled(place, rerun)
    else:
        text = f"Add seeds until the answer is sure ({_least(findings, place)}):"
        options = " -s seeds=auto"
    return Line("Next", text, rerun + options)


def _finished_rates(findings: Findings, setting: Setting) -> int:
    return sum(bool(each.outcomes) for each in findings.by_setting[setting])


def _settled(place: Place, rerun: str) -> Line:
    if place.missing:
        return Line("Next", "Train the planned runs that are missing or failed:", rerun)
    table = shlex.join(["dropsweep", "show", place.folder, "--format", "latex"])
    return Line("Next", "Nothing more to train. The table for a paper:", table)


def _least(findings: Findings, place: Place) -> str:
    """The fewest runs that ``seeds: auto`` takes from here: ``at least 21 more runs, ...``."""
    runs = 0
    for of_setting in (findings.by_setting[setting] for setting in findings.settings):
        seeds = earliest_end(len(of_setting))
        there = sum(seed < seeds for each in of_setting for seed in each.seeds)
        runs += max(seeds * len(of_setting) - there, 0)
    return f"at least {_cost(findings, place, runs)}" if runs else "finished runs count"


def _cost(findings: Findings, place: Place, runs: int) -> str:
    """``56 more runs, about 4 min on 2 CPUs``."""
    mean = sum(record.seconds for record in findings.records) / len(findings.records)
    time = duration(runs * mean / place.cpus)
    return f"{counted(runs, 'more run')}, about {time} on {counted(place.cpus, 'CPU')}"


def can_show(specs: Sequence[RunSpec], decision: Decision) -> str:
    """The smallest difference that a plan can show, in a sentence, before anything is trained.

    Its spread between seeds is the usual one on CIFAR-10, therefore "about".
    """
    settings: dict[Setting, dict[float, set[int]]] = {}
    axes = [key for key in varying_keys(specs) if key != "dropout.keep_prob"]
    for spec in specs:
        by_rate = settings.setdefault(_setting(spec, axes), {})
        by_rate.setdefault(spec.rate, set()).add(spec.seed)
    rates = max(map(len, settings.values()), default=0)
    if rates < 2:
        return "One rate: nothing will be compared."
    margin = f"{float(decision.margin):g}"
    seeds_are = "In each setting seeds are" if len(settings) > 1 else "Seeds are"
    if decision.auto:
        rates = max(rates, len(decision.rates))
        fewest = earliest_end(rates)
        if decision.max_seeds < fewest:
            return (
                f"Not to be settled: {rates} rates take at least {fewest} seeds, and "
                f"decision.max_seeds is {decision.max_seeds}."
            )
        return (
            f"{seeds_are} added until no rate is better than the answer by {margin} or more: "
            f"at least {fewest} seeds, at most {decision.max_seeds}."
        )
    seeds = min(len(set.intersection(*by_rate.values())) for by_rate in settings.values())
    comparisons = sum(len(by_rate) - 1 for by_rate in settings.values())
    spread = usual_spread(min(spec.dataset.val_size for spec in specs))
    smallest = detectable_difference(seeds, comparisons, spread)
    said = counted(seeds, "seed")
    if smallest is None:
        return (
            f"{said} cannot show any difference between rates: use {FEWEST_SEEDS} or "
            "more, or `seeds: auto`."
        )
    return (
        f"{said} can show a difference of about {smallest:.3f}. For smaller ones use `seeds: auto`."
    )


def _setting(spec: RunSpec, axes: Iterable[str]) -> Setting:
    return tuple((key, attrgetter(key)(spec)) for key in axes)
