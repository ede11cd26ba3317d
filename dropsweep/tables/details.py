"""What a careful reader asks after the headline, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import (
    FEWEST_SEEDS,
    SIGNIFICANCE,
    format_setting,
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

_FALL = 3
"""Standard errors that validation accuracy must have fallen by to be told so."""


def details(findings: Findings) -> list[str]:
    """What a careful reader asks next, a sentence each."""
    sentences: list[str] = []
    if choice := findings.choice:
        sentences += [
            *_settings(findings),
            *_shown(findings, choice),
            *_rivals(findings, choice),
            *_unequal(choice),
            *_spread(findings, choice),
            *_reach(findings, choice),
            *_course(findings, choice),
        ]
        if choice.test is None and len(findings.summaries) > 1:
            sentences.append("No test images checked this choice: expect less on new images.")
    return sentences + _diverged(findings)


def _settings(findings: Findings) -> list[str]:
    """What each setting of a grid says for itself."""
    settings = list(dict.fromkeys(each.setting for each in findings.summaries if each.val))
    if len(settings) < 2:
        return []
    told = [
        f"The setting is the best of {len(settings)} on validation: settings are not tested "
        "against each other."
    ]
    if len(settings) > _TOLD_SETTINGS:
        return told
    for setting in settings:
        best = select(each for each in findings.summaries if each.setting == setting)
        if best is not None:
            told.append(f"At {format_setting(setting)}: {_best_there(findings, best)}.")
    return told


def _best_there(findings: Findings, best: Choice) -> str:
    rate = f"rate {format_rate(best.rate)} is best, {plus_minus(best.val)}"
    difference = findings.difference(best.setting, best.rate)
    if difference is None:
        return rate
    gain = f"{signed(difference.estimate)} over rate {format_rate(difference.baseline)}"
    return f"{rate}, {gain}" + (f" ({corrected_p(findings, difference)})" if difference.p else "")


def _shown(findings: Findings, choice: Choice) -> list[str]:
    """Rates beside the chosen one that are shown to do better or worse than the lowest."""
    told = []
    for worse, word in ((False, "better"), (True, "worse")):
        rates = [
            format_rate(each.rate)
            for each in findings.differences
            if each.setting == choice.setting
            and each.rate != choice.rate
            and each.is_more_than_noise
            and (each.estimate.mean < 0) == worse
        ]
        if rates:
            baseline = format_rate(_baseline(findings, choice))
            verb = "is" if len(rates) == 1 else "are"
            told.append(f"{_rates(rates)} {verb} shown to do {word} than rate {baseline}.")
    return told


def _baseline(findings: Findings, choice: Choice) -> float:
    """What the chosen setting's differences are to."""
    return next(each.baseline for each in findings.differences if each.setting == choice.setting)


def _rates(rates: list[str]) -> str:
    """``Rate 0.50``, ``Rates 0.25, 0.50 and 0.75``."""
    names = rates[0] if len(rates) == 1 else f"{', '.join(rates[:-1])} and {rates[-1]}"
    return f"Rate{'s' * (len(rates) > 1)} {names}"


def _rivals(findings: Findings, choice: Choice) -> list[str]:
    """Rates that may be as good as the chosen one, where there are seeds enough to say."""
    chosen = findings.settings[choice.setting]
    seeds = max((len(each.seeds) for each in chosen.rivals), default=1)
    if smallest_p(seeds) > SIGNIFICANCE:
        return []
    known = findings.difference(choice.setting, choice.rate)
    rates = [
        format_rate(rate)
        for rate in chosen.may_be_best
        # the headline has told of the lowest rate
        if rate != choice.rate and (known is None or rate != known.baseline)
    ]
    if not rates:
        return []
    return [
        f"{_rates(rates)} cannot be told apart from rate {format_rate(choice.rate)}: as large a "
        "difference may be noise."
    ]


