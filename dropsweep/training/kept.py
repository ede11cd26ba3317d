"""What is kept of a trained net: its parameters, and how active its hidden units are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn import ACTIVATIONS
from dropsweep.training.build import build_network
from dropsweep.training.solver import restore
from dropsweep.training.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dropsweep.nn import Network
    from dropsweep.nn.layer import Array
    from dropsweep.records import NetArrays, RunSpec
    from dropsweep.training.split import Split

_MOST_BINS = 256
_LEAST_SPAN = 1e-30  # far above where the width of a bin would round to 0


def kept(spec: RunSpec, split: Split, state: dict[str, Array]) -> NetArrays | None:
    """The net's state under its own names, what training changed, and how active its units are.

    ``W1.change`` is W1 minus its initial value, which is noise that would hide it in a picture.
    Of every hidden layer, numbered from the input:

    - ``activation1.counts`` and ``activation1.edges``: histogram of its activations other than 0,
      over all units and validation images, in test mode; edges are multiples of a power of two,
      so that the bins of two runs can be brought together exactly;
    - ``activation1.zero``: fraction of its activations that are exactly 0;
    - ``activation1.mean``: each unit's mean activation, shape (units,).

    Parameters
    ----------
    state
        Of the best epoch; None is returned if it is empty, since no point was reached.
    """
    if not state:
        return None
    network = build_network(
        spec, split.train.pixels.shape[1], Streams.of_seed(spec.seed).initial_weights
    )
    change = state["W1"] - network.state["W1"]
    restore(network, state)
    return {**state, "W1.change": change, **_activity(network, split)}


def _activity(network: Network, split: Split) -> dict[str, NDArray[Any]]:
    """Two passes over the images, a block at a time: the first finds the range of the bins."""
    ranges = [_nonzero_ranges(hidden) for hidden in _hidden(network, split)]
    edges = [_edges([block[layer] for block in ranges]) for layer in range(len(ranges[0]))]
    counts = [np.zeros(len(each) - 1, np.int64) for each in edges]
    zeros = [0] * len(edges)
    totals: list[Any] = [0.0] * len(edges)
    for hidden in _hidden(network, split):
        for layer, h in enumerate(hidden):
            counts[layer] += np.histogram(h[h != 0], edges[layer])[0]
            zeros[layer] += int((h == 0).sum())
            totals[layer] = totals[layer] + h.sum(axis=0, dtype=np.float64)
    images = len(split.val)
    found: dict[str, NDArray[Any]] = {}
    for layer, total in enumerate(totals):
        name = f"activation{layer + 1}"
        found[f"{name}.counts"], found[f"{name}.edges"] = counts[layer], edges[layer]
        found[f"{name}.zero"] = np.array(zeros[layer] / (images * len(total)))
        found[f"{name}.mean"] = total / images
    return found


def _hidden(network: Network, split: Split) -> Iterator[list[Array]]:
    """Per block of validation images, the output of every hidden layer's activation."""
    for block in split.val.blocks():
        x, outputs = split.inputs(block), []
        for layer in network.layers:
            x = layer.test(x)
            if isinstance(layer, tuple(ACTIVATIONS.values())):
                outputs.append(x)
        yield outputs


def _nonzero_ranges(hidden: list[Array]) -> list[tuple[float, float]]:
    return [
        (float(h.min(where=h != 0, initial=np.inf)), float(h.max(where=h != 0, initial=-np.inf)))
        for h in hidden
    ]


def _edges(ranges: list[tuple[float, float]]) -> NDArray[Any]:
    """At most `_MOST_BINS` bins as wide as a power of two, from a multiple of it to another."""
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if low > high:  # not one activation other than 0
        return np.array([0.0, 1.0])
    span = max(high - low, 1e-4 * max(abs(high), abs(low)), _LEAST_SPAN)
    # two bins less, for both ends are moved outwards to a multiple
    width = 2.0 ** math.ceil(math.log2(span / (_MOST_BINS - 2)))
    first, last = math.floor(low / width), math.ceil(high / width)
    return np.arange(first, max(last, first + 1) + 1) * width
