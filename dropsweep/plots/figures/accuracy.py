"""Training and validation accuracy along training, one line per dropout rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from dropsweep.analysis import curves, select
from dropsweep.columns.words import FEW_SEEDS
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Curve, Estimate
    from dropsweep.plots.style import Look
    from dropsweep.records import RunRecord

_MARKED_POINTS = 3  # fewer points than these make no line
_MOST_LABELS = 10  # lines with a label each; of more, those that matter


@dataclass(frozen=True)
class Content:
    """All that the figure shows."""

    curves: list[Curve]
    chosen: float | None
    """The rate that validation chose."""
    baseline: float | None
    best_epoch: int | None
    """The first epoch with the chosen rate's highest mean validation accuracy."""

    def is_strong(self, curve: Curve) -> bool:
        """True if it answers the question: the chosen rate, the baseline, or a diverged run."""
        return curve.rate in (self.chosen, self.baseline) or curve.diverged


def find_content(view: View) -> Content:
    """The values, from the runs of one setting."""
    found, choice = curves(view.records), select(view.summaries)
    best = None
    if choice is not None:
        curve = next(each for each in found if each.rate == choice.rate and not each.diverged)
        best = curve.epochs[max(range(len(curve.val)), key=lambda at: round(curve.val[at].mean, 9))]
    return Content(found, None if choice is None else choice.rate, view.baseline, best)


def draw(view: View) -> Figure:
    """Two panels, a line per rate with its name and last value at its end.

    The chosen rate and the baseline are strong, others pale. With fewer than five seeds each
    seed is a thin line, else a band is the 95 % interval. A diverged run is dotted.
    """
    content, look = find_content(view), view.look
    figure = style.new_figure(7.0 if look.is_narrow else 4.6, "", look)
    left, right = figure.subplots(*((2, 1) if look.is_narrow else (1, 2)))
    colours = style.rate_colours([each.rate for each in view.summaries], look)
    for axes, what, title in (left, "train", "Training accuracy"), (right, "val", _title(content)):
        _draw_panel(axes, content, what, colours, view)
        look.headline(axes, title)
    if content.best_epoch is not None:
        _mark_best(right, content, colours, look)
    look.footer(figure, labels.facts(view.records, view.setting))
    return figure


def _draw_panel(
    axes: Axes, content: Content, what: str, colours: dict[float, str], view: View
) -> None:
    look, ends = view.look, []
    pale = what == "val"  # training accuracies stand apart by themselves
    for curve in content.curves:
        points: Sequence[Estimate] = getattr(curve, what)
        strong = content.is_strong(curve)
        colour = look.bar if pale and not strong else colours[curve.rate]
        means = [point.mean for point in points]
        with style.of_rate(axes, curve.rate):
            width, above = (2.2, 3) if strong else (1.2, 2)
            line, mark = (
                ":" if curve.diverged else "-",
                "o" if len(means) < _MARKED_POINTS else None,
            )
            axes.plot(
                curve.epochs, means, color=colour, linewidth=width, linestyle=line, marker=mark,
                markersize=4, zorder=above,
            )  # fmt: skip
            if curve.diverged:
                axes.plot(curve.epochs[-1:], means[-1:], "x", color=colour, markersize=8, zorder=3)
            elif strong:
                _draw_spread(axes, curve, what, view.records, colour)
        if not curve.diverged and (strong or not pale):
            name = f"{format_rate(curve.rate)}  {means[-1]:.3f}"
            ends.append((means[-1], curve.rate, name, strong))
    last = max((curve.epochs[-1] for curve in content.curves), default=0)
    low, high = axes.get_ylim()
    chance = view.records[0].spec.dataset.content.chance
    if low < chance + 0.05:
        axes.axhline(chance, color=look.muted, linestyle=":", linewidth=1, zorder=1)
        axes.set_ylim(min(low, chance - 0.02), high)
    axes.set_ylim(max(axes.get_ylim()[0], 0), min(axes.get_ylim()[1], 1.03))
    if len(ends) > _MOST_LABELS:
        ends = [each for each in ends if each[3]] or ends[:: len(ends) - 1]
    style.label_ends(axes, [end[:3] for end in ends], look)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick < last - last / 8]
    axes.set_xticks([*ticks, last])
    style.clear(axes)


def _draw_spread(
    axes: Axes, curve: Curve, what: str, records: Sequence[RunRecord], colour: str
) -> None:
    """A band, or of few seeds a thin line each."""
    points: Sequence[Estimate] = getattr(curve, what)
    count = points[0].count
    if count >= FEW_SEEDS:
        lows = [each.low or 0.0 for each in points]
        highs = [each.high or 0.0 for each in points]
        axes.fill_between(curve.epochs, lows, highs, color=colour, alpha=0.18, linewidth=0)
    elif count > 1:
        for record in records:
            if record.spec.rate == curve.rate and record.status == "done":
                values = getattr(record.history, f"{what}_accuracy")
                axes.plot(record.history.epoch, values, color=colour, linewidth=0.7, alpha=0.5)


def _mark_best(axes: Axes, content: Content, colours: dict[float, str], look: Look) -> None:
    curve = next(
        each for each in content.curves if each.rate == content.chosen and not each.diverged
    )
    assert content.best_epoch is not None  # noqa: S101 - asked for only where there is one
    y = curve.val[curve.epochs.index(content.best_epoch)].mean
    axes.plot([content.best_epoch], [y], "*", ms=14, color=colours[curve.rate], zorder=4)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.12 * (high - low))
    right = content.best_epoch > curve.epochs[-1] / 2
    text = f"best epoch of {format_rate(curve.rate)}: {content.best_epoch}"
    style.write(
        axes, text, (content.best_epoch, y), look, (0, 11),
        ha="right" if right else "left", color=look.muted,
    ).set_in_layout(False)  # fmt: skip


def _title(content: Content) -> str:
    if content.chosen is None:
        return "Validation accuracy: all diverged"
    return f"Validation: {format_rate(content.chosen)} ends highest"


def _caption(view: View) -> str:
    lines = "Lines are means over seeds. " if view.several else ""
    end = " A dotted line that ends in a cross is a run that diverged." if view.diverged else ""
    spread = "".join(f" {each}" for each in labels.spread(view))
    return (
        f"{lines}Strong lines are the rate that validation chose and the baseline; the star is the "
        f"best epoch. Training accuracy that climbs while validation accuracy falls is overfitting."
        f"{spread}{end}"
    )


def _alt(view: View) -> str:
    content = find_content(view)
    ends = [
        f"{labels.accuracies(each.rate, each.train[-1], each.val[-1])} at epoch {each.epochs[-1]}"
        + ", diverged" * each.diverged
        for each in content.curves
    ]
    best = "" if content.best_epoch is None else f" Best epoch: {content.best_epoch}."
    return f"{_title(content)}. {'; '.join(ends)}.{best}"


FIGURE = Kind(
    30,
    "How does accuracy develop while each rate is trained?",
    "a run with a measured point",
    draw,
    _caption,
    _alt,
)
