"""What training changed in the first layer: a unit's weights as an image, a row a dropout rate."""

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
_SIDE = 32  # pixels of a CIFAR-10 image
_GAP = 3
_ROW_INCHES = 0.62


def draw(view: View) -> Figure | None:
    """A row of units for each rate, of the lowest seed; None where no parameters were kept.

    Shown is the difference to the initial weights, which are noise that would hide it, of the units
    with the largest norm of it, the largest first. Each image is scaled to its own largest change,
    so that grey is 0, and colours do not compare between images.
    """
    found = view.nets(1, _is_usable)
    nets = {rate: net for rate, [net] in found.items()}
    if not nets:
        return None
    shown = [record for record, _ in nets.values()]
    figure = style.new_figure(
        1.5 + _ROW_INCHES * len(nets),
        labels.title(
            "What training changed in the first layer, up to the best epoch", shown, view.setting
        ),
        view.look,
    )
    rows = figure.subplots(len(nets), 1, squeeze=False)[:, 0]
    for axes, (rate, (_, arrays)) in zip(rows, nets.items(), strict=True):
        axes.imshow(_strip(arrays[_CHANGE]), interpolation="nearest")
        axes.set_ylabel(format_rate(rate), rotation=0, ha="right", va="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    figure.supylabel(labels.RATE, fontsize=10)
    figure.supxlabel(_explanation(view.records, shown), fontsize=9)
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


def _is_usable(arrays: NetArrays) -> bool:
    change = arrays.get(_CHANGE)
    return change is not None and change.ndim == 2 and len(change) == 3 * _SIDE**2


def _strip(weights: NDArray[Any]) -> NDArray[Any]:
    """Images side by side, shape (32, width, 3), from weights of shape (3072, units)."""
    largest = np.argsort(-np.linalg.norm(weights, axis=0), kind="stable")[:_UNITS]
    strip = np.ones((_SIDE, _UNITS * (_SIDE + _GAP) - _GAP, 3))  # white where there is no unit
    for at, unit in enumerate(largest):
        left = at * (_SIDE + _GAP)
        strip[:, left : left + _SIDE] = _image(weights[:, unit])
    return strip


def _image(weights: NDArray[Any]) -> NDArray[Any]:
    """A unit's changes as colours in [0, 1], from red, green and blue planes."""
    planes = weights.reshape(3, _SIDE, _SIDE).transpose(1, 2, 0)
    return 0.5 + 0.5 * planes / (np.abs(planes).max() or 1)


def _caption(_: View) -> str:
    return (
        "Each picture is by how much training changed the incoming weights of one hidden unit, "
        "grey where it changed nothing."
    )


def _alt(view: View) -> str:
    rates = ", ".join(format_rate(rate) for rate in view.nets(1, _is_usable))
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
