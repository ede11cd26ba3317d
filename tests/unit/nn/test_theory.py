"""Equalities between nets: dropout kinds that are one net written twice, and no dropout at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import ACTIVATIONS, DROPOUT_KINDS, KeepProbability, fully_connected
from dropsweep.nn.dropout import InvertedDropout, VanillaDropout

if TYPE_CHECKING:
    from dropsweep.nn import Network

every_kind = pytest.mark.parametrize("kind", list(DROPOUT_KINDS))
every_activation = pytest.mark.parametrize("activation", list(ACTIVATIONS))
X = np.random.default_rng(1).normal(size=(8, 6))
LABELS = np.arange(8) % 5


def net(activation: str, **options: Any) -> Network:
    """Two hidden layers, with biases."""
    made = fully_connected(
        [6, 7, 4, 5],
        weight_scale=0.7,
        random=np.random.default_rng(0),
        dtype=np.float64,
        activation=ACTIVATIONS[activation],
        **options,
    )
    for name, value in made.parameters.items():
        if name[0] == "b":
            made.parameters[name] += 0.1 + 0.05 * np.arange(len(value))
    return made


def masks() -> np.random.Generator:
    """The stream that the nets of a comparison share."""
    return np.random.default_rng(9)


@every_activation
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("input_rate", [0, 0.3])
def test_vanilla_is_inverted_with_smaller_weights(
    activation: str, rate: float, input_rate: float
) -> None:
    """vanilla(W1, W2, W3) = inverted(W1, q W2, q W3) in training and test, biases as they are.

    By the chain rule vanilla's gradients of W2 and W3 are then q times inverted's, those of W1
    and the biases equal. With dropout on the input W1 is scaled by the input's q likewise.
    """
    q = {"W1": 1 - input_rate, "W2": 1 - rate, "W3": 1 - rate}
    vanilla = net(
        activation, dropout=VanillaDropout(rate), input_dropout=VanillaDropout(input_rate)
    )
    inverted = net(
        activation, dropout=InvertedDropout(rate), input_dropout=InvertedDropout(input_rate)
    )
    for name, keep in q.items():
        inverted.parameters[name] *= keep
    close: Any = {"rtol": 1e-12, "atol": 1e-13}
    np.testing.assert_allclose(vanilla.scores(X), inverted.scores(X), **close)
    np.testing.assert_allclose(
        vanilla.sampled_scores(X, masks()), inverted.sampled_scores(X, masks()), **close
    )
    loss, gradients = vanilla.loss(X, LABELS, masks())
    same_loss, of_inverted = inverted.loss(X, LABELS, masks())
    assert loss == pytest.approx(same_loss, rel=1e-13)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, q.get(name, 1) * of_inverted[name], **close)


@every_kind
@every_activation
@pytest.mark.parametrize("level", [0.0, KeepProbability(1)], ids=["rate", "keep_prob"])
def test_nothing_dropped_is_no_dropout(kind: str, activation: str, level: Any) -> None:
    """At r = 0, or q = 1, loss, gradients and scores are the plain net's bit for bit."""
    layer = DROPOUT_KINDS[kind](level)
    assert_same_bits(net(activation, dropout=layer, input_dropout=layer), net(activation))


@every_kind
def test_nothing_dropped_beside_batch_norm(kind: str) -> None:
    """So they are with batch norm, and its running statistics too."""
    assert_same_bits(
        net("relu", dropout=DROPOUT_KINDS[kind](0), batch_norm=True), net("relu", batch_norm=True)
    )


def assert_same_bits(net: Network, plain: Network) -> None:
    """Train one step, then compare all that can be seen of two nets."""
    loss, gradients = net.loss(X, LABELS, masks())
    plain_loss, plain_gradients = plain.loss(X, LABELS, masks())
    assert loss == plain_loss
    for name, gradient in plain_gradients.items():
        assert gradients[name].tobytes() == gradient.tobytes()
    for name, value in plain.state.items():
        assert net.state[name].tobytes() == value.tobytes()
    scores = plain.scores(X).tobytes()
    assert net.scores(X).tobytes() == net.sampled_scores(X, masks()).tobytes() == scores


@pytest.mark.parametrize("kind", [kind for kind in DROPOUT_KINDS if kind != "vanilla"])
def test_testing_ignores_the_rate(kind: str) -> None:
    """Trained with whatever dropout, on units and input, the test scores are the plain net's."""
    dropped = net(
        "sigmoid", dropout=DROPOUT_KINDS[kind](0.7), input_dropout=DROPOUT_KINDS[kind](0.2)
    )
    assert dropped.scores(X).tobytes() == net("sigmoid").scores(X).tobytes()
