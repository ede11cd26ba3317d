"""The claims about the rates of one setting: no more than its seeds support.

``analysis/README.md`` says what may be claimed, and why.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import FEWEST_SEEDS, format_p
from dropsweep.columns.words import (
    counted,
    decimals,
    difference_text,
    joined,
    listed_rates,
    with_spread,
)
from dropsweep.records import format_rate
from dropsweep.tables.scope import images_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dropsweep.analysis import (
        Choice,
        Difference,
        Findings,
        RaceState,
        RateSummary,
        Setting,
        SettingResult,
    )


@dataclass(frozen=True)
class Claims:
    """The sentences about one setting, from all that was found."""

    findings: Findings
    setting: Setting

    def sentences(self) -> Iterator[str]:
        """The rate to use, or why none is shown; then the rates beside it."""
        if self.result.race is not None:
            yield from self._of_race(self.result.race)
            return
        out = [each.rate for each in self._summaries if each.diverged]
        if sum(bool(each.outcomes) for each in self._summaries) > 1:
            yield from self._of_seeds()
        else:
            did = "was run" if len(self._summaries) == 1 else "finished"
            survivors = ", of the runs that did not diverge" * self._lost
            yield f"Nothing to compare: only rate {format_rate(self._choice.rate)} {did}."
            yield (
                f"Its validation accuracy is {with_spread(self._choice.val)}{survivors}, "
                f"{self._where}."
            )
        if out and not self._lost:
            yield _left_out(out)

    @property
    def is_sure(self) -> bool:
        """True if the seeds leave one rate that may be best, with no diverged run."""
        return len(self.result.may_be_best) == 1 and not self._has_few_seeds and not self._lost

    @property
    def is_beyond_p(self) -> bool:
        """True if the rates that may be best leave one out, and no p in the table says why.

        p is of two-sided comparisons with the lowest rate; these are one-sided, of all rates.
        """
        best, compared = self.result.may_be_best, self._compared
        if not compared or compared[0].p is None:
            return False
        if compared[0].baseline not in best:
            return not any(each.is_gain for each in compared)
        return any(not each.is_more_than_noise for each in compared if each.rate not in best)

    @functools.cached_property
    def result(self) -> SettingResult:
        """The answer of the setting."""
        return self.findings.settings[self.setting]

    @property
    def _choice(self) -> Choice:
        return self.result.choice

    @property
    def _summaries(self) -> list[RateSummary]:
        return self.findings.by_setting[self.setting]

    @functools.cached_property
    def _difference(self) -> Difference | None:
        """That of the chosen rate to the lowest one."""
        return self.findings.difference(self.setting, self._choice.rate)

    @property
    def _lost(self) -> bool:
        return self._has_diverged(self._choice.rate)

    def _has_diverged(self, rate: float) -> bool:
        return self.findings.summary(self.setting, rate).diverged > 0

    def _is_whole(self, difference: Difference) -> bool:
        return not any(map(self._has_diverged, (difference.rate, difference.baseline)))

    @property
    def _where(self) -> str:
        return images_in_words(self._choice.dataset, self.findings.records)

    # --- a fixed number of seeds ---

    def _of_seeds(self) -> Iterator[str]:
        rate, difference = format_rate(self._choice.rate), self._difference
        tie, highest = self._tie(), self._highest()
        shown = None if self._lost or not difference or not difference.is_gain else difference
        if self._lost:
            yield "Not settled: runs diverged."
            yield highest
        elif shown is not None:
            yield f"Use rate {rate}: {self._gain(shown)} {self._where}."
            yield f"{len(shown.seeds)} paired seeds show this gain ({self._p(shown)})."
            if tie:
                yield f"{tie}."
        elif self.result.may_be_best == (self._choice.rate,) and not self._has_few_seeds:
            accuracy = with_spread(self._choice.val)
            yield f"Use rate {rate}: validation accuracy {accuracy} {self._where}."
        else:
            yield f"Not settled: {self._why_not_settled()}."
            yield f"{tie}, {self._where}." if tie else highest
        yield self._best(recommended=shown is not None and not tie)
        yield from self._equal(self.result.equivalent)
        yield from self._shown_beside()

    def _why_not_settled(self) -> str:
        rate, difference = self._choice.rate, self._difference
        if self._has_few_seeds:
            lowest = min([rate, *(each.rate for each in self.result.rivals)])
            return (
                f"{counted(self._paired_seeds, 'seed')} cannot show any difference to rate "
                f"{format_rate(lowest)} ({FEWEST_SEEDS} can)"
            )
        if difference is None:
            return "no rate is shown to be the best"
        return (
            f"{len(difference.seeds)} paired seeds cannot separate rate {format_rate(rate)} from "
            f"rate {format_rate(difference.baseline)} ({self._p(difference)})"
        )

    @property
    def _paired_seeds(self) -> int:
        return max((len(each.seeds) for each in self.result.rivals), default=0)

    @property
    def _has_few_seeds(self) -> bool:
        """True if there are differences, of too few seeds for a two-sided p below 0.05."""
        return 0 < self._paired_seeds < FEWEST_SEEDS

    def _tie(self) -> str:
        """The rates with the same highest mean; empty where there is one."""
        whole = filter(self._is_whole, self.result.rivals)
        tied = [each.rate for each in whole if each.estimate.mean == 0]
        if not tied:
            return ""
        return (
            f"A tie: {listed_rates(sorted([self._choice.rate, *tied]))} have the same mean "
            f"validation accuracy, {decimals(self._choice.val.mean)}"
        )

    def _highest(self) -> str:
        """The bare means, which claim nothing."""
        start = "Of the runs that did not diverge, rate" if self._lost else "Rate"
        gain = f", {self._gain(self._difference)}" if self._difference else ""
        return (
            f"{start} {format_rate(self._choice.rate)} has the highest validation accuracy, "
            f"{with_spread(self._choice.val)}{gain}, {self._where}."
        )

    def _gain(self, difference: Difference) -> str:
        """``+0.020 ± 0.010 over rate 0.00``."""
        lost = self._has_diverged(difference.baseline) and not self._lost
        survivors = " (of the runs that did not diverge)" * lost
        baseline = format_rate(difference.baseline)
        return f"{difference_text(difference.estimate)} over rate {baseline}{survivors}"

    def _p(self, difference: Difference) -> str:
        """``p = 0.012, corrected for 6 comparisons``."""
        p, count = f"p {format_p(difference.p_corrected)}", self.findings.comparisons
        return p if count == 1 else f"{p}, corrected for {count} comparisons"

    def _best(self, *, recommended: bool) -> str:
        """The rates that may be best: the table's ``may_be_best``, with any number of seeds.

        One that is ``recommended``, for its gain over the lowest rate, need not be the only one.
        """
        rates = self.result.may_be_best
        if len(rates) == len(self._summaries):
            text = "every rate may be best"
        else:
            text = f"{'only ' * (len(rates) == 1)}{listed_rates(rates)} may be best (95 %)"
        if any(each.diverged for each in self._summaries):
            of = "the runs that did not diverge" if self._lost else "the rates with no diverged run"
            text = f"of {of}, {text}"
        if recommended and len(rates) > 1:
            return f"Rate {format_rate(self._choice.rate)} is not shown to be the best: {text}."
        return f"{text[0].upper()}{text[1:]}."

    @property
    def _compared(self) -> list[Difference]:
        return [each for each in self.findings.differences if each.setting == self.setting]

    def _equal(self, rates: Sequence[float]) -> Iterator[str]:
        if rates:
            sure = ", 95 %" * self.findings.decision.auto
            tested = f"(each tested by itself{sure})"
            yield f"Equally good within {self._margin} {tested}: {listed_rates(rates)}."

    @property
    def _margin(self) -> str:
        return f"{float(self.findings.decision.margin):g}"

    def _shown_beside(self) -> Iterator[str]:
        """Rates with a gain that is shown, where the chosen one has none."""
        gains = [each.rate for each in filter(self._is_whole, self._compared) if each.is_gain]
        lowest = self._compared[0].baseline if gains else None
        if lowest is not None and self._choice.rate not in (*gains, lowest):
            rates, are = listed_rates(gains, "Rate"), "is" if len(gains) == 1 else "are"
            yield f"{rates} {are} shown to be better than rate {format_rate(lowest)}."

    # --- a race ---

    def _of_race(self, race: RaceState) -> Iterator[str]:
        seeds = counted(race.seeds, "seed")
        if race.answer is not None:
            none = (
                "of the rates with no diverged run, none"
                if race.diverged
                else "no rate of the list"
            )
            yield (
                f"Use rate {format_rate(race.answer)}: {none} is better by {self._margin} or more "
                f"{self._where} (95 %, however often you looked)."
            )
            yield f"Settled after {seeds}."
            yield from self._equal(race.equal)
        elif race.status == "diverged":
            yield "None: every rate has a diverged run."
        else:
            why = ": runs are missing"
            if race.status == "blocked" and race.failed is not None:
                rate, seed = race.failed
                why = f": seed {seed} of rate {format_rate(rate)} failed"
            elif race.status == "unsettled":
                why = ", the most allowed"
            yield f"Not settled after {seeds}{why}."
            if race.seeds:
                rates = listed_rates(race.in_race)
                of = " of those with no diverged run" if race.diverged else ""
                yield f"The best rate{of} is one of these (95 %): {rates} {self._where}."
        if race.left:
            by_seed: dict[int, list[float]] = {}
            for rate, seed in race.left:
                by_seed.setdefault(seed, []).append(rate)
            left = [
                f"{listed_rates(rates)} after {seed + 1} seeds" for seed, rates in by_seed.items()
            ]
            yield f"Left the race: {joined(left)}; another rate does at least as well."
        if race.diverged:
            yield _left_out([rate for rate, _ in race.diverged])


def _left_out(rates: Sequence[float]) -> str:
    are, have = ("is", "it has") if len(rates) == 1 else ("are", "they have")
    return f"{listed_rates(rates, 'Rate')} {are} left out: {have} diverged runs."
