"""Activity of hidden units: a histogram of their activations, one line per dropout rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from dropsweep.records import NetArrays

_SEEDS = 5  # of a rate: histograms of a million activations hardly differ between seeds
_BINS = 64
_LAYERS = 4  # as many panels as a page takes


def draw(view: View) -> Figure | None:
    """A panel a hidden layer, at most four; None where nothing was kept.

    Activations are those of all units on all validation images at the best epoch, with dropout
    off. Zeros are told in the legend: with rectified units they are most, and would hide the rest
    (Srivastava et al. 2014, section 7.2, ask whether dropout makes activations sparse).
    """
    nets = view.nets(_SEEDS, _is_usable)
    if not nets:
        return None
    shown = [record for of_rate in nets.values() for record, _ in of_rate]
    by_rate = {rate: [arrays for _, arrays in of_rate] for rate, of_rate in nets.items()}
    look, layers = view.look, _count_layers(next(iter(by_rate.values()))[0])
    panels = min(layers, _LAYERS)
    height = 1.6 + (2.9 + 0.25 * len(nets) * look.is_narrow) * panels
    title = labels.title("Activations of hidden units", shown, view.setting)
    figure = style.new_figure(height, title, look)
    colours = style.rate_colours([each.rate for each in view.summaries], look)
    for at, axes in enumerate(figure.subplots(panels, 1, squeeze=False)[:, 0]):
        _draw_layer(axes, at + 1, by_rate, colours, narrow=look.is_narrow)
        if layers > 1:
            axes.set_title(f"hidden layer {at + 1} of {layers}", fontsize=look.size)
    note = labels.left_out(view.records, len(nets))
    below = f"activation at the best epoch, dropout off{note and f' ({note})'}"
    figure.supxlabel(below, fontsize=look.size)
    return figure


def _count_layers(arrays: NetArrays) -> int:
    return sum(name.startswith("activation") and name.endswith(".counts") for name in arrays)


def _is_usable(arrays: NetArrays) -> bool:
    """True if every layer up to the last has its histogram and its zeros."""
    names = [f"activation{at + 1}" for at in range(_count_layers(arrays))]
    return bool(names) and all(
        {f"{name}.counts", f"{name}.edges", f"{name}.zero"} <= arrays.keys()
        and arrays[f"{name}.edges"].shape == (len(arrays[f"{name}.counts"]) + 1,)
        for name in names
    )


def _draw_layer(
    axes: Axes,
    layer: int,
    by_rate: Mapping[float, Sequence[NetArrays]],
    colours: Mapping[float, str],
    *,
    narrow: bool,
) -> None:
    """One line a rate, over bins that all have in common."""
    name = f"activation{layer}"
    width = _common_width([arrays[f"{name}.edges"] for nets in by_rate.values() for arrays in nets])
    handles = []
    for rate, of_rate in by_rate.items():
        fractions, edges = _fractions(of_rate, name, width)
        with style.of_rate(axes, rate):
            axes.stairs(fractions, edges, color=colours[rate], linewidth=1.6)
        zero = np.mean([arrays[f"{name}.zero"] for arrays in of_rate])
        label = f"{format_rate(rate)}: {100 * zero:.1f} % zero"
        handles.append(Line2D([], [], color=colours[rate], linewidth=2.4, label=label))
        if np.nansum(fractions) > 0:  # a logarithmic axis of nothing is an error
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_ylabel(f"share of activations\nin a bin of {width:.2g}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, alpha=0.25, linewidth=0.6)
    place = (0, -0.14) if narrow else (1.01, 1)
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=place, title=labels.RATE, frameon=False
    )


def _common_width(edges: Sequence[NDArray[Any]]) -> float:
    """The widest bin of any net, doubled until there are few enough to be seen."""
    width = max(float(each[1] - each[0]) for each in edges)
    span = max(float(each[-1]) for each in edges) - min(float(each[0]) for each in edges)
    while span / width > _BINS:
        width *= 2
    return width


def _fractions(
    nets: Sequence[NetArrays], name: str, width: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of all activations of a rate's nets, the fraction in each bin of ``width``; and the edges.

    Each net's own bins are as wide or a power of two narrower, so that none is cut in two. An
    empty bin is NaN, for it has no place on a logarithmic axis.
    """
    bins = [np.floor(arrays[f"{name}.edges"][:-1] / width).astype(int) for arrays in nets]
    first, last = min(each[0] for each in bins), max(each[-1] for each in bins)
    fractions = np.zeros(last - first + 1)
    for arrays, at in zip(nets, bins, strict=True):
        counts = arrays[f"{name}.counts"]
        shares = counts / max(counts.sum(), 1) * (1 - arrays[f"{name}.zero"])
        np.add.at(fractions, at - first, shares / len(nets))
    fractions[fractions == 0] = np.nan
    return fractions, np.arange(first, last + 2) * width


def _caption(_: View) -> str:
    return (
        "Each line is how often hidden units take a value on the same images; the legend has the "
        "share that is exactly zero."
    )


def _alt(view: View) -> str:
    nets = view.nets(_SEEDS, _is_usable)
    zeros = [
        f"rate {format_rate(rate)}: "
        f"{100 * np.mean([arrays['activation1.zero'] for _, arrays in of_rate]):.1f} % zero"
        for rate, of_rate in nets.items()
    ]
    return f"Activations in the first hidden layer. {'; '.join(zeros)}."


FIGURE = Kind(
    80,
    "Does dropout make the hidden units sparse?",
    "results.keep_parameters in the config",
    draw,
    _caption,
    _alt,
)
