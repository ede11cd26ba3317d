"""What a careful reader asks after the headline, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import (
    LEVEL,
    fewest_seeds,
    format_cell,
    select,
    smallest_p,
    standard_error,
)
from dropsweep.records import format_rate
from dropsweep.tables.formats import plus_minus, signed
from dropsweep.tables.headline import corrected_p

if TYPE_CHECKING:
    from dropsweep.analysis import Choice, Findings, Fit

_TOLD_SETTINGS = 12
"""More settings of a grid are left to the table."""


def details(findings: Findings) -> list[str]:
    """What a careful reader asks next, a sentence each."""
    sentences: list[str] = []
    if choice := findings.choice:
        sentences += [
            *_settings(findings),
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


def _settings(findings: Findings) -> list[str]:
    """What each setting of a grid says for itself."""
    cells = list(dict.fromkeys(each.cell for each in findings.summaries if each.val))
    if len(cells) < 2:
        return []
    told = [
        f"The setting is the best of {len(cells)} on validation: settings are not tested against "
        "each other."
    ]
    if len(cells) > _TOLD_SETTINGS:
        return told
    for cell in cells:
        best = select(each for each in findings.summaries if each.cell == cell)
        if best is not None:
            told.append(f"At {format_cell(cell)}: {_best_there(findings, best)}.")
    return told


def _best_there(findings: Findings, best: Choice) -> str:
    rate = f"rate {format_rate(best.rate)} is best, {plus_minus(best.val)}"
    difference = findings.difference(best.cell, best.rate)
    if difference is None:
        return rate
    gain = f"{signed(difference.estimate)} over rate {format_rate(difference.baseline)}"
    return f"{rate}, {gain}" + (f" ({corrected_p(findings, difference)})" if difference.p else "")


def _rivals(findings: Findings, choice: Choice) -> list[str]:
    """Rates that may be as good as the chosen one, where there are seeds enough to tell."""
    comparisons = findings.comparisons(choice.cell)
    if choice.val.count < 2 or smallest_p(choice.val.count, comparisons) > LEVEL:
        return []
    known = findings.difference(choice.cell, choice.rate)
    rates = [
        format_rate(each.rate)
        for each in findings.rivals
        # the headline has told of the lowest rate
        if not each.is_more_than_noise and (known is None or each.rate != known.baseline)
    ]
    if not rates:
        return []
    names = rates[0] if len(rates) == 1 else f"{', '.join(rates[:-1])} and {rates[-1]}"
    return [
        f"Rate{'s' * (len(rates) > 1)} {names} cannot be told apart from rate "
        f"{format_rate(choice.rate)}: as large a difference may be noise."
    ]


def _course(findings: Findings, choice: Choice) -> list[str]:
    """What the curves say of the number of epochs."""
    sentences = []
    falling = [fit for fit in findings.fits if fit.cell == choice.cell and _falls(fit, choice)]
    if falling:
        fit = max(falling, key=lambda each: each.fall)
        sentences.append(
            f"At rate {format_rate(fit.rate)} validation accuracy was highest after epoch "
            f"{fit.peak_epoch} and has fallen by {fit.fall:.3f} since: fewer epochs would do."
        )
    chosen = findings.fit(choice.cell, choice.rate)
    if chosen is not None and chosen.rising and chosen.kind != "overfits":
        sentences.append(
            f"At rate {format_rate(choice.rate)} training accuracy was still rising at the end: "
            "more epochs may change the picture."
        )
    return sentences


def _falls(fit: Fit, choice: Choice) -> bool:
    """Whether validation accuracy has fallen by more than twice its mean's standard error."""
    return fit.kind == "overfits" and fit.fall > 2 * standard_error(
        fit.val, choice.dataset.val_size * choice.val.count
    )


def _spread(findings: Findings, choice: Choice) -> str:
    if choice.val.count > 1:
        told = f"± is half the width of a 95 % interval over seeds, here {choice.val.count}"
        if findings.comparisons(choice.cell):
            told += "; difference: validation accuracy minus that of the lowest rate, by seed"
        return f"{told}."
    images = choice.dataset.val_size
    error = standard_error(choice.val.mean, images)
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
        sentence += f", corrected for {comparisons} comparisons"
    if best <= LEVEL:
        return [f"{sentence}."]
    return [f"{sentence}: {fewest_seeds(comparisons)} are needed to show any difference."]
