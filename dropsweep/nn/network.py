"""A net: layers in a row, under a softmax loss."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn.activations import Relu
from dropsweep.nn.affine import Affine, InputAffine
from dropsweep.nn.batch_norm import BatchNorm
from dropsweep.nn.layer import Layer
from dropsweep.nn.loss import softmax_loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import DTypeLike

    from dropsweep.nn.layer import Array, Gradients, Labels, RandomStream


class Network:
    """Layers applied one after another, from the input to the scores."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._names = _unique_names(layer.parameters for layer in self.layers)

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays that are trained: ``W1``, ``b1``, ``W2``, ..., numbered from the input."""
        return _named(self._names, [layer.parameters for layer in self.layers])

    @property
    def state(self) -> dict[str, Array]:
        """All arrays that training changes: the parameters and batch norm's statistics."""
        statistics = [layer.statistics for layer in self.layers]
        return self.parameters | _named(_unique_names(statistics), statistics)

    def scores(self, x: Array) -> Array:
        """Class scores in test mode, shape (N, classes), for inputs of shape (N, in)."""
        for layer in self.layers:
            x = layer.test(x)
        return x

    def sampled_scores(self, x: Array, random: RandomStream) -> Array:
        """Class scores of one random subnet: masks are drawn, nothing is learnt."""
        for layer in self.layers:
            x = layer.sample(x, random)
        return x

    def loss(
        self, x: Array, labels: Labels, random: RandomStream
    ) -> tuple[float, dict[str, Array]]:
        """Mean training-mode loss of a batch, and its gradient by parameter name."""
        loss, gradients = self.backpropagate(x, labels, random)
        return loss, {name: np.asarray(gradient) for name, gradient in gradients.items()}

    def backpropagate(
        self, x: Array, labels: Labels, random: RandomStream
    ) -> tuple[float, Gradients]:
        """As `loss`, but the gradients by weights are products that are yet to be taken.

        They are an optimizer's to take, before x changes or another batch comes.
        """
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
    weight_scale: float,
    random: RandomStream,
    activation: type[Layer] = Relu,
    dropout: Layer | Sequence[Layer] | None = None,
    input_dropout: Layer | None = None,
    batch_norm: bool = False,
    dtype: DTypeLike = np.float32,
) -> Network:
    """Build {affine, [batch norm], activation, [dropout]} for every hidden layer, then affine.

    Parameters
    ----------
    sizes
        Input size, hidden sizes, number of classes.
    weight_scale
        Standard deviation of the initial weights; biases begin at 0.
    random
        Draws the weights, layer by layer from the input, each of shape (in, out).
    dropout
        After every hidden layer, or one layer for each; None leaves it out, and draws no mask.
    input_dropout
        On the input; likewise.
    """
    layers: list[Layer] = [] if input_dropout is None else [input_dropout]
    *hidden, last = pairwise(sizes)
    after = [dropout] * len(hidden) if isinstance(dropout, Layer) else list(dropout or ())
    kind: type[Affine] = InputAffine
    for at, shape in enumerate(hidden):
        layers.append(_affine(kind, shape, weight_scale, random, dtype))
        if batch_norm:
            layers.append(BatchNorm(shape[1], dtype))
        layers.append(activation())
        layers += after[at : at + 1]
        kind = Affine
    return Network([*layers, _affine(kind, last, weight_scale, random, dtype)])


def _affine(
    kind: type[Affine],
    shape: tuple[int, int],
    weight_scale: float,
    random: RandomStream,
    dtype: DTypeLike,
) -> Affine:
    weights = random.standard_normal(shape) * weight_scale
    return kind(weights.astype(dtype), np.zeros(shape[1], dtype))


def _unique_names(arrays: Iterable[Mapping[str, Array]]) -> list[dict[str, str]]:
    """Per layer, its short names with the number of layers so far that had them."""
    count: dict[str, int] = {}
    names = []
    for of_layer in arrays:
        for short in of_layer:
            count[short] = count.get(short, 0) + 1
        names.append({short: f"{short}{count[short]}" for short in of_layer})
    return names


def _named(
    names: Sequence[Mapping[str, str]], arrays: Sequence[Mapping[str, Array]]
) -> dict[str, Array]:
    return {
        name: of_layer[short]
        for of_layer, of_names in zip(arrays, names, strict=True)
        for short, name in of_names.items()
    }
