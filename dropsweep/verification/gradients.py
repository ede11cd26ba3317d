"""The gradients that are checked: of every layer, the loss, every penalty, and whole nets."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    Affine,
    BatchNorm,
    DropRate,
    InputAffine,
    KeepProbability,
    fully_connected,
    l1,
    l2,
    penalize,
    softmax_loss,
)
from dropsweep.verification.differences import (
    gradient_error,
    layer_error,
    network_error,
    normals,
)

if TYPE_CHECKING:
    from dropsweep.nn import Amount, Network, Penalty
    from dropsweep.nn.layer import Array
    from dropsweep.verification.checks import GradientError

AMOUNTS: dict[str, Amount] = {
    "rate 0.3": DropRate(0.3),
    "keep probability 0.7": KeepProbability(0.7),
}
"""By name: both conventions."""


def gradient_errors() -> list[GradientError]:
    """One check per layer, loss, penalty and net."""
    penalties = [_penalty("l2", l2(0.5)), _penalty("l1", l1(0.5))]
    return [*_layers(), *_dropout(), _softmax_loss(), *penalties, *_networks()]


def _layers() -> list[GradientError]:
    x, W, b = normals(0, 6, 4), normals(1, 4, 3), normals(2, 3)
    batch_norm = BatchNorm(4, np.float64)
    batch_norm.gamma += normals(3, 4)
    batch_norm.beta += normals(4, 4)
    return [
        layer_error("affine", Affine(W, b), x),
        layer_error("affine on the input", InputAffine(W, b), x),
        layer_error("batch norm", batch_norm, x),
        *(layer_error(name, kind(), x) for name, kind in ACTIVATIONS.items()),
    ]


def _dropout() -> list[GradientError]:
    return [
        layer_error(f"{name} dropout, {called}", kind(amount), normals(0, 6, 4))
        for (name, kind), (called, amount) in product(DROPOUT_KINDS.items(), AMOUNTS.items())
    ]


def _softmax_loss() -> GradientError:
    scores, labels = normals(0, 5, 3), np.array([0, 1, 2, 1, 0])
    _, gradient = softmax_loss(scores, labels)
    return gradient_error(
        "softmax loss", lambda: np.array(softmax_loss(scores, labels)[0]), [(scores, gradient)]
    )


def _penalty(name: str, penalty: Penalty) -> GradientError:
    W = normals(0, 4, 3)
    gradients = {"W": np.zeros_like(W)}
    penalize({"W": W}, gradients, [penalty])

    def loss() -> Array:
        return np.array(penalize({"W": W}, {"W": np.zeros_like(W)}, [penalty]))

    return gradient_error(f"{name} penalty", loss, [(W, gradients["W"])])


def _networks() -> list[GradientError]:
    x, labels = normals(1, 6, 4), np.array([0, 2, 1, 1, 0, 2])
    errors = [
        network_error(
            f"net: {activation}, {kind} dropout{', batch norm' if batch_norm else ''}",
            _network(activation, kind, batch_norm=batch_norm),
            x,
            labels,
        )
        for activation, kind, batch_norm in product(ACTIVATIONS, DROPOUT_KINDS, (False, True))
    ]
    network = _network("relu", "inverted", input_rate=0.2)
    on_input = network_error("net: relu, inverted dropout, also on the input", network, x, labels)
    return [*errors, on_input]


def _network(
    activation: str, kind: str, *, batch_norm: bool = False, input_rate: float = 0.0
) -> Network:
    """Two hidden layers, every parameter but the weights far from where it begins.

    Biases are moved because with all inputs of a unit dropped, 0 would be on the kink of ReLU.
    """
    random = np.random.default_rng(0)
    network = fully_connected(
        (4, 4, 4, 3),
        weight_scale=0.5,
        random=random,
        activation=ACTIVATIONS[activation],
        dropout=DROPOUT_KINDS[kind](0.3),
        input_dropout=DROPOUT_KINDS[kind](input_rate) if input_rate else None,
        batch_norm=batch_norm,
        dtype=np.float64,
    )
    for name, value in network.parameters.items():
        if not name.startswith("W"):
            np.add(value, random.uniform(0.3, 0.7, value.shape), out=value)
    return network
