"""The answer of a sweep in short lines: the rate, its test, the fit, the scope, what to do next."""

from __future__ import annotations

import shlex
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dropsweep.analysis import (
    CHANCE,
    FEWEST_SEEDS,
    detectable_difference,
    earliest_end,
    format_p,
    format_setting,
    usual_spread,
)
from dropsweep.columns import FEW_SEEDS, decimals, difference_text, with_spread
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY, format_rate, varying_keys
from dropsweep.tables.formats import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dropsweep.analysis import Difference, Findings, RaceState, Setting, SettingResult
    from dropsweep.records import DatasetSpec, Decision, RunRecord, RunSpec

WIDTH = 80
"""Characters per line where there is no terminal."""

_MOST_SETTINGS = 12
"""Of a larger grid, only the setting with the highest accuracy has its answer here."""

_POOLS = {CIFAR10_IDENTITY: 50_000, SYNTHETIC_IDENTITY: 5_000}
"""Training-batch images of the data sets whose number is known."""


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
    """Its path, for a command."""
    cpus: int
    """That may be used."""

    @classmethod
    def of(cls, folder: Path) -> Place:
        """A results folder on this machine."""
        from dropsweep.executors import available_cpus

        return cls(str(folder), available_cpus())


def answer(findings: Findings, place: Place | None = None) -> list[Line]:
    """The lines under a table: the answer first.

    Without a ``place``, there is no command to suggest. No sentence claims more than section
    "Statements" of ``analysis/README.md`` allows.
    """
    if not findings.records:
        return [Line("Answer", "None yet: no finished runs.")]
    lines = list(_answers(findings))
    if findings.choice is not None:
        lines += [*_test(findings), *_fit(findings)]
    return [*lines, *_scope(findings), *(_next(findings, place) if place else ())]


def answer_text(lines: Iterable[Line], width: int | None = None) -> str:
    """The lines as text: labels at the left, each once; commands on lines of their own."""
    found: list[str] = []
    before = ""
    for line in lines:
        label = "" if line.label == before else line.label
        before = line.label
        found += wrapped(f"{label:<8}{line.text}", min(width or WIDTH, 100), 8)
        if line.command:
            found.append(f"          {line.command}")
    return "\n".join(found)


# --- Answer -------------------------------------------------------------------------------------


def _answers(findings: Findings) -> Iterator[Line]:
    """One line per setting; of many settings, that of the best."""
    if findings.choice is None:
        yield Line("Answer", "None: every run diverged.")
        return
    several = len(findings.settings) > 1
    for setting, result in findings.settings.items():
        if len(findings.settings) > _MOST_SETTINGS and setting != findings.choice.setting:
            continue
        where = f"{format_setting(setting)}: " if several else ""
        yield Line("Answer", where + " ".join(_sentences(findings, setting, result)))
    if lost := len({each.setting for each in findings.summaries}) - len(findings.settings):
        yield Line("Answer", f"Every run diverged in {lost} {_settings(lost)}.")
    if several:
        best = format_setting(findings.choice.setting)
        yield Line(
            "Answer",
            f"Of these {len(findings.settings)} settings, {best} has the highest validation "
            "accuracy; settings are not tested against each other.",
        )


def _settings(count: int) -> str:
    return "setting" if count == 1 else "settings"


def _sentences(findings: Findings, setting: Setting, result: SettingResult) -> Iterator[str]:
    if result.race is not None:
        yield from _of_race(findings, result, result.race)
        return
    of_setting = findings.by_setting[setting]
    finished = [each for each in of_setting if each.outcomes]
    rate, val = format_rate(result.choice.rate), with_spread(result.choice.val)
    out = [each.rate for each in of_setting if each.diverged]
    survivors = ", of the runs that did not diverge" if result.choice.rate in out else ""
    if len(of_setting) == 1:
        yield f"Only rate {rate} was run: {val} on validation{survivors}. It is compared with none."
        return
    if len(finished) == 1:
        yield f"Only rate {rate} finished: {val} on validation{survivors}."
        return
    yield from _of_seeds(findings, result)
    if out and not survivors:
        yield f"Left out, because runs diverged: {_rates(out)}."


