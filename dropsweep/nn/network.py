"""A net: layers in a row, under a softmax loss."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn.activations import Relu
from dropsweep.nn.affine import Affine, InputAffine
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.nn.softmax import softmax_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike

    from dropsweep.nn.layer import Array, Gradients, Labels, Layer, RandomStream


class Network:
    """Layers applied one after another.

    Parameters
    ----------
    layers
        From the input to the scores.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._names = _unique_names(self.layers)

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays that are trained: ``W1``, ``b1``, ``W2``, ..., numbered from the input."""
        return {
            name: layer.parameters[short]
            for layer, names in zip(self.layers, self._names, strict=True)
            for short, name in names.items()
        }

    def scores(self, x: Array) -> Array:
        """Class scores in test mode, shape (N, classes), for inputs of shape (N, in)."""
        for layer in self.layers:
            x = layer.test(x)
        return x

    def loss(self, x: Array, labels: Labels, random: RandomStream) -> tuple[float, Gradients]:
        """Mean training-mode loss of a batch, and its gradient by parameter name."""
        tape = []
        for layer in self.layers:
            x, backward = layer.train(x, random)
            tape.append(backward)
        loss, dout = softmax_loss(x, labels)
        gradients: Gradients = {}
        for names, backward in zip(reversed(self._names), reversed(tape), strict=True):
            if dout.size == 0:  # below the first affine layer nothing is learnt
                break
            dout, of_layer = backward(dout)
            gradients.update({names[short]: gradient for short, gradient in of_layer.items()})
        return loss, gradients


def fully_connected(
    sizes: Sequence[int],
    *,
    rate: float,
    weight_scale: float,
    random: RandomStream,
    dtype: DTypeLike = np.float32,
) -> Network:
    """Build {affine, relu, dropout} for every hidden layer, then affine.

    Parameters
    ----------
    sizes
        Input size, hidden sizes, number of classes.
    rate
        Probability of dropping a hidden unit; at 0 there is no dropout layer and no mask is drawn.
    weight_scale
        Standard deviation of the initial weights; biases begin at 0.
    random
        Draws the weights, layer by layer from the input, each of shape (in, out).
    """
    affine = [
        _affine(InputAffine if depth == 0 else Affine, shape, weight_scale, random, dtype)
        for depth, shape in enumerate(pairwise(sizes))
    ]
    layers: list[Layer] = []
    for layer in affine[:-1]:
        layers += [layer, Relu(), *([InvertedDropout(rate)] if rate else [])]
    return Network([*layers, affine[-1]])


def _affine(
    kind: type[Affine],
    shape: tuple[int, int],
    weight_scale: float,
    random: RandomStream,
    dtype: Any,
) -> Affine:
    weights = random.standard_normal(shape) * weight_scale
    return kind(weights.astype(dtype), np.zeros(shape[1], dtype))


def _unique_names(layers: Sequence[Layer]) -> list[dict[str, str]]:
    """Per layer, its short parameter names with the number of layers so far that had them."""
    count: dict[str, int] = {}
    names = []
    for layer in layers:
        for short in layer.parameters:
            count[short] = count.get(short, 0) + 1
        names.append({short: f"{short}{count[short]}" for short in layer.parameters})
    return names
