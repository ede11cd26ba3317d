"""Nets of affine, ReLU and dropout layers."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.nn import fully_connected


class Reseeded(np.random.RandomState):
    """A stream that starts again at seed 123 before every draw, as a seeded notebook does."""

    def random(self, size: object = None) -> object:  # type: ignore[override]
        """Uniforms from a fresh start."""
        self.seed(123)
        return super().random(size)  # type: ignore[call-overload]


def test_published_initial_losses() -> None:
    """The published losses at drop 0, .25, .5 come out to the last digits (RandomState(231))."""
    stream = Reseeded(231)
    x = stream.randn(2, 15)
    labels = stream.randint(10, size=2)
    losses = []
    for rate in (0, 0.25, 0.5):
        net = fully_connected(
            [15, 20, 30, 10], rate=rate, weight_scale=0.05, random=stream, dtype=np.float64
        )
        losses.append(net.loss(x, labels, stream)[0])
    published = [2.3004790897684924, 2.3048692151235994, 2.310136908722148]
    assert losses == pytest.approx(published, abs=1e-14)


def test_parameters_are_named_from_the_input() -> None:
    """W1 is the first layer's; shapes are (in, out); biases begin at 0."""
    net = fully_connected([4, 6, 5, 3], rate=0.5, weight_scale=1, random=np.random.default_rng(0))
    shapes = {name: value.shape for name, value in net.parameters.items()}
    assert shapes == {
        "W1": (4, 6), "b1": (6,), "W2": (6, 5), "b2": (5,), "W3": (5, 3), "b3": (3,),
    }  # fmt: skip
    assert not any(value.any() for name, value in net.parameters.items() if name.startswith("b"))


def test_scores_by_hand() -> None:
    """Scores are relu(x W1 + b1) W2 + b2, dropout or not."""
    net = fully_connected([4, 6, 3], rate=0.9, weight_scale=1, random=np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    p = net.parameters
    p["b1"] += 0.5
    expected = np.maximum(x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
    np.testing.assert_allclose(net.scores(x), expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept_throughout(dtype: str) -> None:
    """Parameters, scores and gradients all have the net's dtype."""
    net = fully_connected(
        [4, 6, 3], rate=0.5, weight_scale=1, random=np.random.default_rng(0), dtype=dtype
    )
    x = np.ones((5, 4), dtype)
    _, gradients = net.loss(x, np.zeros(5, int), np.random.default_rng(0))
    arrays = [*net.parameters.values(), *gradients.values(), net.scores(x)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_rate_zero_draws_nothing() -> None:
    """A net without dropout leaves the mask stream where it was."""
    net = fully_connected([4, 6, 3], rate=0, weight_scale=1, random=np.random.default_rng(0))
    masks = np.random.default_rng(5)
    before = masks.bit_generator.state
    net.loss(np.ones((5, 4), np.float32), np.zeros(5, int), masks)
    assert masks.bit_generator.state == before
