"""What a sweep found, in sentences that claim no more than its seeds can show."""

from __future__ import annotations

import math
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from dropsweep.analysis import (
    LEVEL,
    MOST_SEEDS,
    fewest_seeds,
    format_cell,
    seeds_needed,
    smallest_p,
)
from dropsweep.records import format_rate
from dropsweep.tables.formats import format_p, plus_minus, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Choice, Difference, Findings, Fit
    from dropsweep.records import RunRecord

WIDTH = 80
"""Characters of a line."""

_FALL = 0.005
"""A fall of validation accuracy worth telling: five of a thousand images."""


def verdict(findings: Findings) -> str:
    """The data, the headline and the details, each sentence on lines of its own."""
    sentences = [data_line(findings.records), headline(findings), *details(findings)]
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences if sentence)


def data_line(records: Sequence[RunRecord]) -> str:
    """On which data the runs were trained; empty without runs."""
    if not records:
        return ""
    labels = sorted({record.spec.dataset.label for record in records})
    sizes = sorted({record.spec.dataset.train_size for record in records})
    span = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"Data: {', '.join(labels)}; {span} training images."


def headline(findings: Findings) -> str:
    """The answer in one sentence: which rate, by how much, how sure that is, how the nets fit."""
    choice = findings.choice
    if choice is None:
        return "Every run diverged." if findings.records else "No finished runs."
    clauses = [_answer(findings, choice), _on_test(findings, choice), _fits(findings, choice)]
    return "; ".join(clause for clause in clauses if clause) + "."


def details(findings: Findings) -> list[str]:
    """What a careful reader asks next, a sentence each."""
    sentences: list[str] = []
    if choice := findings.choice:
        sentences += [
            *_rivals(findings, choice),
            _spread(findings, choice),
            *_reach(findings, choice),
        ]
        sentences += _course(findings, choice)
        if choice.test is None and len(findings.summaries) > 1:
            sentences.append("No test images checked this choice: expect less on new images.")
    diverged = sum(record.status == "diverged" for record in findings.records)
    if diverged:
        count = f"{diverged} of {len(findings.records)} runs diverged"
        sentences.append(f"{count}: no mean includes them; a smaller learning rate may help.")
    return sentences


# --- which rate, and how sure ---------------------------------------------------------------------


def _answer(findings: Findings, choice: Choice) -> str:
    where = f" at {format_cell(choice.cell)}" if choice.cell else ""
    rate, val = f"rate {format_rate(choice.rate)}{where}", plus_minus(choice.val)
    if len(findings.summaries) == 1:
        return f"{rate.capitalize()} alone was run: {val} on validation"
    difference = findings.difference(choice.cell, choice.rate)
    if difference is None:
        return f"{rate.capitalize()} was best on validation, {val}{_runner_up(findings, choice)}"
    gain = f"{signed(difference.estimate)} over rate {format_rate(difference.baseline)}"
    if difference.is_more_than_noise:
        return (
            f"Use {rate}: {val} on validation, {gain}, more than noise in "
            f"{_seeds(difference)} ({_p(findings, difference)})"
        )
    return (
        f"{rate.capitalize()} was best on validation, {val}, but {gain} is not shown to be more "
        f"than noise by {_seeds(difference)}{_missing(findings, difference)}"
    )


def _runner_up(findings: Findings, choice: Choice) -> str:
    """The lowest rate was best: how far behind the next one is."""
    others = [each for each in findings.differences if each.cell == choice.cell]
    if not others:
        return ""
    nearest = max(others, key=lambda each: each.estimate.mean)
    return (
        f": no higher rate gained anything, the nearest, {format_rate(nearest.rate)}, "
        f"{signed(nearest.estimate)} in {_seeds(nearest)}"
    )


def _missing(findings: Findings, difference: Difference) -> str:
    """The p, and how many seeds a difference like this one would take."""
    comparisons = findings.comparisons(difference.cell)
    if difference.p is None:
        return f" (at least {fewest_seeds(comparisons)} are needed to show any difference)"
    needed = seeds_needed(difference.estimate, comparisons)
    if needed is None:
        return f" ({_p(findings, difference)})"
    seeds = f"more than {MOST_SEEDS}" if needed > MOST_SEEDS else f"about {needed}"
    return f" ({_p(findings, difference)}; a difference like this would take {seeds})"


