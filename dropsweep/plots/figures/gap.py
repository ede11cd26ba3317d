"""The generalization gap against the dropout rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.plots import labels, style
from dropsweep.plots.points import draw_diverged, draw_means, draw_seeds, name_rates
from dropsweep.plots.view import Kind, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(view: View) -> Figure | None:
    """Training minus validation accuracy after the last epoch, from the records of one setting.

    With two seeds or more, dots are seeds and bars 95 % intervals; crosses are diverged runs. None
    where no run finished.
    """
    summaries = view.summaries
    gaps = {each.rate: each.gap for each in summaries if each.gap is not None}
    if not gaps:
        return None
    seeds = [(each.rate, one.train - one.val) for each in summaries for one in each.outcomes]
    figure = style.new_figure(
        4.6, labels.title("Generalization gap by dropout rate", view.records, view.setting)
    )
    axes = figure.subplots()
    axes.axhline(0, color="0.4", linewidth=1)
    draw_means(axes, gaps, "gap", "o", style.GAP_COLOUR)
    draw_seeds(axes, seeds, style.GAP_COLOUR, labels.SEED)
    name_rates(axes, [each.rate for each in summaries])
    axes.set_ylabel("training minus validation accuracy")
    style.dress(axes, lowest=-1.0)
    draw_diverged(axes, summaries)
    style.legend_below(figure)
    return figure


def _caption(view: View) -> str:
    what = "The gap is training minus validation accuracy after the last epoch."
    return f"{what} {labels.points(view)}{labels.crosses(view)}"


FIGURE = Kind(
    40,
    "How large is the generalization gap at each rate?",
    "a finished run",
    draw,
    _caption,
)
