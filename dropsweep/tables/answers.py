"""The answer of a sweep in short lines: the rate, its test, the fit, the scope, what to do next."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dropsweep.analysis import format_setting
from dropsweep.columns.words import FEW_SEEDS, counted, joined, with_spread
from dropsweep.records import format_rate
from dropsweep.tables.advice import Line, next_step
from dropsweep.tables.claims import Claims
from dropsweep.tables.formats import NARROW
from dropsweep.tables.scope import data_line, is_drawn
from dropsweep.terminal import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dropsweep.analysis import Choice, Findings, Setting
    from dropsweep.tables.advice import Place

WIDTH = 80
"""Characters per line where there is no terminal."""

_MOST_SETTINGS = 12
"""Settings with a line each; of a larger grid only the one with the highest accuracy has one."""


def answer(findings: Findings, place: Place | None = None) -> list[Line]:
    """The lines under a table: the answer first.

    Without a ``place``, there is no command to suggest. No sentence claims more than
    ``analysis/README.md`` allows.
    """
    if not findings.records:
        return [Line("Answer", "None yet: no finished runs.")]
    choice, lines = findings.choice, []
    if choice is None:
        lines.append(Line("Answer", "None: every run diverged."))
    else:
        lines += [Line("Answer", text) for text in _answers(findings, choice)]
    if place and place.unseen:
        lines.append(Line("Answer", f"No finished runs yet: {'; '.join(place.unseen)}."))
    if choice is not None:
        lines += [*_test(findings, choice), _fit(findings, choice)]
    lines += [Line("Scope", text) for text in _scope(findings, choice)]
    return [*lines, next_step(findings, place)] if place else lines


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


def _answers(findings: Findings, chosen: Choice) -> Iterator[str]:
    """A line per sentence; of a grid, a line per setting, or that of the best of many settings."""
    count = len(findings.settings)
    if count == 1:
        yield from Claims(findings, chosen.setting).sentences()
    else:
        best, rate = format_setting(chosen.setting), format_rate(chosen.rate)
        yield (
            f"Of {count} settings, {best} with rate {rate} has the highest validation accuracy. "
            "Settings are not tested against each other."
        )
        for setting in sorted(findings.settings, key=lambda each: each != chosen.setting):
            if count <= _MOST_SETTINGS or setting == chosen.setting:
                found = Claims(findings, setting).sentences()
                yield f"{format_setting(setting)}: {' '.join(found)}"
    if lost := len(findings.by_setting) - count:
        yield f"Every run diverged in {counted(lost, 'setting')}."


# --- Test, Fit, Scope ---------------------------------------------------------------------------


def _test(findings: Findings, choice: Choice) -> Iterator[Line]:
    examples = choice.dataset.content.examples
    if choice.test is None:
        if len(findings.summaries) > 1:
            text = f"Not measured: no test {examples} were used. Expect a lower accuracy on new "
            yield Line("Test", f"{text}{examples}.")
        return
    count, spread = choice.test.count, ""
    survived = findings.summary(choice.setting, choice.rate).diverged
    of = ", of the runs that did not diverge" if survived else ""
    if count == 1:
        of = f", of this one net{of}"
    elif count < FEW_SEEDS:
        of = f", mean of these {count} nets{of}"
    else:
        spread = f" The interval (±) includes seeds and {examples}."
    yield Line(
        "Test",
        f"{with_spread(choice.test)} at rate {format_rate(choice.rate)}, on "
        f"{choice.dataset.test_size:,} test {examples}{of}.{spread}",
    )


def _fit(findings: Findings, choice: Choice) -> Line:
    found = [fit for fit in findings.fits if fit.setting == choice.setting]
    words = {"overfits": "overfit", "borderline": "are borderline", "underfits": "underfit"}
    kinds = [
        f"{word} at {_span([(fit.rate, fit.kind == kind) for fit in found])}"
        for kind, word in words.items()
        if any(fit.kind == kind for fit in found)
    ]
    text = joined(kinds) if kinds else "neither overfit nor underfit"
    chance = choice.dataset.content.chance
    sentences = [f"The nets {text}. The level of chance is {chance:.2f}."]
    if lost := _at_chance(findings, choice.setting):
        sentences.append(f"At that level: {lost}.")
    fit = findings.fit(choice.setting, choice.rate)
    if fit and fit.rising and fit.kind != "overfits":
        sentences.append(
            f"Rate {format_rate(fit.rate)} was still learning. More epochs may change the answer."
        )
    return Line("Fit", " ".join(sentences))


def _at_chance(findings: Findings, setting: Setting) -> str:
    return ", ".join(
        f"rate {format_rate(each.rate)} ({len(each.at_chance)} of {len(each.outcomes)} seeds)"
        for each in findings.by_setting[setting]
        if each.at_chance
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


def _scope(findings: Findings, choice: Choice | None) -> Iterator[str]:
    yield data_line(findings.records)
    if choice is None:
        return
    result = findings.settings[choice.setting]
    if result.rivals and not is_drawn(choice.dataset):
        yield (
            f"Other {choice.dataset.content.examples} may rank close rates differently. "
            "`dataset.images: drawn` includes this."
        )
    if choice.shared is not None and not findings.decision.auto:
        yield (
            f"Rates have different seeds. The choice uses the {counted(choice.shared, 'seed')} "
            "that all share."
            if choice.shared
            else "No seed finished at every rate: the means are of different seeds."
        )
    counts = [len(each.seeds) for each in findings.differences]
    if findings.decision.auto and max(counts, default=0) >= FEW_SEEDS:
        yield "Intervals (±) are for a number of seeds fixed beforehand."
    tested = [each for each in findings.differences if each.p is not None]
    if tested:
        if result.detectable:
            seeds = min(len(each.seeds) for each in tested if each.setting == choice.setting)
            yield f"{seeds} seeds can show a difference of about {result.detectable:.3f}."
        if any(Claims(findings, each).is_beyond_p for each in findings.settings):
            yield "p is two-sided; the rates that may be best are found by a one-sided test."
        yield (
            "p is for a number of seeds fixed beforehand. To add seeds and look again, use "
            "`seeds: auto`."
        )