def _course(findings: Findings, choice: Choice) -> list[str]:
    """What the curves say of the number of epochs."""
    sentences = []
    falling = [
        each for each in findings.fits if each.setting == choice.setting and _falls(each, choice)
    ]
    if falling:
        fit = max(falling, key=lambda each: each.fall)
        sentences.append(
            f"At rate {format_rate(fit.rate)} validation accuracy was highest after epoch "
            f"{fit.peak_epoch} and has fallen by {fit.fall:.3f} since: fewer epochs would do."
        )
    chosen = findings.fit(choice.setting, choice.rate)
    if chosen is not None and chosen.rising and chosen.kind != "overfits":
        sentences.append(
            f"At rate {format_rate(choice.rate)} training accuracy was still rising at the end: "
            "more epochs may change the picture."
        )
    return sentences


def _falls(fit: Fit, choice: Choice) -> bool:
    """Whether validation accuracy has fallen by more than its points' noise can feign."""
    images = choice.dataset.val_size * choice.val.count
    return fit.kind == "overfits" and fit.fall > _FALL * standard_error(fit.val, images)


def _unequal(choice: Choice) -> list[str]:
    """Where rates have different seeds: by which of them the choice was made."""
    if choice.shared is None:
        return []
    if not choice.shared:
        return ["No seed finished at every rate: the means are of different seeds."]
    seeds = "seed" if choice.shared == 1 else "seeds"
    return [f"Rates have different seeds; chosen is by the {choice.shared} {seeds} that all share."]


def _spread(findings: Findings, choice: Choice) -> list[str]:
    """What an interval holds, and what not."""
    error = standard_error(choice.val.mean, choice.dataset.val_size)
    images = f"{choice.dataset.val_size} validation images"
    if choice.val.count > 1:
        told = f"± is half the width of a 95 % interval over seeds, here {choice.val.count}"
        of_setting = [each for each in findings.differences if each.setting == choice.setting]
        if of_setting:
            rate = format_rate(of_setting[0].baseline)
            told += f"; difference: validation accuracy minus that of rate {rate}, by seed"
        return [
            f"{told}.",
            f"The choice of images is not in it: {images} alone have a standard error of "
            f"{error:.3f}.",
        ]
    sentence = f"One accuracy on {images} has a standard error of {error:.3f}"
    if len(findings.summaries) == 1:
        return [f"{sentence}."]
    return [f"{sentence}: a single seed cannot tell close rates apart."]


def _reach(findings: Findings, choice: Choice) -> list[str]:
    """What the seeds that the headline speaks of can show at best."""
    tested = [each for each in findings.differences if each.setting == choice.setting and each.p]
    own = [each for each in tested if each.rate == choice.rate] or tested
    if not own:
        return []
    seeds = max(len(each.seeds) for each in own)
    best = smallest_p(seeds)
    told = f"{best:.1g}" if best < 0.001 else f"{best:.3f}"
    sentence = f"With {seeds} paired seeds p cannot be smaller than {told}"
    if findings.comparisons > 1:
        sentence += f", corrected for {findings.comparisons} comparisons"
    if best <= SIGNIFICANCE:
        return [f"{sentence}."]
    return [f"{sentence}: {FEWEST_SEEDS} are needed to show any difference."]


def _diverged(findings: Findings) -> list[str]:
    diverged = sum(each.diverged for each in findings.summaries)
    if not diverged:
        return []
    told = [
        f"{diverged} of {len(findings.records)} runs diverged: no mean includes them; a smaller "
        "learning rate may help."
    ]
    if choice := findings.choice:
        out = [
            format_rate(each.rate)
            for each in findings.summaries
            if each.setting == choice.setting and each.outcomes and each.diverged
        ]
        if out and format_rate(choice.rate) not in out:
            rates = f"Rate {out[0]} was" if len(out) == 1 else f"Rates {', '.join(out)} were"
            told.append(f"{rates} left out of the choice, for runs that diverged.")
    return told
