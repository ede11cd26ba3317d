"""Optimizers against their definitions, and against themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.nn import OPTIMIZERS
from dropsweep.nn.layer import Product
from dropsweep.nn.optimizers import Adam, Momentum, RmsProp, Sgd

every_optimizer = pytest.mark.parametrize(
    "optimizer", list(OPTIMIZERS.values()), ids=list(OPTIMIZERS)
)


def test_names() -> None:
    """A config's four names mean these four."""
    assert {"sgd": Sgd, "momentum": Momentum, "rmsprop": RmsProp, "adam": Adam} == OPTIMIZERS


def two_steps(optimizer: Any) -> tuple[float, float]:
    """The descent of w after a gradient of 1, and after another of 3, at lr 0.1."""
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
    """Working in panels changes no element: 360,000 at once equal the same in four parts."""
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 360_000)).astype(dtype)
    whole, parts = {"W": w.reshape(600, 600).copy()}, {str(i): w[i::4].copy() for i in range(4)}
    one, other = optimizer(0.01), optimizer(0.01)
    for _ in range(3):
        one.step(whole, {"W": g.reshape(600, 600)})
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
    """A parameter whose gradient has always been 0 stays, without a 0 / 0."""
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


@every_optimizer
def test_a_parameter_of_any_layout_is_changed_in_place(optimizer: Any) -> None:
    """Also a transposed one, which is no block of memory."""
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 4, 3))
    turned = {"W": np.asfortranarray(w)}
    plain = {"W": w.copy()}
    for parameters in (turned, plain):
        made = optimizer(0.1)
        for _ in range(3):
            made.step(parameters, {"W": g})
    np.testing.assert_array_equal(turned["W"], plain["W"])
    assert (plain["W"] != w).all()


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(
    shape=st.tuples(st.integers(1, 8), st.integers(1, 700), st.integers(1, 400)),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None, max_examples=20)
def test_a_product_is_taken_panel_by_panel(
    optimizer: Any, dtype: str, shape: tuple[int, int, int], seed: int
) -> None:
    """A step by x' dout that is yet to be taken is the step by the whole product, at any shape.

    Panels may add in another order than the whole, which the loosest optimizer answers for small
    gradients by a step of another size: elements that are near 0 are not looked at.
    """
    rng, (images, inputs, outputs) = np.random.default_rng(seed), shape
    x, dout = (rng.normal(size=(images, n)).astype(dtype) for n in (inputs, outputs))
    w = rng.normal(size=(inputs, outputs)).astype(dtype)
    lazy, whole = {"W": w.copy()}, {"W": w.copy()}
    one, other = optimizer(0.01), optimizer(0.01)
    for _ in range(2):
        one.step(lazy, {"W": Product(x, dout)})
        other.step(whole, {"W": x.T @ dout})
    sure = np.abs(x.T @ dout) > 1e-3
    close = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(lazy["W"][sure], whole["W"][sure], rtol=close, atol=close)


@pytest.mark.parametrize("t", [1, 2, 300])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_adam_is_the_published_formula(t: int, dtype: str) -> None:
    """After t steps on 301 x 333 weights: Kingma & Ba's algorithm 1, line by line in float64."""
    rng = np.random.default_rng(t)
    w = rng.normal(size=(301, 333))
    g = rng.normal(size=(10, *w.shape)) * np.exp(rng.normal(size=w.shape) * 4)
    parameters, made = {"W": w.astype(dtype)}, Adam(0.01)
    m = v = np.zeros_like(w)
    for step in range(1, t + 1):
        each = g[step % 10].astype(dtype)
        made.step(parameters, {"W": each})
        m = 0.9 * m + (1 - 0.9) * each
        v = 0.999 * v + (1 - 0.999) * np.square(each, dtype=np.float64)
        w = w - 0.01 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    close = 1e-4 if dtype == "float32" else 1e-11
    np.testing.assert_allclose(parameters["W"], w, rtol=close, atol=close)
