"""How to read each figure, in words that fit what is on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.analysis import summarize
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord


@dataclass(frozen=True)
class Shown:
    """What there is on figures of some runs."""

    several: bool
    """Whether a mean is of more than one seed, so that there are intervals."""
    diverged: bool
    """Whether a run diverged, so that there are crosses."""
    baseline: float | None
    """The lowest rate that finished; None where every run diverged."""

    @classmethod
    def of(cls, records: Sequence[RunRecord]) -> Shown:
        """What figures of these records show."""
        summaries = summarize(records)
        return cls(
            any(len(each.outcomes) > 1 for each in summaries),
            any(each.diverged for each in summaries),
            min((each.rate for each in summaries if each.outcomes), default=None),
        )


def heat_map(shown: Shown) -> str:
    """Of squares."""
    means = ", the mean over seeds" if shown.several else ""
    blank = " A hatched square has no finished run." if shown.diverged else ""
    frame = "" if shown.baseline is None else "; the frame is the best"
    return f"Each square is validation accuracy after the last epoch{means}{frame}.{blank}"


def final_accuracy(shown: Shown) -> str:
    """Of two lines."""
    if shown.baseline is None:
        return _crosses(shown).strip()
    return f"{_points(shown)} The ring is the rate that validation chose.{_crosses(shown)}"


def differences(shown: Shown) -> str:
    """Of squares around zero."""
    minus = "" if shown.baseline is None else f", minus that of rate {format_rate(shown.baseline)}"
    if not shown.several:
        return f"Each square is the validation accuracy of one seed{minus} in the same seed."
    return (
        f"Each dot is the validation accuracy of one seed{minus} in the same seed; squares are "
        "their means and bars 95 % intervals. Bars are not corrected for the number of "
        "comparisons; p is."
    )


def gap(shown: Shown) -> str:
    """Of one line."""
    what = "The gap is training minus validation accuracy after the last epoch."
    return f"{what} {_points(shown)}{_crosses(shown)}"


def accuracy(shown: Shown) -> str:
    """Of curves."""
    lines = "Lines are means over seeds and bands their 95 % intervals. " if shown.several else ""
    end = " A dotted line that ends in a cross is a run that diverged." if shown.diverged else ""
    return (
        f"{lines}Training accuracy that climbs while validation accuracy falls is overfitting.{end}"
    )


def monte_carlo(shown: Shown) -> str:
    """Of lines beside dashed ones."""
    bands = " Bands are 95 % intervals over seeds." if shown.several else ""
    return (
        f"Solid lines average masked passes, dashed lines use weight scaling once: where they meet,"
        f" more passes gain nothing.{bands}"
    )


def first_layer(_: Shown) -> str:
    """Of images."""
    return (
        "Each picture is by how much training changed the incoming weights of one hidden unit, "
        "grey where it changed nothing."
    )


def activations(_: Shown) -> str:
    """Of histograms."""
    return (
        "Each line is how often hidden units take a value on the same images; the legend has the "
        "share that is exactly zero."
    )


def comparison(shown: Shown) -> str:
    """Of several sweeps."""
    bars = "; bars are 95 % intervals over seeds" if shown.several else ""
    return f"Each colour is a setting of a sweep{bars}."


def _points(shown: Shown) -> str:
    if not shown.several:
        return "Each point is one run."
    return "Points are means over seeds, bars their 95 % intervals, pale dots single seeds."


def _crosses(shown: Shown) -> str:
    return " Crosses are rates where runs diverged." if shown.diverged else ""
