"""The arrays that are kept of a trained net: its parameters, and the activity of its units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn import ACTIVATIONS
from dropsweep.training.build import build_network
from dropsweep.training.images import Inputs
from dropsweep.training.session import Streams
from dropsweep.training.solver import restore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dropsweep.nn import Network
    from dropsweep.nn.layer import Array
    from dropsweep.records import NetArrays, RunSpec
    from dropsweep.training.images import Split

_MOST_BINS = 256
_MOST = 1e300  # so that bins and sums are finite numbers
_LEAST_SPAN = 1e-30  # far above where the width of a bin would round to 0


def net_arrays(
    spec: RunSpec, split: Split, state: dict[str, Array], epoch: int | None
) -> NetArrays | None:
    """The net's state under its own names, its change by training, and the activity of its units.

    ``W1.change`` is W1 minus its initial value, which is noise that would hide it in a picture.
    Of every hidden layer, numbered from the input:

    - ``activation1.counts`` and ``activation1.edges``: histogram of its activations other than 0,
      over all units and validation images, in test mode; edges are multiples of a power of two,
      so that the bins of two runs can be brought together exactly;
    - ``activation1.zero``: fraction of its activations that are exactly 0;
    - ``activation1.mean``: each unit's mean activation, shape (units,).

    State and epoch are the best epoch's; None if no point was reached, so that there is none.
    """
    if not state:
        return None
    network = build_network(spec, split.input_size, Streams.of_seed(spec.seed).initial_weights)
    change = state["W1"] - network.state["W1"]
    restore(network, spec, state, epoch or 0)
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
    """Per block of validation images, the output of every hidden layer's activation.

    Scores may be finite where an activation is not: it is counted as the largest number then.
    """
    for x, _ in Inputs.of(split, split.val).blocks():
        out, outputs = x, []
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for layer in network.layers:
                out = layer.test(out)
                if isinstance(layer, tuple(ACTIVATIONS.values())):
                    most = min(float(np.finfo(out.dtype).max), _MOST)
                    outputs.append(np.clip(np.nan_to_num(out), -most, most))
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
