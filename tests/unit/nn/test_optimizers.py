"""Optimizers against their definitions, and against themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dropsweep.nn import OPTIMIZERS, Adam, Momentum, RmsProp, Sgd

every_optimizer = pytest.mark.parametrize(
    "optimizer", list(OPTIMIZERS.values()), ids=list(OPTIMIZERS)
)


def test_names() -> None:
    """A config's four names mean these four."""
    assert {"sgd": Sgd, "momentum": Momentum, "rmsprop": RmsProp, "adam": Adam} == OPTIMIZERS


def two_steps(optimizer: Any) -> tuple[float, float]:
    """How far w has gone down after a gradient of 1, and after another of 3, at lr 0.1."""
    w, made = {"W": np.array([5.0])}, optimizer(0.1)
    made.step(w, {"W": np.array([1.0])})
    first = 5 - w["W"][0]
    made.step(w, {"W": np.array([3.0])})
    return first, 5 - w["W"][0]


def test_sgd_by_hand() -> None:
    """A step is lr g."""
    assert two_steps(Sgd) == pytest.approx((0.1, 0.1 + 0.3), abs=1e-14)


def test_momentum_by_hand() -> None:
    """A step is lr g and nine tenths of the step before."""
    assert two_steps(Momentum) == pytest.approx((0.1, 0.1 + 0.9 * 0.1 + 0.3), abs=1e-14)


def test_rmsprop_by_hand() -> None:
    """A step is lr g / sqrt(v): v = 0.01, then 0.99 x 0.01 + 0.01 x 9."""
    first = 0.1 / (0.01**0.5 + 1e-8)
    second = 0.3 / ((0.99 * 0.01 + 0.09) ** 0.5 + 1e-8)
    assert two_steps(RmsProp) == pytest.approx((first, first + second), abs=1e-14)


def test_adam_by_hand() -> None:
    """Both steps of the published algorithm, t = 1 and t = 2."""
    first = 0.1 / (1 + 1e-8)
    m_hat = (0.9 * 0.1 * 1 + 0.1 * 3) / (1 - 0.9**2)
    v_hat = (0.999 * 0.001 * 1 + 0.001 * 9) / (1 - 0.999**2)
    second = 0.1 * m_hat / (v_hat**0.5 + 1e-8)
    assert two_steps(Adam) == pytest.approx((first, first + second), abs=1e-14)


@pytest.mark.parametrize("optimizer", [RmsProp, Adam])
def test_eps_is_added_after_the_root(optimizer: Any) -> None:
    """At gradients as small as eps its place shows: sqrt(v) + eps, not sqrt(v + eps)."""
    w, g = {"W": np.zeros(1)}, 1e-8
    optimizer(1.0).step(w, {"W": np.array([g])})
    root = g if optimizer is Adam else 0.1 * g
    assert w["W"][0] == pytest.approx(-g / (root + 1e-8), rel=1e-9)


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_arrays_are_updated_like_small_ones(optimizer: Any, dtype: str) -> None:
    """Working in blocks changes no element: 40,000 at once equal the same in four parts."""
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 40_000)).astype(dtype)
    whole, parts = {"W": w.reshape(200, 200).copy()}, {str(i): w[i::4].copy() for i in range(4)}
    one, other = optimizer(0.01), optimizer(0.01)
    for _ in range(3):
        one.step(whole, {"W": g.reshape(200, 200)})
        other.step(parts, {str(i): g[i::4].copy() for i in range(4)})
    for i in range(4):
        np.testing.assert_array_equal(whole["W"].reshape(-1)[i::4], parts[str(i)])
    assert whole["W"].dtype == dtype
    assert (whole["W"].reshape(-1) != w).all()


@every_optimizer
def test_a_step_is_deterministic(optimizer: Any) -> None:
    """The same gradients give the same bits, whatever another optimizer did in between."""
    results = []
    for _ in range(2):
        w, made = {"W": np.ones(5), "b": np.ones(2)}, optimizer(0.01)
        rng = np.random.default_rng(4)
        for _ in range(5):
            made.step(w, {name: rng.normal(size=value.shape) for name, value in w.items()})
        results.append(w["W"].tobytes() + w["b"].tobytes())
    assert results[0] == results[1]


@every_optimizer
def test_gradients_are_untouched(optimizer: Any) -> None:
    """A step changes the parameters, in place, and nothing else."""
    g, w = {"W": np.array([1.0, 2.0])}, np.zeros(2)
    made = optimizer(0.1)
    for _ in range(2):
        made.step({"W": w}, g)
    np.testing.assert_array_equal(g["W"], [1.0, 2.0])
    assert (w < 0).all()


@every_optimizer
def test_no_gradient_no_step(optimizer: Any) -> None:
    """Where the gradient has always been 0 a parameter stays, without a 0 / 0."""
    w, made = {"W": np.array([1.0, -2.0], np.float32)}, optimizer(0.1)
    for _ in range(3):
        made.step(w, {"W": np.zeros(2, np.float32)})
    np.testing.assert_array_equal(w["W"], [1, -2])


@every_optimizer
def test_the_learning_rate_may_change_between_steps(optimizer: Any) -> None:
    """A first step is proportional to the learning rate at that step, not at the start."""
    w, other = {"W": np.ones(3)}, {"W": np.ones(3)}
    made = optimizer(0.1)
    made.learning_rate = 0.05
    made.step(w, {"W": np.arange(1.0, 4.0)})
    optimizer(0.05).step(other, {"W": np.arange(1.0, 4.0)})
    np.testing.assert_array_equal(w["W"], other["W"])


@every_optimizer
def test_converges_on_a_quadratic(optimizer: Any) -> None:
    """Minimising (w - 3)^2 from 0, and 50 (w + 1)^2 beside it, ends at 3 and -1."""
    w, made = {"W": np.zeros(2)}, optimizer(0.01)
    for _ in range(3000):
        made.step(w, {"W": np.array([2.0, 100.0]) * (w["W"] - [3, -1])})
    np.testing.assert_allclose(w["W"], [3, -1], atol=0.02)


def test_a_parameter_that_is_no_block_of_memory_is_refused() -> None:
    """Rather than silently left as it was."""
    with pytest.raises(ValueError, match="C-contiguous: W"):
        Sgd(0.1).step({"W": np.ones((3, 4)).T}, {"W": np.ones((4, 3))})
