"""The change that training made in the first layer: units' weights as images, one row per rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from dropsweep.records import NetArrays, RunRecord

_CHANGE = "W1.change"
_UNITS = 12  # as many as stand side by side and can be seen
_GAP = 3 / 32  # of an image's width
_ROW_INCHES, _LINE_INCHES = 0.62, 0.25


def draw(view: View) -> Figure | None:
    """A row of units for each rate, of the lowest seed.

    None where no parameters were kept, or where the inputs are no pictures.

    Shown is the difference to the initial weights, which are noise that would hide it, of the units
    with the largest norm of it, the largest first. Each image is scaled to its own largest change,
    so that grey is 0, and colours do not compare between images.
    """
    picture = view.records[0].spec.dataset.content.picture if view.records else None
    nets = {rate: net for rate, [net] in _nets(view).items()}
    if not nets or picture is None:
        return None
    shown = [record for record, _ in nets.values()]
    what = "What training changed in the first layer, up to the best epoch"
    title = labels.title(what, shown, view.setting)
    explanation = view.look.wrapped(_explanation(view.records, shown))
    height = max(1.5 + _ROW_INCHES * len(nets), 1.3 + _LINE_INCHES * explanation.count("\n"))
    figure = style.new_figure(height, title, view.look)
    rows = figure.subplots(len(nets), 1, squeeze=False)[:, 0]
    for axes, (rate, (_, arrays)) in zip(rows, nets.items(), strict=True):
        axes.set_gid(style.rate_id(axes, rate))
        axes.imshow(_strip(arrays[_CHANGE], picture), interpolation="nearest")
        axes.set_ylabel(format_rate(rate), rotation=0, ha="right", va="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    figure.supylabel(labels.RATE, fontsize=view.look.size)
    figure.supxlabel(explanation, fontsize=view.look.small)
    return figure


def _explanation(records: Sequence[RunRecord], shown: Sequence[RunRecord]) -> str:
    seeds = sorted({record.spec.seed for record in shown})
    facts = [
        f"up to {_UNITS} units of each net, those whose incoming weights changed most",
        f"seed {' or '.join(map(str, seeds))}",
        labels.left_out(records, len(shown)),
    ]
    scale = "each image scaled to its own largest change; grey is 0"
    return f"{', '.join(filter(None, facts))}\n{scale}"


def _nets(view: View) -> dict[float, list[tuple[RunRecord, NetArrays]]]:
    inputs = view.records[0].spec.dataset.content.inputs if view.records else 0

    def is_usable(arrays: NetArrays) -> bool:
        change = arrays.get(_CHANGE)
        return change is not None and change.ndim == 2 and len(change) == inputs

    return view.nets(1, is_usable)


def _strip(weights: NDArray[Any], picture: tuple[int, ...]) -> NDArray[Any]:
    """Images side by side, shape (H, width, 3), from weights of shape (C H W, units)."""
    _, height, width = picture
    step = width + max(round(_GAP * width), 1)
    largest = np.argsort(-np.linalg.norm(weights, axis=0), kind="stable")[:_UNITS]
    strip = np.ones((height, (_UNITS - 1) * step + width, 3))  # white where there is no unit
    for at, unit in enumerate(largest):
        planes = weights[:, unit].reshape(picture).transpose(1, 2, 0)  # of colours, or a grey one
        strip[:, at * step : at * step + width] = 0.5 + 0.5 * planes / (np.abs(planes).max() or 1)
    return strip


def _caption(_: View) -> str:
    return (
        "Each picture is by how much training changed the incoming weights of one hidden unit, "
        "grey where it changed nothing."
    )


def _alt(view: View) -> str:
    rates = ", ".join(format_rate(rate) for rate in _nets(view))
    return f"Changes of the first layer's weights as images, a row per rate: {rates}."


FIGURE = Kind(
    70,
    "What did training change in the first layer?",
    "results.keep_parameters in the config",
    draw,
    _caption,
    _alt,
    is_picture=True,
)
