"""Accuracy after the last epoch by dropout rate: the gap, and the difference to the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.columns.words import FEW_SEEDS, counted
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View, interval, verdict
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Difference, Estimate, RateSummary
    from dropsweep.plots.style import Look
    from dropsweep.plots.view import Verdict

_MOST_NUMBERS = 8  # rates beside which a number has room
_MOST_ABREAST = 12  # rates up to which two panels stand side by side
_MOST_NAMES = 3  # rates that a headline lists
_ROOM = 0.12  # accuracy: a smaller gap has no room for its number
_ASIDE = 0.18  # of the distance between rates: a seed's dot beside the mean
_MARKS: dict[Verdict, str] = {"better": "^", "worse": "v", "cannot tell": "o"}


@dataclass(frozen=True)
class Content:
    """All that the figure shows."""

    summaries: list[RateSummary]
    """Of every rate, diverged ones among them."""
    differences: list[Difference]
    """Of validation accuracy to the baseline, in this setting."""
    baseline: float | None
    may_be_best: tuple[float, ...]
    """Rates that may be the best; empty where no rate can be left out."""

    @property
    def verdicts(self) -> dict[float, Verdict]:
        """Of each rate that is compared."""
        return {each.rate: verdict(each) for each in self.differences}


def find_content(view: View) -> Content:
    """The values, from the runs of one setting and the findings of the whole sweep."""
    findings = view.sweep.findings
    differences = [each for each in findings.differences if each.setting == view.setting]
    return Content(view.summaries, differences, view.baseline, view.may_be_best)


def draw(view: View) -> Figure:
    """Training and validation joined by their gap; beside it paired differences in points.

    With fewer than five seeds each seed is a dot, else bars are 95 % intervals.
    """
    content, look = find_content(view), view.look
    count = len(content.summaries)
    panels = 2 if content.differences else 1
    stacked = look.is_narrow or count > _MOST_ABREAST
    figure = style.new_figure(4.3 * panels if stacked else 4.6, "", look)
    grid = (panels, 1) if stacked else (1, panels)
    axes = figure.subplots(*grid, squeeze=False).ravel()
    _draw_levels(axes[0], content, look)
    look.headline(axes[0], _gap_title(content))
    if content.differences:
        _draw_differences(axes[1], content, look)
        look.headline(axes[1], _difference_title(content))
    look.footer(figure, labels.facts(view.records, view.setting), _legend(content))
    return figure


def _legend(content: Content) -> str:
    """The marks of the right panel in words."""
    if not content.differences:
        return ""
    base = format_rate(content.differences[0].baseline)
    star = "\u2605 may be the best, " * bool(content.may_be_best)
    return f"{star}hollow: cannot be told apart from rate {base}"


def _draw_levels(axes: Axes, content: Content, look: Look) -> None:
    places = {each.rate: at for at, each in enumerate(content.summaries)}
    ended = [each for each in content.summaries if each.train and each.val and each.gap]
    chance = content.summaries[0].dataset.content.chance
    axes.axhline(chance, color=look.muted, linestyle=":", linewidth=1)
    style.write(
        axes, f"chance {chance:.2f}", (1, chance), look, (0, 2),
        xycoords=("axes fraction", "data"), ha="right", va="bottom", color=look.muted,
    )  # fmt: skip
    for each in ended:
        with style.of_rate(axes, each.rate):
            assert each.train and each.val and each.gap  # noqa: S101, PT018 - those that ended
            at = places[each.rate]
            axes.plot([at, at], [each.val.mean, each.train.mean], color=look.bar, lw=6, zorder=1)
            _draw_mean(axes, at, each.train, "o", look.train)
            _draw_mean(axes, at, each.val, "s", look.val)
            if len(places) <= _MOST_NUMBERS:
                wide = abs(each.gap.mean) > _ROOM
                middle = (each.train.mean + each.val.mean) / 2
                above = max(each.train.mean, each.val.mean) + _ROOM / 2
                box = {"boxstyle": "round,pad=0.15", "facecolor": look.paper, "edgecolor": "none"}
                y = middle if wide else above
                style.write(
                    axes, f"{each.gap.mean:.2f}", (at, y), look, ha="center", va="center", bbox=box
                )
    if ended:
        first = ended[0]
        assert first.train and first.val  # noqa: S101, PT018
        for y, word, colour, up, va in (
            (first.train.mean, "training", look.train, 9, "bottom"),
            (first.val.mean, "validation", look.val, -9, "top"),
        ):
            style.write(
                axes, word, (places[first.rate], y), look, (-8, up),
                va=va, color=colour, weight="bold", fontsize=look.size,
            ).set_in_layout(False)  # fmt: skip
    for each in content.summaries:
        with style.of_rate(axes, each.rate):
            if each.diverged:
                style.write(
                    axes, f"{each.diverged if each.diverged > 1 else ''}\u00d7",
                    (places[each.rate], 0.015), look, label="diverged",
                    ha="center", va="bottom", weight="bold", fontsize=look.size,
                )  # fmt: skip
    style.name_places(axes, [format_rate(each.rate) for each in content.summaries], look)
    axes.set_ylim(0, 1.12)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.set_ylabel("accuracy after the last epoch")


def _draw_mean(axes: Axes, at: float, estimate: Estimate, marker: str, colour: str) -> None:
    half = None
    if estimate.high is not None and estimate.count >= FEW_SEEDS:
        half = [estimate.high - estimate.mean]
    axes.errorbar(
        [at], [estimate.mean], half, color=colour, marker=marker, ms=6, capsize=3, zorder=3
    )


def _draw_differences(axes: Axes, content: Content, look: Look) -> None:
    places = {each.rate: at for at, each in enumerate(content.summaries)}
    axes.axhline(0, color=look.ink, linewidth=1)
    if content.baseline is not None:
        with style.of_rate(axes, content.baseline):
            axes.plot([places[content.baseline]], [0], "D", color=look.ink, ms=6, zorder=3)
    for each in content.differences:
        with style.of_rate(axes, each.rate):
            at, said, ends = places[each.rate], verdict(each), interval(each)
            colour, mean = look.verdicts[said], 100 * each.estimate.mean
            bar = None if ends is None else [[mean - 100 * ends[0]], [100 * ends[1] - mean]]
            if each.estimate.count < FEW_SEEDS and each.estimate.count > 1:
                axes.plot(
                    [at + _ASIDE] * each.estimate.count, [100 * value for value in each.values],
                    "o", ms=3.5, color=look.muted, markeredgewidth=0,
                )  # fmt: skip
            fill = look.paper if said == "cannot tell" else colour
            axes.errorbar(
                [at], [mean], bar, color=colour, marker=_MARKS[said], markerfacecolor=fill,
                ms=7, elinewidth=2.2, zorder=3,
            )  # fmt: skip
    for rate in content.may_be_best:
        with style.of_rate(axes, rate):
            style.write(
                axes, "\u2605", (places[rate], 0), look, (0, 3), xycoords=("data", "axes fraction"),
                ha="center", va="bottom", fontsize=look.size,
            )  # fmt: skip
    if content.may_be_best:
        low, high_end = axes.get_ylim()
        axes.set_ylim(low - 0.08 * (high_end - low), high_end)
    style.name_places(axes, [format_rate(each.rate) for each in content.summaries], look)
    against = "" if content.baseline is None else f" vs rate {format_rate(content.baseline)}"
    what = "points" if look.is_narrow else "validation accuracy"
    axes.set_ylabel(f"{what}{against}" + ("" if look.is_narrow else ",\npercentage points"))


def _gap_title(content: Content) -> str:
    gaps = [(each.rate, each.gap) for each in content.summaries if each.gap is not None]
    if not gaps:
        return "Every run diverged"
    (low, first), (high, last) = gaps[0], gaps[-1]
    if low == high:
        return f"The gap is {first.mean:.2f} at rate {format_rate(low)}"
    ends = f"{first.mean:.2f} to {last.mean:.2f}"
    if None not in (first.low, first.high, last.low, last.high):
        if (last.high or 0) < (first.low or 0):
            return f"Dropout narrows the gap: {ends}"
        if (last.low or 0) > (first.high or 0):
            return f"Dropout widens the gap: {ends}"
    return f"Gap from rate {format_rate(low)} to {format_rate(high)}: {ends}"


def _difference_title(content: Content) -> str:
    verdicts = content.verdicts
    better = [format_rate(rate) for rate, said in verdicts.items() if said == "better"]
    worse = [format_rate(rate) for rate, said in verdicts.items() if said == "worse"]
    base = format_rate(content.differences[0].baseline)
    each_sure = " (each 95 %)" if _is_raced(content) else ""  # p counts all comparisons
    if better:
        return f"Better than {base}{each_sure}: {_listed(better)}"
    if worse:
        return f"None shown better; worse{each_sure}: {_listed(worse)}"
    seeds = max(each.estimate.count for each in content.differences)
    return f"{counted(seeds, 'seed')} cannot tell a rate from {base}"


def _is_raced(content: Content) -> bool:
    return any(each.always_valid is not None for each in content.differences)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} rates"


def _caption(view: View) -> str:
    content = find_content(view)
    if content.baseline is None:
        return "Crosses are rates where runs diverged."
    said = ["Training and validation accuracy are joined by the generalization gap."]
    if content.differences:
        base = format_rate(content.differences[0].baseline)
        said.append(
            f"The other panel is the difference in validation accuracy to rate {base} in the same "
            "seed: filled marks are better or worse, hollow ones cannot be told apart from it."
        )
    if _is_raced(content):
        said.append("Each mark by itself holds with 95 %, however often one looked.")
    said += labels.spread(view)
    if _is_raced(content):
        said.append("Bars of differences hold however often one looked (95 %).")
    if content.may_be_best:
        said.append("Stars are the rates that may be the best (95 %).")
    elif content.differences and view.several:
        few = max(each.estimate.count for each in content.differences) < FEW_SEEDS
        why = "There are too few seeds to leave any rate out as the best."
        said.append(why if few else "No rate can be left out as the best.")
    if view.diverged:
        said.append("Crosses are rates where runs diverged.")
    return " ".join(said)


def _alt(view: View) -> str:
    content = find_content(view)
    rates = [
        f"{labels.accuracies(each.rate, each.train, each.val)}, gap {each.gap.mean:.3f}"
        for each in content.summaries
        if each.train and each.val and each.gap
    ]
    differences = [
        f"rate {format_rate(each.rate)}: {100 * each.estimate.mean:+.1f} points, {verdict(each)}"
        for each in content.differences
    ]
    titles = [_gap_title(content), *([_difference_title(content)] if differences else [])]
    return ". ".join([*titles, "; ".join(rates), *filter(None, ["; ".join(differences)])]) + "."


FIGURE = Kind(
    10,
    "Which dropout rate ends best, and how far apart are training and validation?",
    "a run with a measured point",
    draw,
    _caption,
    _alt,
)