def _of_seeds(findings: Findings, result: SettingResult) -> Iterator[str]:
    """A fixed number of seeds."""
    choice = result.choice
    seeds = max((len(each.seeds) for each in result.rivals), default=0)
    tied = [
        each.rate
        for each in result.rivals
        if each.estimate.mean == 0 and not _diverged(findings, each)
    ]
    if tied:
        yield (
            f"A tie: {_rates(sorted([choice.rate, *tied]))} have the same mean validation "
            f"accuracy, {decimals(choice.val.mean)}, {_where(choice.dataset)}."
        )
    if 0 < seeds < FEWEST_SEEDS:
        few = "1 seed" if seeds == 1 else f"{seeds} seeds"
        yield f"Not settled: {few} cannot show any difference between rates ({FEWEST_SEEDS} can)."
        if not tied:
            yield _highest(findings, result)
        return
    yield _claim(findings, result, beside="" if tied else f" {_where(choice.dataset)}")
    yield from _beside(findings, result)


def _claim(findings: Findings, result: SettingResult, beside: str) -> str:
    """The claim that enough seeds support; ``beside`` it stand the images it is about."""
    choice = result.choice
    rate, difference = format_rate(choice.rate), findings.difference(choice.setting, choice.rate)
    if findings.summary(choice.setting, choice.rate).diverged:
        return f"Not settled, because runs diverged. {_highest(findings, result)}"
    if difference is not None and difference.is_gain:
        gain, shown = _gain(findings, difference), _shown_by(findings, difference)
        return f"Use rate {rate}: {gain}{beside}, shown by {shown}."
    if result.may_be_best == (choice.rate,):
        return f"Use rate {rate}: {with_spread(choice.val)} on validation,{beside}."
    if difference is None:
        return f"Not settled. {_highest(findings, result)}"
    return (
        f"Not settled. Rate {rate} has the highest validation accuracy, "
        f"{with_spread(choice.val)}, but its {_gain(findings, difference)}{beside} is not shown by "
        f"{_shown_by(findings, difference)}."
    )


def _highest(findings: Findings, result: SettingResult) -> str:
    """The bare means, which claim nothing."""
    choice = result.choice
    difference = findings.difference(choice.setting, choice.rate)
    gain = f", {_gain(findings, difference)}" if difference else ""
    lost = findings.summary(choice.setting, choice.rate).diverged
    start = "Of the runs that did not diverge, rate" if lost else "Rate"
    return (
        f"{start} {format_rate(choice.rate)} has the highest validation accuracy, "
        f"{with_spread(choice.val)}{gain}, {_where(choice.dataset)}."
    )


def _gain(findings: Findings, difference: Difference) -> str:
    """``+0.020 ± 0.010 over rate 0.00``."""
    lost = findings.summary(difference.setting, difference.baseline).diverged
    baseline = format_rate(difference.baseline)
    survivors = " (of the runs that did not diverge)" if lost else ""
    return f"{difference_text(difference.estimate)} over rate {baseline}{survivors}"


def _shown_by(findings: Findings, difference: Difference) -> str:
    """``8 paired seeds (p = 0.012, corrected for 6 comparisons)``."""
    p, count = f"p {format_p(difference.p_corrected)}", findings.comparisons
    corrected = "" if count == 1 else f", corrected for {count} comparisons"
    return f"{len(difference.seeds)} paired seeds ({p}{corrected})"


def _beside(findings: Findings, result: SettingResult) -> Iterator[str]:
    """The other rates that may be as good, are as good, or are shown to be better than none."""
    choice, of = result.choice, ""
    if any(each.diverged for each in findings.summaries if each.setting == choice.setting):
        survives = findings.summary(choice.setting, choice.rate).diverged
        of = "the runs that did not diverge" if survives else "the rates with no diverged run"
    if [rate for rate in result.may_be_best if rate != choice.rate]:
        these = f"Of {of}, these may" if of else "These may"
        yield f"{these} be best (95 %): {_rates(result.may_be_best)}."
    else:
        yield f"{f'Of {of}, no' if of else 'No'} other rate may be best (95 %)."
    if result.equivalent:
        margin = f"{float(findings.decision.margin):g}"
        yield f"Equally good within {margin} (each taken alone): {_rates(result.equivalent)}."
    of_setting = [each for each in findings.differences if each.setting == choice.setting]
    gains = [e.rate for e in of_setting if e.is_gain and not _diverged(findings, e)]
    if gains and choice.rate not in gains and choice.rate != of_setting[0].baseline:
        baseline = format_rate(of_setting[0].baseline)
        yield f"Shown to be better than rate {baseline}: {_rates(gains)}."


