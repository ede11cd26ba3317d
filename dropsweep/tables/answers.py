"""The answer of a sweep in short lines: the rate, its test, the fit, the scope, what to do next."""

from __future__ import annotations

import shlex
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dropsweep.analysis import (
    FEWEST_SEEDS,
    detectable_difference,
    earliest_end,
    format_p,
    format_setting,
    usual_spread,
)
from dropsweep.columns import FEW_SEEDS, decimals, difference_text, duration, with_spread
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY, format_rate, varying_keys
from dropsweep.tables.formats import NARROW
from dropsweep.terminal import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dropsweep.analysis import Difference, Findings, RaceState, Setting, SettingResult
    from dropsweep.records import DatasetSpec, Decision, RunRecord, RunSpec

WIDTH = 80
"""Characters per line where there is no terminal."""

_MOST_SETTINGS = 12
"""Settings with a line each; of a larger grid only the one with the highest accuracy has one."""

_POOLS = {CIFAR10_IDENTITY: 50_000, SYNTHETIC_IDENTITY: 5_000}
"""Images in the training batches of known data sets."""


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

    @classmethod
    def of(cls, folder: Path, missing: int) -> Place | None:
        """A results folder on this machine; None if it has no config that could be run again."""
        from dropsweep.executors import available_cpus

        if not (folder / "config.yaml").exists():
            return None
        return cls(str(folder), available_cpus(), missing)


def answer(findings: Findings, place: Place | None = None) -> list[Line]:
    """The lines under a table: the answer first.

    Without a ``place``, there is no command to suggest. No sentence claims more than
    ``analysis/README.md`` allows.
    """
    if not findings.records:
        return [Line("Answer", "None yet: no finished runs.")]
    lines = list(_answers(findings))
    if findings.choice is not None:
        lines += [*_test(findings), *_fit(findings)]
    return [*lines, *_scope(findings), *(_next(findings, place) if place else ())]


def answer_text(lines: Iterable[Line], width: int | None = None) -> str:
    """The lines as text: each label once, at the left; commands on lines of their own.

    On a narrow terminal a label stands above its lines, which then have room.
    """
    width = min(width or WIDTH, 100)
    narrow = width < NARROW
    indent = 2 if narrow else 8
    found: list[str] = []
    before = ""
    for line in lines:
        label = "" if line.label == before else line.label
        before = line.label
        if narrow and label:
            found.append(label)
            label = ""
        found += wrapped(f"{label:<{indent}}{line.text}", width, indent)
        if line.command:
            found.append(f"{'':<{indent + 2}}{line.command}")
    return "\n".join(found)


# --- Answer -------------------------------------------------------------------------------------


def _answers(findings: Findings) -> Iterator[Line]:
    """A line per sentence; of a grid, a line per setting, or that of the best of many settings."""
    if findings.choice is None:
        yield Line("Answer", "None: every run diverged.")
        return
    count = len(findings.settings)
    if count == 1:
        (only,) = findings.settings.items()
        yield from (Line("Answer", sentence) for sentence in _sentences(findings, *only))
    else:
        best, rate = format_setting(findings.choice.setting), format_rate(findings.choice.rate)
        yield Line(
            "Answer",
            f"Of {count} settings, {best} with rate {rate} has the highest validation accuracy. "
            "Settings are not tested against each other.",
        )
        chosen = findings.choice.setting
        for setting in sorted(findings.settings, key=lambda each: each != chosen):
            if count <= _MOST_SETTINGS or setting == chosen:
                found = _sentences(findings, setting, findings.settings[setting])
                yield Line("Answer", f"{format_setting(setting)}: {' '.join(found)}")
    if lost := len({each.setting for each in findings.summaries}) - count:
        yield Line("Answer", f"Every run diverged in {lost} {_count_noun(lost, 'setting')}.")


