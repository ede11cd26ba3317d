"""The gradients that are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    BatchNorm,
    Network,
    fully_connected,
    softmax_loss,
)
from dropsweep.nn.activations import Relu, Tanh
from dropsweep.verification import gradients
from dropsweep.verification.gradients import gradient_errors
from tests.unit.verification import wrong

if TYPE_CHECKING:
    from collections.abc import Callable


def failed() -> set[str]:
    """The checks that do not hold."""
    return {row.what for row in gradient_errors() if not row.ok}


def test_ours_are_right() -> None:
    """Every gradient agrees, with room to spare."""
    errors = [row.error for row in gradient_errors()]
    assert max(errors) < 1e-8


def test_everything_is_checked() -> None:
    """Layers, losses, penalties, both conventions of every kind, and each combination in a net."""
    checked = [row.what for row in gradient_errors()]
    assert len(checked) == len(set(checked))
    expected = {"affine", "affine on the input", "batch norm", "softmax loss", *ACTIVATIONS}
    expected |= {"l1 penalty", "l2 penalty", "net: relu, inverted dropout, also on the input"}
    for kind in DROPOUT_KINDS:
        expected |= {f"{kind} dropout, rate 0.3", f"{kind} dropout, keep probability 0.7"}
        for activation in ACTIVATIONS:
            net = f"net: {activation}, {kind} dropout"
            expected |= {net, f"{net}, batch norm"}
    assert set(checked) == expected


def test_dropout_on_the_input_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One net has it."""
    on_input = []

    def build(sizes: Any, *, input_dropout: Any, **options: Any) -> Network:
        on_input.append(input_dropout)
        return fully_connected(sizes, input_dropout=input_dropout, **options)

    monkeypatch.setattr(gradients, "fully_connected", build)
    gradient_errors()
    [rate] = [dropout.amount.rate for dropout in on_input if dropout is not None]
    assert rate > 0


def test_a_mask_of_another_pass_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails wherever that kind is used, and nowhere else."""
    monkeypatch.setitem(DROPOUT_KINDS, "inverted", wrong.MaskOfPreviousPass)
    found = failed()
    assert {"inverted dropout, rate 0.3", "net: relu, inverted dropout"} <= found
    assert all("inverted" in what for what in found)


def test_a_wrong_activation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken from the table that configs use."""

    class Wrong(Tanh):
        def train(self, x: Any, random: Any) -> Any:
            out, _ = super().train(x, random)
            return out, lambda dout: (dout * (1 - out), {})

    monkeypatch.setitem(ACTIVATIONS, "tanh", Wrong)
    found = failed()
    assert {"tanh", "net: tanh, gaussian dropout, batch norm"} <= found
    assert all("tanh" in what for what in found)


def test_a_wrong_relu_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradient that passes through units that are off."""

    class Wrong(Relu):
        def train(self, x: Any, random: Any) -> Any:
            return super().train(x, random)[0], lambda dout: (dout, {})

    monkeypatch.setitem(ACTIVATIONS, "relu", Wrong)
    assert "relu" in failed()


def test_a_wrong_batch_norm_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dx that takes the batch's mean and variance for constants."""
    right = BatchNorm.train

    def train(self: BatchNorm, x: Any, random: Any) -> Any:
        out, backward = right(self, x, random)
        scale = self.gamma / np.sqrt(x.var(axis=0) + self.eps)
        return out, lambda dout: (dout * scale, backward(dout)[1])

    monkeypatch.setattr(BatchNorm, "train", train)
    found = failed()
    assert {"batch norm", "net: sigmoid, shared dropout, batch norm"} <= found
    assert all("batch norm" in what for what in found)


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_a_wrong_penalty_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A gradient of twice its size."""
    right = getattr(gradients, name)

    def penalty(strength: float) -> Callable[[Any], tuple[float, Any]]:
        return lambda W: (right(strength)(W)[0], right(2 * strength)(W)[1])

    monkeypatch.setattr(gradients, name, penalty)
    assert failed() == {f"{name} penalty"}


def test_a_wrong_softmax_loss_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradient that is not divided by the batch's size."""
    right = softmax_loss

    def loss(scores: Any, labels: Any) -> tuple[float, Any]:
        value, gradient = right(scores, labels)
        return value, gradient * len(labels)

    monkeypatch.setattr(gradients, "softmax_loss", loss)
    assert failed() == {"softmax loss"}


def test_a_net_that_skips_a_layer_on_its_way_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """All nets fail, and no layer by itself."""
    right = Network.loss

    def loss(self: Network, x: Any, labels: Any, random: Any) -> Any:
        value, by_name = right(self, x, labels, random)
        return value, by_name | {"W1": by_name["W1"] * 2}

    monkeypatch.setattr(Network, "loss", loss)
    found = failed()
    assert len(found) == 2 * len(DROPOUT_KINDS) * len(ACTIVATIONS) + 1
    assert all(what.startswith("net: ") for what in found)