def _of_race(findings: Findings, result: SettingResult, race: RaceState) -> Iterator[str]:
    margin, where = f"{float(findings.decision.margin):g}", _where(result.choice.dataset)
    rates = "with no diverged run" if race.diverged else "of the list"
    if race.answer is not None:
        yield (
            f"Use rate {format_rate(race.answer)}: no rate {rates} is better by {margin} or more "
            f"{where} (95 %, however often you looked; {race.seeds} seeds)."
        )
        if race.equal:
            yield f"Equally good within {margin} (each by itself, 95 %): {_rates(race.equal)}."
    elif race.status == "diverged":
        yield "None: every rate has a diverged run."
    else:
        yield f"Not settled {_reason(race)}."
        if race.seeds:
            of = " of those with no diverged run" if race.diverged else ""
            yield f"The best rate{of} is one of these (95 %): {_rates(race.in_race)} {where}."
    if race.left:
        left = ", ".join(f"{format_rate(rate)} (after seed {seed})" for rate, seed in race.left)
        noun = "rate" if len(race.left) == 1 else "rates"
        yield f"Left the race, because another rate does at least as well: {noun} {left}."
    if race.diverged:
        yield f"Left out, because runs diverged: {_rates(rate for rate, _ in race.diverged)}."


def _reason(race: RaceState) -> str:
    if race.status == "blocked" and race.failed is not None:
        rate, seed = race.failed
        return f"after {race.seeds} seeds: seed {seed} of rate {format_rate(rate)} failed"
    if race.status == "unsettled":
        return f"at {race.seeds} seeds, the most allowed"
    return f"after {race.seeds} {'seed' if race.seeds == 1 else 'seeds'}: runs are missing"


def _where(dataset: DatasetSpec) -> str:
    """The images that a statement is about, which stand beside it."""
    if _drawn(dataset):
        if _POOLS.get(dataset.identity) == _POOLS[SYNTHETIC_IDENTITY]:
            return f"on images of these {_POOLS[dataset.identity]:,}"
        return "on images drawn from the training batches"
    return f"on these {dataset.train_size:,} training and {dataset.val_size:,} validation images"


def _drawn(dataset: DatasetSpec) -> bool:
    return getattr(dataset, "images", "first") == "drawn"


def _diverged(findings: Findings, difference: Difference) -> bool:
    """One of its two rates has diverged runs."""
    pair = (difference.rate, difference.baseline)
    return any(findings.summary(difference.setting, rate).diverged for rate in pair)


def _rates(rates: Iterable[float]) -> str:
    """``rate 0.50``, ``rates 0.25, 0.50 and 0.75``."""
    found = list(rates)
    return f"rate{'s' * (len(found) > 1)} {_listed(found)}"


def _listed(rates: Iterable[float]) -> str:
    """``0.50``, ``0.25, 0.50 and 0.75``."""
    *names, last = [format_rate(rate) for rate in rates]
    return f"{', '.join(names)} and {last}" if names else last


# --- Test, Fit, Scope ---------------------------------------------------------------------------


def _test(findings: Findings) -> Iterator[Line]:
    choice = findings.choice
    if choice is None:
        return
    if choice.test is None:
        if len(findings.summaries) > 1:
            yield Line("Test", "None: no test images checked this choice. Expect less on new ones.")
        return
    images = f"{choice.dataset.test_size:,} test images"
    at = f"rate {format_rate(choice.rate)}"
    survived = findings.summary(choice.setting, choice.rate).diverged
    whose = f"{at}, of the runs that did not diverge" if survived else at
    if choice.test.count < FEW_SEEDS:
        nets = "this one net" if choice.test.count == 1 else f"these {choice.test.count} nets"
        yield Line("Test", f"{with_spread(choice.test)} on {images}, of {nets} at {whose}.")
    else:
        text = f"{with_spread(choice.test)} on {images} at {whose}; ± is over seeds and images."
        yield Line("Test", text)


