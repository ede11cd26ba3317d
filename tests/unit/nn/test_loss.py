"""Softmax cross-entropy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dropsweep.nn import softmax_loss


def test_equal_scores_cost_log_of_the_classes() -> None:
    """With all scores equal the loss is ln C."""
    loss, _ = softmax_loss(np.zeros((3, 10)), np.array([0, 5, 9]))
    assert loss == pytest.approx(math.log(10))


def test_by_hand() -> None:
    """Scores (0, ln 3) mean probabilities (1/4, 3/4)."""
    loss, gradient = softmax_loss(np.array([[0.0, math.log(3)]]), np.array([0]))
    assert loss == pytest.approx(math.log(4))
    np.testing.assert_allclose(gradient, [[-0.75, 0.75]])


def test_huge_scores_do_not_overflow() -> None:
    """Scores of 1e4 give a finite loss in float32."""
    loss, gradient = softmax_loss(np.array([[1e4, -1e4]], np.float32), np.array([1]))
    assert loss == pytest.approx(2e4)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_negligible_gradients_are_zero(dtype: str) -> None:
    """Classes ruled out beyond 1e-30 pass no denormal on; those just inside it are kept."""
    scores = np.array([[0, -60, -69, -70, -90, -100, -800]], dtype)
    _, gradient = softmax_loss(scores, np.array([0]))
    expected = np.exp(scores[0].astype(np.float64))
    np.testing.assert_allclose(gradient[0, 1:3], expected[1:3], rtol=1e-5)
    np.testing.assert_array_equal(gradient[0, 3:], 0)
