"""The answer in one sentence: which rate, by how much, how sure that is, how the nets fit."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dropsweep.analysis import FEWEST_SEEDS, format_p, format_setting
from dropsweep.records import format_rate
from dropsweep.tables.formats import plus_minus, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Choice, Difference, Findings, Fit


def headline(findings: Findings) -> str:
    """The answer in one sentence: which rate, by how much, how sure that is, how the nets fit."""
    choice = findings.choice
    if choice is None:
        return "Every run diverged." if findings.records else "No finished runs."
    clauses = [_answer(findings, choice), _on_test(findings, choice), _fits(findings, choice)]
    return "; ".join(clause for clause in clauses if clause) + "."


def _answer(findings: Findings, choice: Choice) -> str:
    where = f" at {format_setting(choice.setting)}" if choice.setting else ""
    rate, val = f"rate {format_rate(choice.rate)}{where}", plus_minus(choice.val)
    if len(findings.summaries) == 1:
        return f"{rate.capitalize()} alone was run: {val} on validation"
    if sum(bool(each.outcomes) for each in findings.summaries) == 1:
        return f"{rate.capitalize()} alone finished: {val} on validation"
    difference = findings.difference(choice.setting, choice.rate)
    if difference is None:
        return f"{rate.capitalize()} was best on validation, {val}{_runner_up(findings, choice)}"
    gain = f"{signed(difference.estimate)} over rate {format_rate(difference.baseline)}"
    if difference.is_gain and not findings.summary(choice.setting, choice.rate).diverged:
        return (
            f"Use {rate}: {val} on validation, {gain}, more than noise in "
            f"{seeds_told(difference)} ({corrected_p(findings, difference)})"
        )
    return (
        f"{rate.capitalize()} was best on validation, {val}, but {gain} is not shown to be more "
        f"than noise by {seeds_told(difference)}{_missing(findings, difference)}"
    )


def _runner_up(findings: Findings, choice: Choice) -> str:
    """The lowest rate was best: how far behind the next one is."""
    others = [each for each in findings.differences if each.setting == choice.setting]
    if not others:
        return ""
    nearest = max(others, key=lambda each: each.estimate.mean)
    return (
        f"; of the higher rates {format_rate(nearest.rate)} came nearest, "
        f"{signed(nearest.estimate)} in {seeds_told(nearest)}"
    )


def _missing(findings: Findings, difference: Difference) -> str:
    """The p, or how many seeds it takes to show anything."""
    if difference.p is None:
        return f" (at least {FEWEST_SEEDS} are needed to show any difference)"
    return f" ({corrected_p(findings, difference)})"


def corrected_p(findings: Findings, difference: Difference) -> str:
    """A difference's p in words: ``p = 0.047 corrected for 6 comparisons``."""
    p = f"p {format_p(difference.p_corrected)}"
    if findings.comparisons == 1:
        return p
    return f"{p} corrected for {findings.comparisons} comparisons"


def seeds_told(difference: Difference) -> str:
    """How many seeds a difference is made of: ``8 paired seeds``."""
    count = len(difference.seeds)
    return "one seed" if count == 1 else f"{count} paired seeds"


def _on_test(findings: Findings, choice: Choice) -> str:
    if choice.test is None:
        return ""
    what = "this choice has" if len(findings.summaries) > 1 else "it has"
    images = choice.dataset.test_size
    return f"{what} {plus_minus(choice.test)} on {images} test images"


def _fits(findings: Findings, choice: Choice) -> str:
    """Where nets over- and underfit, of the rates beside the chosen one."""
    found = [fit for fit in findings.fits if fit.setting == choice.setting]
    kinds = {fit.kind for fit in found} - {"borderline"}
    if len(found) == 1:
        return f"it {found[0].kind}" if kinds - {"fits"} else ""
    if not kinds:
        return ""
    nets = "there the nets" if choice.setting else "the nets"
    if kinds == {"fits"}:
        return f"{nets} neither overfit nor underfit"
    clauses = [
        f"{kind.removesuffix('s')} at {_span(found, kind)}"
        for kind in ("overfits", "underfits")
        if kind in kinds
    ]
    return f"{nets} {' and '.join(clauses)}"


def _span(found: Sequence[Fit], kind: str) -> str:
    """The rates of a kind: ``every rate``, ``rate 0.99``, ``rates 0.00 to 0.80 and 0.95``."""
    if all(fit.kind == kind for fit in found):
        return "every rate"
    spans = []
    for is_kind, group in groupby(found, key=lambda fit: fit.kind == kind):
        rates = [format_rate(fit.rate) for fit in group]
        if is_kind:
            spans.append(rates[0] if len(rates) == 1 else f"{rates[0]} to {rates[-1]}")
    single = len(spans) == 1 and " to " not in spans[0]
    return f"rate{'' if single else 's'} {' and '.join(spans)}"