def _count_noun(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _sentences(findings: Findings, setting: Setting, result: SettingResult) -> Iterator[str]:
    if result.race is not None:
        yield from _of_race(findings, result, result.race)
        return
    of_setting = findings.by_setting[setting]
    choice = result.choice
    out = [each.rate for each in of_setting if each.diverged]
    survivors = ", of the runs that did not diverge" if choice.rate in out else ""
    if sum(bool(each.outcomes) for each in of_setting) > 1:
        yield from _of_seeds(findings, result)
    else:
        did = "was run" if len(of_setting) == 1 else "finished"
        yield f"Nothing to compare: only rate {format_rate(choice.rate)} {did}."
        yield (
            f"Its validation accuracy is {with_spread(choice.val)}{survivors}, "
            f"{_where(findings, choice.dataset)}."
        )
    if out and not survivors:
        yield _left_out(out)


def _left_out(rates: Sequence[float]) -> str:
    are, have = ("is", "it has") if len(rates) == 1 else ("are", "they have")
    return f"{_rates(rates, 'Rate')} {are} left out: {have} diverged runs."


def _of_seeds(findings: Findings, result: SettingResult) -> Iterator[str]:
    """The claim that a fixed number of seeds supports, and the rates beside the chosen one."""
    choice = result.choice
    where = _where(findings, choice.dataset)
    rate, difference = format_rate(choice.rate), findings.difference(choice.setting, choice.rate)
    if findings.summary(choice.setting, choice.rate).diverged:
        yield "Not settled: runs diverged."
        yield _highest(findings, result)
    elif difference is not None and difference.is_gain:
        yield f"Use rate {rate}: {_gain(findings, difference)} {where}."
        yield f"{_paired(difference)} show this gain ({_p(findings, difference)})."
        if tie := _tie(findings, result):
            yield f"{tie}."
    elif result.may_be_best == (choice.rate,) and not _has_few_seeds(result):
        yield f"Use rate {rate}: validation accuracy {with_spread(choice.val)} {where}."
    else:
        if _has_few_seeds(result):
            seeds = _paired_seeds(result)
            few = f"{seeds} {_count_noun(seeds, 'seed')}"
            baseline = format_rate(min([choice.rate, *(each.rate for each in result.rivals)]))
            yield (
                f"Not settled: {few} cannot show any difference to rate {baseline} "
                f"({FEWEST_SEEDS} can)."
            )
        elif difference is None:
            yield "Not settled: no rate is shown to be the best."
        else:
            yield (
                f"Not settled: {_paired(difference)} cannot separate rate {rate} from rate "
                f"{format_rate(difference.baseline)} ({_p(findings, difference)})."
            )
        tie = _tie(findings, result)
        yield f"{tie}, {where}." if tie else _highest(findings, result)
    yield from _beside(findings, result)


def _paired_seeds(result: SettingResult) -> int:
    return max((len(each.seeds) for each in result.rivals), default=0)


def _has_few_seeds(result: SettingResult) -> bool:
    """Return True if there are differences, of too few seeds for a two-sided p below 0.05."""
    return 0 < _paired_seeds(result) < FEWEST_SEEDS


def _tie(findings: Findings, result: SettingResult) -> str:
    """The rates with the same highest mean; empty where there is one."""
    choice = result.choice
    tied = [
        each.rate
        for each in result.rivals
        if each.estimate.mean == 0 and not _diverged(findings, each)
    ]
    if not tied:
        return ""
    return (
        f"A tie: {_rates(sorted([choice.rate, *tied]))} have the same mean validation accuracy, "
        f"{decimals(choice.val.mean)}"
    )


def _highest(findings: Findings, result: SettingResult) -> str:
    """The bare means, which claim nothing."""
    choice = result.choice
    difference = findings.difference(choice.setting, choice.rate)
    lost = findings.summary(choice.setting, choice.rate).diverged
    start = "Of the runs that did not diverge, rate" if lost else "Rate"
    gain = f", {_gain(findings, difference, said=bool(lost))}" if difference else ""
    return (
        f"{start} {format_rate(choice.rate)} has the highest validation accuracy, "
        f"{with_spread(choice.val)}{gain}, {_where(findings, choice.dataset)}."
    )


def _gain(findings: Findings, difference: Difference, *, said: bool = False) -> str:
    """``+0.020 ± 0.010 over rate 0.00``; ``said`` is whether the sentence speaks of survivors."""
    lost = findings.summary(difference.setting, difference.baseline).diverged
    baseline = format_rate(difference.baseline)
    survivors = " (of the runs that did not diverge)" if lost and not said else ""
    return f"{difference_text(difference.estimate)} over rate {baseline}{survivors}"


def _paired(difference: Difference) -> str:
    return f"{len(difference.seeds)} paired seeds"


def _p(findings: Findings, difference: Difference) -> str:
    """``p = 0.012, corrected for 6 comparisons``."""
    p, count = f"p {format_p(difference.p_corrected)}", findings.comparisons
    return p if count == 1 else f"{p}, corrected for {count} comparisons"


def _beside(findings: Findings, result: SettingResult) -> Iterator[str]:
    """The rates that may be best, are as good as the chosen one, or are shown to beat the lowest.

    They are the table's ``may_be_best`` and ``equivalent``, with any number of seeds.
    """
    choice, of = result.choice, ""
    of_setting = [each for each in findings.summaries if each.setting == choice.setting]
    if any(each.diverged for each in of_setting):
        survives = findings.summary(choice.setting, choice.rate).diverged
        of = "the runs that did not diverge" if survives else "the rates with no diverged run"
    if len(result.may_be_best) == len(of_setting):
        text = "every rate may be best"
    else:
        only = "only " if len(result.may_be_best) == 1 else ""
        text = f"{only}{_rates(result.may_be_best)} may be best (95 %)"
    yield f"Of {of}, {text}." if of else f"{text[0].upper()}{text[1:]}."
    yield from _equal(findings, result.equivalent)
    differences = [each for each in findings.differences if each.setting == choice.setting]
    gains = [e.rate for e in differences if e.is_gain and not _diverged(findings, e)]
    if gains and choice.rate not in gains and choice.rate != differences[0].baseline:
        baseline, are = format_rate(differences[0].baseline), "is" if len(gains) == 1 else "are"
        yield f"{_rates(gains, 'Rate')} {are} shown to be better than rate {baseline}."


def _equal(findings: Findings, rates: Sequence[float]) -> Iterator[str]:
    if rates:
        margin = f"{float(findings.decision.margin):g}"
        sure = ", 95 %" if findings.decision.auto else ""
        yield f"Equally good within {margin} (each tested by itself{sure}): {_rates(rates)}."


def _of_race(findings: Findings, result: SettingResult, race: RaceState) -> Iterator[str]:
    where = _where(findings, result.choice.dataset)
    if race.answer is not None:
        margin = f"{float(findings.decision.margin):g}"
        none = "of the rates with no diverged run, none" if race.diverged else "no rate of the list"
        yield (
            f"Use rate {format_rate(race.answer)}: {none} is better by {margin} or more {where} "
            "(95 %, however often you looked)."
        )
        yield f"Settled after {race.seeds} seeds."
        yield from _equal(findings, race.equal)
    elif race.status == "diverged":
        yield "None: every rate has a diverged run."
    else:
        yield f"Not settled {_reason(race)}."
        if race.seeds:
            of = " of those with no diverged run" if race.diverged else ""
            yield f"The best rate{of} is one of these (95 %): {_rates(race.in_race)} {where}."
    if race.left:
        by_seed: dict[int, list[float]] = {}
        for rate, seed in race.left:
            by_seed.setdefault(seed, []).append(rate)
        left = [f"{_rates(rates)} after {seed + 1} seeds" for seed, rates in by_seed.items()]
        yield f"Left the race: {_joined(left)}; another rate does at least as well."
    if race.diverged:
        yield _left_out([rate for rate, _ in race.diverged])


def _reason(race: RaceState) -> str:
    if race.status == "blocked" and race.failed is not None:
        rate, seed = race.failed
        return f"after {race.seeds} seeds: seed {seed} of rate {format_rate(rate)} failed"
    if race.status == "unsettled":
        return f"after {race.seeds} seeds, the most allowed"
    return f"after {race.seeds} {_count_noun(race.seeds, 'seed')}: runs are missing"


def _where(findings: Findings, dataset: DatasetSpec) -> str:
    """The images that a statement is about, which stand beside it."""
    examples = dataset.content.examples
    if _drawn(dataset):
        pool = _pool(findings.records)
        if pool is not None and pool < _POOLS[CIFAR10_IDENTITY]:
            return f"on {examples} of these {pool:,}"
        of = "training rows, by class shares" if dataset.content.title else "training batches"
        return f"on {examples} drawn from the {of}"
    sizes = f"{dataset.train_size:,} training and {dataset.val_size:,} validation"
    return f"on these {sizes} {examples}"


def _drawn(dataset: DatasetSpec) -> bool:
    return dataset.images == "drawn"


def _pool(records: Sequence[RunRecord]) -> int | None:
    """Images in the training batches that all runs drew from; None where it is not known.

    The records say it; older ones are of data sets whose number is known, or are silent.
    """
    pools = {
        record.environment.get("train_images") or _POOLS.get(record.spec.dataset.identity)
        for record in records
    }
    pool = pools.pop() if len(pools) == 1 else None
    return pool if isinstance(pool, int) else None


def _diverged(findings: Findings, difference: Difference) -> bool:
    """Return True if one of its two rates has diverged runs."""
    pair = (difference.rate, difference.baseline)
    return any(findings.summary(difference.setting, rate).diverged for rate in pair)


def _rates(rates: Iterable[float], noun: str = "rate") -> str:
    """``rate 0.50``, ``rates 0.25, 0.50 and 0.75``."""
    names = [format_rate(rate) for rate in rates]
    return f"{_count_noun(len(names), noun)} {_joined(names)}"


def _joined(texts: Sequence[str]) -> str:
    """``a``, ``a, b and c``."""
    *before, last = texts
    return f"{', '.join(before)} and {last}" if before else last


# --- Test, Fit, Scope ---------------------------------------------------------------------------


def _test(findings: Findings) -> Iterator[Line]:
    choice = findings.choice
    if choice is None:
        return
    if choice.test is None:
        if len(findings.summaries) > 1:
            examples = choice.dataset.content.examples
            yield Line(
                "Test",
                f"Not measured: no test {examples} were used. Expect a lower accuracy on new "
                f"{examples}.",
            )
        return
    count, examples = choice.test.count, choice.dataset.content.examples
    survived = findings.summary(choice.setting, choice.rate).diverged
    of = ", of the runs that did not diverge" if survived else ""
    if count == 1:
        of, spread = f", of this one net{of}", ""
    elif count < FEW_SEEDS:
        of, spread = f", mean of these {count} nets{of}", ""
    else:
        spread = f" The interval (±) includes seeds and {examples}."
    yield Line(
        "Test",
        f"{with_spread(choice.test)} at rate {format_rate(choice.rate)}, on "
        f"{choice.dataset.test_size:,} test {examples}{of}.{spread}",
    )


def _fit(findings: Findings) -> Iterator[Line]:
    choice = findings.choice
    found = [fit for fit in findings.fits if choice and fit.setting == choice.setting]
    words = {"overfits": "overfit", "underfits": "underfit", "borderline": "are borderline"}
    kinds = [
        f"{words[kind]} at {_span([(fit.rate, fit.kind == kind) for fit in found])}"
        for kind in ("overfits", "borderline", "underfits")
        if any(fit.kind == kind for fit in found)
    ]
    text = _joined(kinds) if kinds else "neither overfit nor underfit"
    dataset = choice.dataset if choice else findings.summaries[0].dataset
    sentences = [f"The nets {text}. The level of chance is {dataset.content.chance:.2f}."]
    if choice and (lost := _at_chance(findings, choice.setting)):
        sentences.append(f"At that level: {lost}.")
    fit = findings.fit(choice.setting, choice.rate) if choice else None
    if fit and fit.rising and fit.kind != "overfits":
        sentences.append(
            f"Rate {format_rate(fit.rate)} was still learning. More epochs may change the answer."
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
    """The rates marked True: ``every rate``, ``rate 0.99``, ``rates 0.00 to 0.80 and 0.95``."""
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
            f"Other {dataset.content.examples} may rank close rates differently. "
            "`dataset.images: drawn` includes this.",
        )
    if findings.choice.shared is not None and not findings.decision.auto:
        count = findings.choice.shared
        shared = f"the {count} {_count_noun(count, 'seed')} that all share"
        yield Line(
            "Scope",
            f"Rates have different seeds. The choice uses {shared}."
            if findings.choice.shared
            else "No seed finished at every rate: the means are of different seeds.",
        )
    tested = [each for each in findings.differences if each.p is not None]
    counts = (len(each.seeds) for each in findings.differences)
    if findings.decision.auto and max(counts, default=0) >= FEW_SEEDS:
        yield Line("Scope", "Intervals (±) are for a number of seeds fixed beforehand.")
    if tested:
        chosen = findings.choice.setting
        if detectable := findings.settings[chosen].detectable:
            seeds = min(len(each.seeds) for each in tested if each.setting == chosen)
            yield Line("Scope", f"{seeds} seeds can show a difference of about {detectable:.3f}.")
        yield Line(
            "Scope",
            "p is for a number of seeds fixed beforehand. To add seeds and look again, use "
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
    drawn = ""
    if all(map(_drawn, datasets)):
        pool = _pool(records)
        drawn = f", drawn for each seed{f' from {pool:,}' if pool else ''}"
        drawn += ", by class shares" * all(bool(each.content.title) for each in datasets)
    examples = " or ".join(sorted({each.content.examples for each in datasets}))
    return f"Data: {labels}; {train} training and {val} validation {examples}{drawn}."


def _range(sizes: Iterable[int]) -> str:
    found = sorted(set(sizes))
    return f"{found[0]:,}" if len(found) == 1 else f"{found[0]:,} to {found[-1]:,}"


# --- Next ---------------------------------------------------------------------------------------


def _next(findings: Findings, place: Place) -> Iterator[Line]:
    rerun = shlex.join(["dropsweep", "run", f"{place.folder}/config.yaml", "-o", place.folder])
    if findings.choice is None:
        smaller = min(each.spec.training.learning_rate for each in findings.records) / 10
        text = "Try a smaller learning rate:"
        yield Line("Next", text, f"{rerun} -s training.learning_rate={smaller:.3g}")
        return
    if findings.races:
        yield from _next_of_races(findings, place, rerun)
        return
    rates = max(
        sum(bool(each.outcomes) for each in findings.by_setting[setting])
        for setting in findings.settings
    )
    if rates == 1:
        yield Line("Next", "Add rates to dropout.rates, 0 among them, and run it again.")
    elif all(_is_sure(findings, setting) for setting in findings.settings):
        yield _settled(place, rerun)
    else:
        text = f"Add seeds until the answer is sure ({_least(findings, place)}):"
        yield Line("Next", text, f"{rerun} -s seeds=auto")


def _is_sure(findings: Findings, setting: Setting) -> bool:
    """Return True if the seeds leave one rate that may be best, with no diverged run."""
    result = findings.settings[setting]
    return (
        len(result.may_be_best) == 1
        and not _has_few_seeds(result)
        and not findings.summary(setting, result.choice.rate).diverged
    )


def _next_of_races(findings: Findings, place: Place, rerun: str) -> Iterator[Line]:
    races = findings.races.values()
    statuses = {race.status for race in races}
    if "blocked" in statuses:
        yield Line("Next", "Read the reason in failed/. Then try again:", rerun)
    elif "waiting" in statuses:
        runs = sum(len(race.missing) for race in races)
        yield Line(
            "Next",
            f"Continue the race (next seed: {_cost(findings, place, runs)}):",
            rerun,
        )
    elif "unsettled" in statuses:
        fewest = max(earliest_end(len(race.rates)) for race in races)
        more = 2 * max(findings.decision.max_seeds, fewest)
        yield Line(
            "Next",
            "Allow more seeds, or a larger decision.margin:",
            f"{rerun} -s decision.max_seeds={more}",
        )
    else:
        yield _settled(place, rerun)


def _settled(place: Place, rerun: str) -> Line:
    if place.missing:
        return Line("Next", "Train the planned runs that are missing or failed:", rerun)
    table = shlex.join(["dropsweep", "show", place.folder, "--format", "latex"])
    return Line("Next", "Nothing more to train. The table for a paper:", table)


def _least(findings: Findings, place: Place) -> str:
    """The fewest runs that ``seeds: auto`` takes from here: ``at least 21 more runs, ...``."""
    runs = 0
    for setting in findings.settings:
        of_setting = findings.by_setting[setting]
        seeds = earliest_end(len(of_setting))
        there = sum(seed < seeds for each in of_setting for seed in each.seeds)
        runs += max(seeds * len(of_setting) - there, 0)
    if not runs:
        return "finished runs count"
    return f"at least {_cost(findings, place, runs)}"


def _cost(findings: Findings, place: Place, runs: int) -> str:
    """``56 runs, about 4 min on 2 CPUs``."""
    mean = sum(record.seconds for record in findings.records) / len(findings.records)
    cpus = "1 CPU" if place.cpus == 1 else f"{place.cpus} CPUs"
    noun = "run" if runs == 1 else "runs"
    return f"{runs} more {noun}, about {duration(runs * mean / place.cpus)} on {cpus}"


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
        fewest = earliest_end(rates)
        if decision.max_seeds < fewest:
            return (
                f"Not to be settled: {rates} rates take at least {fewest} seeds, and "
                f"decision.max_seeds is {decision.max_seeds}."
            )
        return (
            f"Seeds are added until no rate{each} is better than the answer by {margin} or more: "
            f"at least {fewest} seeds, at most {decision.max_seeds}."
        )
    seeds = min(len(set.intersection(*by_rate.values())) for by_rate in settings.values())
    comparisons = sum(len(by_rate) - 1 for by_rate in settings.values())
    spread = usual_spread(min(spec.dataset.val_size for spec in specs))
    smallest = detectable_difference(seeds, comparisons, spread)
    noun = "seed" if seeds == 1 else "seeds"
    if smallest is None:
        return (
            f"{seeds} {noun} cannot show any difference between rates: use {FEWEST_SEEDS} or "
            "more, or `seeds: auto`."
        )
    return (
        f"{seeds} {noun} can show a difference of about {smallest:.3f}. For smaller ones use "
        "`seeds: auto`."
    )