def _fit(findings: Findings) -> Iterator[Line]:
    choice = findings.choice
    found = [fit for fit in findings.fits if choice and fit.setting == choice.setting]
    words = {"overfits": "overfit", "underfits": "underfit", "borderline": "are borderline"}
    kinds = [
        f"{words[kind]} at {_span([(fit.rate, fit.kind == kind) for fit in found])}"
        for kind in ("overfits", "borderline", "underfits")
        if any(fit.kind == kind for fit in found)
    ]
    text = ", ".join(kinds) if kinds else "neither overfit nor underfit"
    sentences = [f"The nets {text}. The level of chance is {CHANCE:.2f}."]
    if choice and (lost := _at_chance(findings, choice.setting)):
        sentences.append(f"Not above it: {lost}.")
    fit = findings.fit(choice.setting, choice.rate) if choice else None
    if fit and fit.rising and fit.kind != "overfits":
        sentences.append(
            f"Rate {format_rate(fit.rate)} was still learning: more epochs may change the answer."
        )
    yield Line("Fit", " ".join(sentences))


def _at_chance(findings: Findings, setting: Setting) -> str:
    """``rate 0.99 (3 of 8 seeds)``."""
    return ", ".join(
        f"rate {format_rate(each.rate)} ({len(each.at_chance)} of {len(each.outcomes)} seeds)"
        for each in findings.summaries
        if each.setting == setting and each.at_chance
    )


def _span(rates: Sequence[tuple[float, bool]]) -> str:
    """The rates that are so: ``every rate``, ``rate 0.99``, ``rates 0.00 to 0.80 and 0.95``."""
    if all(each for _, each in rates) and len(rates) > 1:
        return "every rate"
    spans = []
    for so, group in groupby(rates, key=lambda each: each[1]):
        names = [format_rate(rate) for rate, _ in group]
        if so:
            spans.append(names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}")
    single = len(spans) == 1 and " to " not in spans[0]
    return f"rate{'' if single else 's'} {' and '.join(spans)}"


def _scope(findings: Findings) -> Iterator[Line]:
    dataset = findings.choice.dataset if findings.choice else findings.summaries[0].dataset
    yield Line("Scope", data_line(findings.records))
    if findings.choice is None:
        return
    compared = len(findings.settings[findings.choice.setting].rivals) > 0
    if compared and not _drawn(dataset):
        yield Line(
            "Scope",
            "Other images may rank close rates differently; `dataset.images: drawn` includes that.",
        )
    if findings.choice.shared is not None and not findings.decision.auto:
        seeds = "seed" if findings.choice.shared == 1 else "seeds"
        shared = f"the {findings.choice.shared} {seeds} that all share"
        yield Line(
            "Scope",
            f"Rates have different seeds; the choice is by {shared}."
            if findings.choice.shared
            else "No seed finished at every rate: the means are of different seeds.",
        )
    tested = [each for each in findings.differences if each.p is not None]
    if tested:
        detectable = findings.settings[findings.choice.setting].detectable
        seeds = f"{max(len(each.seeds) for each in tested)} seeds"
        can = f"{seeds} can show a difference of about {detectable:.3f}. " if detectable else ""
        yield Line(
            "Scope",
            f"{can}p is for a number of seeds fixed beforehand: to add seeds and look again, use "
            "`seeds: auto`.",
        )


def data_line(records: Sequence[RunRecord]) -> str:
    """The data that the runs were trained on; empty without runs."""
    if not records:
        return ""
    datasets = {record.spec.dataset for record in records}
    labels = ", ".join(sorted({dataset.label for dataset in datasets}))
    train = _range(dataset.train_size for dataset in datasets)
    val = _range(dataset.val_size for dataset in datasets)
    drawn = ", drawn for each seed" if all(map(_drawn, datasets)) else ""
    return f"Data: {labels}; {train} training and {val} validation images{drawn}."


def _range(sizes: Iterable[int]) -> str:
    found = sorted(set(sizes))
    return f"{found[0]:,}" if len(found) == 1 else f"{found[0]:,} to {found[-1]:,}"


# --- Next ---------------------------------------------------------------------------------------


def _next(findings: Findings, place: Place) -> Iterator[Line]:
    if findings.choice is None:
        yield Line("Next", "Try a smaller training.learning_rate.")
        return
    rerun = shlex.join(["dropsweep", "run", f"{place.folder}/config.yaml", "-o", place.folder])
    if findings.races:
        yield from _next_of_races(findings, place, rerun)
        return
    rates = max(
        sum(bool(each.outcomes) for each in findings.by_setting[setting])
        for setting in findings.settings
    )
    if rates == 1:
        yield Line("Next", "Give dropout.rates several rates, 0 among them, and run it again.")
    elif all(_is_sure(findings, setting) for setting in findings.settings):
        table = shlex.join(["dropsweep", "show", place.folder, "--format", "latex"])
        yield Line("Next", "Nothing to train. The table for a paper:", table)
    else:
        text = f"Add seeds until it is sure{_least(findings, place)}:"
        yield Line("Next", text, f"{rerun} -s seeds=auto")


