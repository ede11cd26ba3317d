"""Every backward pass against central differences in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import (
    Affine,
    InputAffine,
    InvertedDropout,
    Network,
    Relu,
    fully_connected,
    numerical_gradient,
    relative_error,
    softmax_loss,
)

if TYPE_CHECKING:
    from dropsweep.nn import Layer

TOLERANCE = 1e-7


def stream() -> np.random.Generator:
    """The same stream in every pass: a numerical gradient needs a deterministic function."""
    return np.random.default_rng(123)


def example(*shape: int) -> Any:
    """Normals, none near the kink of ReLU at 0."""
    x = np.random.default_rng(1).normal(size=shape)
    return x + np.sign(x) * 0.1


@pytest.mark.parametrize(
    "layer",
    [Affine(example(4, 3), example(3)), Relu(), InvertedDropout(0.3)],
    ids=lambda layer: type(layer).__name__,
)
def test_layer(layer: Layer) -> None:
    """The gradients by a layer's input and parameters agree to 1e-7."""
    x = example(5, 4)
    out, backward = layer.train(x, stream())
    dout = example(*out.shape)
    dx, gradients = backward(dout)
    assert relative_error(dx, numerical(layer, x, x, dout)) <= TOLERANCE
    for name, parameter in layer.parameters.items():
        assert relative_error(gradients[name], numerical(layer, x, parameter, dout)) <= TOLERANCE


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


@pytest.mark.parametrize("sizes", [(6, 10), (6, 8, 10), (6, 8, 7, 10), (6, 5, 5, 5, 10)])
@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5])
def test_whole_net(sizes: tuple[int, ...], rate: float) -> None:
    """The loss gradient by every parameter agrees to 1e-7, at any depth, with and without masks."""
    network = fully_connected(
        sizes, rate=rate, weight_scale=0.2, random=np.random.default_rng(0), dtype=np.float64
    )
    for depth in range(1, len(sizes)):
        network.parameters[f"b{depth}"] += 0.5  # with all inputs dropped, 0 would be on the kink
    x, labels = example(4, 6), np.array([0, 3, 9, 3])
    for name, value in numerical_network_gradients(network, x, labels).items():
        assert relative_error(network.loss(x, labels, stream())[1][name], value) <= TOLERANCE


def numerical_network_gradients(network: Network, x: Any, labels: Any) -> dict[str, Any]:
    """Central differences of the loss by each parameter."""

    def loss(_: Any) -> Any:
        return np.array(network.loss(x, labels, stream())[0])

    return {
        name: numerical_gradient(loss, value, np.array(1.0))
        for name, value in network.parameters.items()
    }


def test_a_dropped_unit_passes_no_gradient() -> None:
    """Where a sample's hidden unit is dropped, its share of the gradient is exactly 0."""
    layer = InvertedDropout(0.5)
    x = example(6, 8)
    out, backward = layer.train(x, stream())
    assert (backward(np.ones_like(x))[0][out == 0] == 0).all()
