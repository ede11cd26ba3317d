"""Validation accuracy of each rate minus that of the lowest rate, seed by seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import analysis
from dropsweep.analysis import format_p
from dropsweep.plots import labels, style
from dropsweep.plots.points import draw_means, draw_seeds
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Difference


def draw(view: View) -> Figure | None:
    """Paired differences in final validation accuracy, in one setting.

    Rates stand at equal distances, so that there is room for each one's p. None where there is no
    rate to compare with another.

    """
    tested = view.sweep.findings.differences
    found = [each for each in tested if each.setting == view.setting]
    if not found:
        return None
    what = f"Final validation accuracy minus that of rate {format_rate(found[0].baseline)}"
    figure = style.new_figure(4.8, labels.title(what, view.records, view.setting))
    axes = figure.subplots()
    axes.axhline(
        0, color="0.35", linewidth=1.2, label=f"baseline: rate {format_rate(found[0].baseline)}"
    )
    estimates = {float(at): each.estimate for at, each in enumerate(found)}
    several = any(len(each.values) > 1 for each in found)
    label = "mean over seeds" if several else labels.SEED
    draw_means(axes, estimates, label, "s", style.VAL_COLOUR, line="none")
    dots = [(at, value) for at, each in enumerate(found) for value in each.values]
    draw_seeds(axes, dots, style.VAL_COLOUR, "one seed, paired", width=len(found))
    axes.set_xlim(-0.6, len(found) - 0.4)
    axes.set_xlabel(labels.RATE)
    axes.set_ylabel("difference in validation accuracy")
    style.dress(axes, lowest=-1.0)
    axes.grid(visible=False, axis="x")
    rates = [format_rate(each.rate) for each in found]
    axes.set_xticks(range(len(found)), rates, rotation=style.rotation(rates))
    _write_p(axes, found)
    style.legend_below(figure, 3)
    return figure


def _write_p(axes: Axes, found: Sequence[Difference]) -> None:
    """Above each rate its p, of a two-sided sign-flip test and corrected by joint max-T.

    Where no p could reach the level, it is that which is said.
    """
    seeds = max(len(each.values) for each in found)
    if all(each.p is None for each in found):
        return
    if analysis.smallest_p(seeds) > analysis.SIGNIFICANCE:
        axes.set_title(_too_few(seeds), fontsize=9)
        return
    line = axes.secondary_xaxis("top")
    p_values = [_p(each.p_corrected) for each in found]
    line.set_xticks(range(len(found)), p_values, rotation=style.rotation(p_values))
    line.set_xlabel("p of a sign-flip test, corrected for all comparisons", fontsize=9)
    line.tick_params(length=0, labelsize=9)
    line.spines["top"].set_visible(False)


def _too_few(seeds: int) -> str:
    smallest, needed = analysis.smallest_p(seeds), analysis.FEWEST_SEEDS
    return f"{seeds} seeds cannot give a p below {smallest:.3g}; {needed} are needed"


def _p(value: float | None) -> str:
    return "" if value is None else format_p(value, equals="")


def _caption(view: View) -> str:
    minus = "" if view.baseline is None else f", minus that of rate {format_rate(view.baseline)}"
    if not view.several:
        return f"Each square is the validation accuracy of one seed{minus} in the same seed."
    return (
        f"Each dot is the validation accuracy of one seed{minus} in the same seed; squares are "
        "their means and bars 95 % intervals. Bars are not corrected for the number of "
        "comparisons; p is."
    )


FIGURE = Kind(
    30,
    "By how much does each rate beat the baseline, and is that more than noise?",
    "two rates with a finished run",
    draw,
    _caption,
)