def _is_sure(findings: Findings, setting: Setting) -> bool:
    """One rate may be best, and no other; none of its runs diverged, and seeds are enough."""
    result = findings.settings[setting]
    chosen = findings.summary(setting, result.choice.rate)
    enough = len(chosen.seeds) >= FEWEST_SEEDS and not chosen.diverged
    return enough and len(result.may_be_best) == 1


def _next_of_races(findings: Findings, place: Place, rerun: str) -> Iterator[Line]:
    races = findings.races.values()
    statuses = {race.status for race in races}
    if "blocked" in statuses:
        yield Line("Next", "Look into failed/ for the reason; then try again and go on:", rerun)
    elif "waiting" in statuses:
        runs = sum(len(race.missing) for race in races)
        yield Line(
            "Next",
            f"Go on with the race ({_cost(findings, place, runs)} for the next seed):",
            rerun,
        )
    elif "unsettled" in statuses:
        more = 2 * findings.decision.max_seeds
        yield Line(
            "Next",
            "Allow more seeds, or a larger decision.margin:",
            f"{rerun} -s decision.max_seeds={more}",
        )
    else:
        table = shlex.join(["dropsweep", "show", place.folder, "--format", "latex"])
        yield Line("Next", "Nothing to train. The table for a paper:", table)


def _least(findings: Findings, place: Place) -> str:
    """The fewest runs that ``seeds: auto`` takes from here."""
    runs = 0
    for setting in findings.settings:
        of_setting = findings.by_setting[setting]
        seeds = earliest_end(len(of_setting))
        there = sum(seed < seeds for each in of_setting for seed in each.seeds)
        runs += max(seeds * len(of_setting) - there, 0)
    if not runs:
        return " (finished runs count)"
    return f" (at least {_cost(findings, place, runs)})"


def _cost(findings: Findings, place: Place, runs: int) -> str:
    """``56 runs, about 4 min on 2 CPUs``."""
    mean = sum(record.seconds for record in findings.records) / len(findings.records)
    cpus = "1 CPU" if place.cpus == 1 else f"{place.cpus} CPUs"
    noun = "run" if runs == 1 else "runs"
    return f"{runs} more {noun}, about {_duration(runs * mean / place.cpus)} on {cpus}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


# --- before training ----------------------------------------------------------------------------


def can_show(specs: Sequence[RunSpec], decision: Decision) -> str:
    """The smallest difference that a plan can show, in a sentence, before anything is trained.

    Its spread between seeds is the usual one on CIFAR-10, therefore "about".
    """
    settings: dict[tuple[object, ...], dict[float, set[int]]] = {}
    axes = [attrgetter(key) for key in varying_keys(specs) if key != "dropout.keep_prob"]
    for spec in specs:
        key = tuple(value(spec) for value in axes)
        settings.setdefault(key, {}).setdefault(spec.rate, set()).add(spec.seed)
    rates = max(map(len, settings.values()), default=0)
    if rates < 2:
        return "One rate: nothing will be compared."
    margin = f"{float(decision.margin):g}"
    each = " of each setting" if len(settings) > 1 else ""
    if decision.auto:
        rates = max(rates, len(decision.rates))
        return (
            f"Seeds are added until no rate{each} is better than the answer by {margin} or more: "
            f"at least {earliest_end(rates)} seeds, at most {decision.max_seeds}."
        )
    seeds = min(len(set.intersection(*by_rate.values())) for by_rate in settings.values())
    comparisons = sum(len(by_rate) - 1 for by_rate in settings.values())
    spread = usual_spread(min(spec.dataset.val_size for spec in specs))
    smallest = detectable_difference(seeds, comparisons, spread)
    noun = "seed" if seeds == 1 else "seeds"
    if smallest is None:
        return (
            f"{seeds} {noun} cannot show any difference between rates: {FEWEST_SEEDS} can, or "
            "`seeds: auto`."
        )
    return (
        f"{seeds} {noun} can show a difference of about {smallest:.3f}; smaller ones: "
        "`seeds: auto`."
    )