def _p(findings: Findings, difference: Difference) -> str:
    comparisons = findings.comparisons(difference.cell)
    p = f"p {format_p(difference.p_holm)}"
    return p if comparisons == 1 else f"{p} after Holm over {comparisons} rates"


def _seeds(difference: Difference) -> str:
    count = len(difference.seeds)
    return "one seed" if count == 1 else f"{count} paired seeds"


def _on_test(findings: Findings, choice: Choice) -> str:
    if choice.test is None:
        return ""
    what = "this choice has" if len(findings.summaries) > 1 else "it has"
    images = choice.dataset.test_size
    return f"{what} {plus_minus(choice.test)} on {images} test images"


def _rivals(findings: Findings, choice: Choice) -> list[str]:
    """Rates that may be as good as the chosen one, where the seeds can tell."""
    if not findings.rivals:
        return []
    others = sum(each.cell == choice.cell and bool(each.outcomes) for each in findings.summaries)
    rates = [format_rate(rate) for rate in findings.rivals]
    if len(rates) == 1:
        told = f"Rate {rates[0]} cannot be told from it: the 95 % interval of its paired difference"
        return [f"{told} reaches 0."]
    if len(rates) == others - 1:
        told = "No other rate can be told from it"
    else:
        told = f"Rates {', '.join(rates[:-1])} and {rates[-1]} cannot be told from it"
    return [f"{told}: the 95 % intervals of their paired differences reach 0."]


# --- how the nets fit -----------------------------------------------------------------------------


def _fits(findings: Findings, choice: Choice) -> str:
    """Where nets over- and underfit, of the rates beside the chosen one."""
    found = [fit for fit in findings.fits if fit.cell == choice.cell]
    if len(found) == 1:
        return "" if found[0].kind == "fits" else f"it {found[0].kind}"
    kinds = {fit.kind for fit in found}
    if kinds == {"fits"}:
        return "the nets neither overfit nor underfit"
    clauses = [
        f"{kind.removesuffix('s')} at {_span(found, kind)}"
        for kind in ("overfits", "underfits")
        if kind in kinds
    ]
    return f"the nets {' and '.join(clauses)}"


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


def _course(findings: Findings, choice: Choice) -> list[str]:
    """What the curves say of the number of epochs."""
    sentences = []
    for fit in findings.fits:
        if fit.cell == choice.cell and fit.kind == "overfits" and fit.fall >= _FALL:
            sentences.append(
                f"At rate {format_rate(fit.rate)} validation accuracy was highest after epoch "
                f"{fit.peak_epoch} and has fallen by {fit.fall:.3f} since, while training "
                f"accuracy went to {fit.train:.3f}."
            )
            break  # the lowest rate shows it best
    chosen = findings.fit(choice.cell, choice.rate)
    if chosen is not None and chosen.rising and chosen.kind != "overfits":
        sentences.append(
            f"At rate {format_rate(choice.rate)} training accuracy was still rising at the end: "
            "more epochs may change the picture."
        )
    return sentences


# --- how sure a number is -------------------------------------------------------------------------


def _spread(findings: Findings, choice: Choice) -> str:
    if choice.val.count > 1:
        told = f"± is half the width of a 95 % interval over seeds, here {choice.val.count}"
        if findings.comparisons(choice.cell):
            told += "; difference: validation accuracy minus that of the lowest rate, by seed"
        return f"{told}."
    images = choice.dataset.val_size
    error = math.sqrt(choice.val.mean * (1 - choice.val.mean) / images)
    sentence = f"One accuracy on {images} validation images has a standard error of {error:.3f}"
    if len(findings.summaries) == 1:
        return f"{sentence}."
    return f"{sentence}: a single seed cannot tell close rates apart."


def _reach(findings: Findings, choice: Choice) -> list[str]:
    """What so many seeds can show at best."""
    comparisons = findings.comparisons(choice.cell)
    if not comparisons or choice.val.count < 2:
        return []
    best = smallest_p(choice.val.count, comparisons)
    told = f"{best:.1g}" if best < 0.001 else f"{best:.3f}"
    sentence = f"With {choice.val.count} paired seeds p cannot be smaller than {told}"
    if comparisons > 1:
        sentence += f" after Holm over {comparisons} rates"
    if best <= LEVEL:
        return [f"{sentence}."]
    return [f"{sentence}: {fewest_seeds(comparisons)} are needed to show any difference."]
