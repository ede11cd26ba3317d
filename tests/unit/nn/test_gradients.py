"""Every backward pass against central differences in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    Affine,
    BatchNorm,
    InputAffine,
    KeepProbability,
    Network,
    fully_connected,
    l1,
    l2,
    numerical_gradient,
    penalize,
    relative_error,
    softmax_loss,
)
from dropsweep.nn.activations import Relu, Sigmoid, Tanh
from dropsweep.nn.dropout import InvertedDropout
from tests.unit.nn.given import keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.nn import Layer, Penalty

TOLERANCE = 1e-7


def stream() -> np.random.Generator:
    """The same stream in every pass: a numerical gradient needs a deterministic function."""
    return np.random.default_rng(123)


def example(*shape: int, seed: int = 1) -> Any:
    """Normals, none near the kink of ReLU at 0."""
    x = np.random.default_rng(seed).normal(size=shape)
    return x + np.sign(x) * 0.1


def batch_norm() -> BatchNorm:
    """Four features with a scale and a shift of their own."""
    layer = BatchNorm(4, np.float64)
    layer.gamma[:], layer.beta[:] = [1, -2, 0.5, 3], [0.1, 0.2, -3, 1]
    return layer


@pytest.mark.parametrize(
    "layer",
    [
        Affine(example(4, 3), example(3)),
        Relu(),
        Sigmoid(),
        Tanh(),
        batch_norm(),
        InvertedDropout(KeepProbability(0.3)),
        *(kind(0.3) for kind in DROPOUT_KINDS.values()),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layer(layer: Layer) -> None:
    """The gradients by a layer's input and parameters agree to 1e-7."""
    x = example(5, 4)
    out, backward = layer.train(x, stream())
    dout = example(*out.shape, seed=2)
    dx, gradients = backward(dout)
    assert relative_error(dx, numerical(layer, x, x, dout)) <= TOLERANCE
    assert gradients.keys() == layer.parameters.keys()
    for name, parameter in layer.parameters.items():
        gradient = np.asarray(gradients[name])
        assert relative_error(gradient, numerical(layer, x, parameter, dout)) <= TOLERANCE


def numerical(layer: Layer, x: Any, by: Any, dout: Any) -> Any:
    """Central differences of a layer's training pass by its input or one of its parameters."""
    return numerical_gradient(lambda _: layer.train(x, stream())[0], by, dout)


def test_input_layer_learns_the_same() -> None:
    """The input layer has an affine layer's parameter gradients, and an empty dx."""
    W, b, x, dout = example(4, 3), example(3), example(5, 4), example(5, 3)
    dx, gradients = InputAffine(W, b).train(x, stream())[1](dout)
    _, expected = Affine(W, b).train(x, stream())[1](dout)
    assert dx.shape == (5, 0)
    for name in expected:
        np.testing.assert_array_equal(gradients[name], expected[name])


def test_softmax_loss() -> None:
    """The gradient of the loss by the scores agrees to 1e-7."""
    scores, labels = example(5, 3), np.array([0, 1, 2, 1, 0])
    _, gradient = softmax_loss(scores, labels)
    expected = numerical_gradient(
        lambda s: np.array(softmax_loss(s, labels)[0]), scores, np.array(1.0)
    )
    assert relative_error(gradient, expected) <= TOLERANCE


def net(sizes: Sequence[int], **options: Any) -> Network:
    """A net in float64 whose units are off their kinks even where all inputs are dropped."""
    network = fully_connected(
        sizes, weight_scale=0.2, random=np.random.default_rng(0), dtype=np.float64, **options
    )
    for name, value in network.parameters.items():
        if name[0] == "b":
            network.parameters[name] += 0.5 + 0.1 * np.arange(len(value))
    return network


@pytest.mark.parametrize("sizes", [(6, 10), (6, 8, 10), (6, 8, 7, 10), (6, 5, 5, 5, 10)])
@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5])
def test_at_any_depth(sizes: tuple[int, ...], rate: float) -> None:
    """The loss gradient by every parameter agrees to 1e-7, with and without masks."""
    check(net(sizes, dropout=InvertedDropout(rate)))


@pytest.mark.parametrize("kind", list(DROPOUT_KINDS))
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
def test_whole_net(kind: str, activation: str, batch_norm: bool) -> None:
    """So it does for every kind, activation and batch norm, with dropout on the input too."""
    network = net(
        (6, 5, 4, 10),
        dropout=DROPOUT_KINDS[kind](0.4),
        input_dropout=DROPOUT_KINDS[kind](0.2),
        activation=ACTIVATIONS[activation],
        batch_norm=batch_norm,
    )
    check(network)


@pytest.mark.parametrize("penalties", [[l2(0.3)], [l1(0.2)], [l2(0.3), l1(0.2)]])
def test_penalized_net(penalties: list[Penalty]) -> None:
    """Penalties add to the gradient the derivative of their share of the loss."""
    check(net((6, 5, 4, 10), dropout=InvertedDropout(0.4), activation=Tanh), penalties)


def check(network: Network, penalties: Sequence[Penalty] = ()) -> None:
    """Hold the gradient by every parameter against central differences.

    Rounding of the loss leaves them an error of 1e-11 or so, which is all that there is of a
    gradient that should be 0: batch norm takes away what the bias before it adds.
    """
    x, labels = example(6, 6), np.array([0, 3, 9, 3, 1, 2])

    def loss_and_gradients() -> Any:
        loss, gradients = network.loss(x, labels, stream())
        return loss + penalize(network.parameters, gradients, penalties), gradients

    _, gradients = loss_and_gradients()
    assert gradients.keys() == network.parameters.keys()
    for name, value in network.parameters.items():
        expected = numerical_gradient(
            lambda _: np.array(loss_and_gradients()[0]), value, np.array(1.0)
        )
        np.testing.assert_allclose(
            gradients[name], expected, rtol=TOLERANCE, atol=1e-10, err_msg=name
        )


@pytest.mark.parametrize("kind", [kind for kind in DROPOUT_KINDS if kind != "gaussian"])
def test_a_dropped_unit_passes_no_gradient(kind: str) -> None:
    """A sample's dropped unit has a share of the gradient of exactly 0."""
    x = example(6, 8)
    out, backward = DROPOUT_KINDS[kind](0.5).train(x, stream())
    np.testing.assert_array_equal(backward(np.ones_like(x))[0] == 0, out == 0)
    assert (out == 0).any()


def test_a_dropped_unit_learns_nothing_from_that_sample() -> None:
    """In a sigmoid net, sample by sample, a dropped unit's weights and bias have gradient 0."""
    network = net((6, 5, 4, 10), dropout=InvertedDropout(0.5), activation=Sigmoid)
    masks = np.random.default_rng(2).random((20, 9)) < 0.6
    for mask in masks:
        first, second = mask[:5], mask[5:]
        x, labels = example(1, 6), np.array([7])
        _, g = network.loss(x, labels, keeping(first[None], second[None]))
        first = first & second.any()  # with the layer above dropped whole, nothing comes down
        np.testing.assert_array_equal(g["b1"] != 0, first)
        np.testing.assert_array_equal((g["W1"] != 0).any(axis=0), first)
        np.testing.assert_array_equal(g["b2"] != 0, second)
        np.testing.assert_array_equal(g["W2"] != 0, np.outer(mask[:5], second))
        np.testing.assert_array_equal((g["W3"] != 0).any(axis=1), second)
