"""Adam against its definition, and against itself."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.nn import Adam


def test_first_steps_by_hand() -> None:
    """Gradients 1, then 3: both steps of the published algorithm worked out by hand."""
    w = {"W": np.array([1.0])}
    adam = Adam(0.1)
    adam.step(w, {"W": np.array([1.0])})
    assert w["W"][0] == pytest.approx(1 - 0.1 / (1 + 1e-8), abs=1e-15)
    adam.step(w, {"W": np.array([3.0])})
    m_hat = (0.9 * 0.1 * 1 + 0.1 * 3) / (1 - 0.9**2)
    v_hat = (0.999 * 0.001 * 1 + 0.001 * 9) / (1 - 0.999**2)
    assert w["W"][0] == pytest.approx(1 - 0.1 / (1 + 1e-8) - 0.1 * m_hat / (v_hat**0.5 + 1e-8))


def test_large_arrays_are_updated_like_small_ones() -> None:
    """Working in blocks changes no element: 40,000 at once equal the same in four parts."""
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 40_000))
    whole, parts = {"W": w.reshape(200, 200).copy()}, {str(i): w[i::4].copy() for i in range(4)}
    adam, adams = Adam(0.01), Adam(0.01)
    for _ in range(3):
        adam.step(whole, {"W": g.reshape(200, 200)})
        adams.step(parts, {str(i): g[i::4].copy() for i in range(4)})
    for i in range(4):
        np.testing.assert_array_equal(whole["W"].reshape(-1)[i::4], parts[str(i)])


def test_gradients_are_untouched() -> None:
    """A step changes parameters only."""
    g = {"W": np.array([1.0, 2.0])}
    Adam(0.1).step({"W": np.zeros(2)}, g)
    np.testing.assert_array_equal(g["W"], [1.0, 2.0])


def test_converges_on_a_quadratic() -> None:
    """Minimising (w - 3)^2 ends at 3."""
    w = {"W": np.array([0.0])}
    adam = Adam(0.05)
    for _ in range(2000):
        adam.step(w, {"W": 2 * (w["W"] - 3)})
    assert w["W"][0] == pytest.approx(3, abs=1e-3)
