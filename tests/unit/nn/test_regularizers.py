"""Penalties on the weights, and the bound on their norm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import bound_norms, l1, l2, numerical_gradient, penalize, relative_error

seeds = st.integers(0, 2**32 - 1)
limits = st.floats(1e-3, 1e3)
dtypes = st.sampled_from(["float32", "float64"])


def weights(seed: int, dtype: str = "float64") -> Any:
    """Four units with incoming weights of very different norm."""
    W = np.random.default_rng(seed).normal(size=(6, 4)) * [1e-3, 1, 10, 1e3]
    return W.astype(dtype)


def test_by_hand() -> None:
    """Of weights 3 and -4: L2 costs 0.5 strength 25, L1 strength 7; gradients W and its sign."""
    W = np.array([[3.0, -4.0, 0.0]])
    loss, gradient = l2(0.1)(W)
    assert loss == pytest.approx(0.5 * 0.1 * 25)
    np.testing.assert_allclose(gradient, [[0.3, -0.4, 0]])
    loss, gradient = l1(0.1)(W)
    assert loss == pytest.approx(0.1 * 7)
    np.testing.assert_allclose(gradient, [[0.1, -0.1, 0]])


@pytest.mark.parametrize("penalty", [l1(0.3), l2(0.3)], ids=["l1", "l2"])
def test_gradients(penalty: Any) -> None:
    """The gradient of a penalty agrees with central differences."""
    W = weights(0)[:, 1:3]
    numerical = numerical_gradient(lambda W: np.array(penalty(W)[0]), W, np.array(1.0))
    assert relative_error(penalty(W)[1], numerical) <= 1e-6


@pytest.mark.parametrize("penalty", [l1(0.3), l2(0.3)], ids=["l1", "l2"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept(penalty: Any, dtype: str) -> None:
    """A gradient is typed like the weights, a loss is a Python float."""
    loss, gradient = penalty(weights(0, dtype))
    assert (type(loss), gradient.dtype) == (float, np.dtype(dtype))


def test_penalize_adds_up_all_weights_and_penalties() -> None:
    """Each penalty on each W counts once; biases, scales and shifts are free."""
    parameters = {name: np.full((2, 2), 2.0) for name in ("W1", "b1", "gamma1", "beta1", "W2")}
    gradients: dict[str, Any] = {name: np.ones((2, 2)) for name in parameters}
    held = dict(gradients)
    total = penalize(parameters, gradients, [l2(0.5), l1(0.25)])
    assert total == pytest.approx(2 * (0.5 * 0.5 * 16 + 0.25 * 8))
    for name, gradient in held.items():
        assert gradient is gradients[name]
        np.testing.assert_allclose(gradient, 1 + 0.5 * 2 + 0.25 if name[0] == "W" else 1)
        np.testing.assert_array_equal(parameters[name], 2)


def test_no_penalties_cost_nothing() -> None:
    """An empty list adds 0 and changes no gradient."""
    gradients: dict[str, Any] = {"W1": np.ones((2, 2))}
    assert penalize({"W1": np.ones((2, 2))}, gradients, []) == 0
    np.testing.assert_array_equal(gradients["W1"], 1)


@given(seed=seeds, limit=limits, dtype=dtypes)
def test_bounded_norms(seed: int, limit: float, dtype: str) -> None:
    """No unit's incoming norm exceeds the limit by more than rounding; directions are kept."""
    W = weights(seed, dtype)
    before, eps = W.copy(), float(np.finfo(dtype).eps)
    bound_norms({"W1": W}, limit)
    norms = np.linalg.norm(W.astype(np.float64), axis=0)
    assert (norms <= limit * (1 + 8 * eps)).all()
    long = np.linalg.norm(before.astype(np.float64), axis=0) > limit * (1 + 8 * eps)
    np.testing.assert_allclose(norms[long], limit, rtol=8 * eps)
    np.testing.assert_allclose(
        W / np.linalg.norm(W, axis=0), before / np.linalg.norm(before, axis=0), atol=8 * eps
    )


@given(seed=seeds, limit=limits, dtype=dtypes)
def test_short_columns_keep_every_bit(seed: int, limit: float, dtype: str) -> None:
    """A unit within the limit is left exactly as it was."""
    W = weights(seed, dtype)
    short = np.linalg.norm(W.astype(np.float64), axis=0) < limit * (1 - 1e-5)
    before = W[:, short].tobytes()
    bound_norms({"W1": W}, limit)
    assert W[:, short].tobytes() == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("limit", [1e-3, 3, 1e3])
def test_columns_of_zeros_stay_zero(dtype: str, limit: float) -> None:
    """A unit without incoming weights divides by nothing: no warning, no NaN."""
    W = np.zeros((3, 2), dtype)
    W[:, 1] = 1e-30
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        bound_norms({"W1": W}, limit)
    np.testing.assert_array_equal(W, np.array([[0, 1e-30]] * 3, dtype))


def test_only_weights_are_bounded() -> None:
    """The bound is on columns of each W, not on rows, biases or scales."""
    parameters = {
        "W1": np.array([[3.0, 0.0], [4.0, 2.0]]), "b1": np.full(2, 9.0),
        "gamma1": np.full(2, 9.0), "beta1": np.full(2, 9.0), "W2": np.array([[8.0]]),
    }  # fmt: skip
    bound_norms(parameters, 2)
    np.testing.assert_allclose(parameters["W1"], [[1.2, 0], [1.6, 2]])
    np.testing.assert_allclose(parameters["W2"], [[2]])
    for free in ("b1", "gamma1", "beta1"):
        np.testing.assert_array_equal(parameters[free], 9)


@pytest.mark.parametrize(
    ("dtype", "scale", "limit"),
    [("float32", 1e20, 3.0), ("float32", 1e-25, 1e-27), ("float64", 1e200, 3.0)],
)
def test_norms_whose_squares_are_out_of_range(dtype: str, scale: float, limit: float) -> None:
    """Weights whose squares overflow or vanish are projected like all others."""
    W = np.random.default_rng(0).uniform(-1, 1, (50, 4)).astype(dtype) * np.dtype(dtype).type(scale)
    bound_norms({"W1": W}, limit)
    norms = np.linalg.norm(W.astype(np.float64) / limit, axis=0)
    np.testing.assert_allclose(norms, 1, rtol=1e-6)


def test_a_bound_beyond_the_type_does_nothing() -> None:
    """1e39 is no float32 number, and still only a bound that no weight reaches."""
    W = np.random.default_rng(0).standard_normal((50, 4)).astype(np.float32)
    before = W.tobytes()
    bound_norms({"W1": W}, 1e39)
    assert W.tobytes() == before
