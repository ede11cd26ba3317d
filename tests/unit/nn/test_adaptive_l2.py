"""Dropout as a penalty on the weights that adapts to the data (Wager et al. 2013)."""

from __future__ import annotations

import itertools
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from dropsweep.nn import Affine, Network, softmax
from dropsweep.nn.dropout import GaussianDropout, InvertedDropout
from tests.unit.nn.given import Given, keeping
from tests.unit.nn.subnets import all_masks, probability

FEATURES = 8
RNG = np.random.default_rng(3)
X = RNG.normal(size=(6, FEATURES))
Y = RNG.normal(size=6)
w = RNG.normal(size=(FEATURES, 1))
W = RNG.normal(size=(FEATURES, 3)) * 0.4
LABELS = np.array([0, 1, 2, 0, 1, 1])
MASKS = all_masks(FEATURES)


def marginalised_loss(rate: float) -> float:
    """|y - X w|^2 + (r / q) |Gamma w|^2, Gamma = diag(X' X)^(1/2) (Srivastava et al., 9.1)."""
    residual = Y - (X @ w)[:, 0]
    gamma = np.sqrt(np.diag(X.T @ X))
    return float(residual @ residual + rate / (1 - rate) * np.sum((gamma * w[:, 0]) ** 2))


def regression(layer: Any) -> Network:
    """A linear regression without a bias, behind dropout on its features."""
    return Network([layer, Affine(w, np.zeros(1))])


def squared_errors(net: Network, row: int, stream: Any, copies: int) -> Any:
    """(y - (x * mask) w)^2 of one row under many masks."""
    predicted = net.sampled_scores(np.repeat(X[row : row + 1], copies, axis=0), stream)[:, 0]
    return (Y[row] - predicted) ** 2


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_linear_regression_exactly(rate: float) -> None:
    """The mean loss over all masks is the marginalised loss."""
    net, weight = regression(InvertedDropout(rate)), probability(MASKS, rate)
    mean = sum(
        weight @ squared_errors(net, row, keeping(MASKS), len(MASKS)) for row in range(len(X))
    )
    assert mean == pytest.approx(marginalised_loss(rate), rel=1e-12)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_gaussian_noise_costs_the_same(rate: float) -> None:
    """The loss is of second degree in each normal, so z = -1 and z = 1 by halves stand for it."""
    net, z = regression(GaussianDropout(rate)), 2.0 * MASKS - 1
    mean = sum(squared_errors(net, row, Given(z), len(z)).mean() for row in range(len(X)))
    assert mean == pytest.approx(marginalised_loss(rate), rel=1e-12)


@pytest.mark.parametrize("kind", [InvertedDropout, GaussianDropout])
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_linear_regression_by_sampling(kind: Any, rate: float) -> None:
    """The loss averaged over random masks comes to it within five standard errors."""
    net, stream, draws = regression(kind(rate)), np.random.default_rng(8), 20_000
    losses = sum(squared_errors(net, row, stream, draws) for row in range(len(X)))
    z = (losses.mean() - marginalised_loss(rate)) / (losses.std() / np.sqrt(draws))
    assert abs(z) < 5


def test_small_noise_on_softmax_regression() -> None:
    """As r -> 0, Gaussian dropout costs the quadratic penalty; what is left falls with r."""
    errors = [
        gaussian_cost(rate) / (rate / (1 - rate) * quadratic_penalty(W)) - 1
        for rate in (0.1, 0.01, 0.001)
    ]
    falls(errors)


def test_rare_drops_in_softmax_regression() -> None:
    """As r -> 0, dropping costs r times what each lost feature costs beyond its linear part.

    A dropped feature is missing whole, however rarely, so that all orders of its weights count.
    """
    errors = [dropping_cost(rate, W) / rate / cost_of_losses(W) - 1 for rate in (0.1, 0.01, 0.001)]
    falls(errors)


def test_rare_drops_of_small_weights() -> None:
    """As the weights shrink with r, only the quadratic part of that is left: adaptive L2."""
    errors = [
        dropping_cost(rate, rate * W) / (rate / (1 - rate) * quadratic_penalty(rate * W)) - 1
        for rate in (0.1, 0.01, 0.001)
    ]
    falls(errors)


def falls(errors: list[float]) -> None:
    """At r = 0.1, 0.01, 0.001: at least in proportion to r, as far as two terms can tell."""
    assert abs(errors[2]) < 1e-3
    for larger, smaller in pairwise(errors):
        assert abs(smaller) < abs(larger) / 8


def gaussian_cost(rate: float) -> float:
    """E[loss with Gaussian dropout] - loss, by three-point Gauss-Hermite quadrature.

    Exact up to the fifth degree in each normal: what is left out is of order (r / q)^3.
    """
    points = np.array(list(itertools.product([0, 1, 2], repeat=FEATURES)))
    z = np.sqrt(3) * np.array([-1, 0, 1])[points]
    weight = np.array([1 / 6, 2 / 3, 1 / 6])[points].prod(axis=1)
    return cost(classifier(GaussianDropout(rate), W), Given(*[z] * len(X)), weight)


def dropping_cost(rate: float, weights: Any) -> float:
    """E[loss with dropout] - loss, by all masks."""
    net = classifier(InvertedDropout(rate), weights)
    return cost(net, keeping(*[MASKS] * len(X)), probability(MASKS, rate))


def classifier(layer: Any, weights: Any) -> Network:
    """A softmax regression without biases, behind dropout on its features."""
    return Network([layer, Affine(weights, np.zeros(3))])


def cost(net: Network, stream: Any, weight: Any) -> float:
    """The weighted mean of the sampled losses less the loss, summed over the rows."""
    total = 0.0
    for x, label in zip(X, LABELS, strict=True):
        every = softmax(net.sampled_scores(np.tile(x, (len(weight), 1)), stream))
        plain = softmax(net.scores(x[None]))[0]
        total -= float(weight @ np.log(every[:, label] / plain[label]))
    return total


def quadratic_penalty(weights: Any) -> float:
    """1/2 sum_i sum_j x_ij^2 w_j' (diag(p_i) - p_i p_i') w_j."""
    total = 0.0
    for x, p in zip(X, softmax(X @ weights), strict=True):
        curvature = np.diag(p) - np.outer(p, p)
        total += sum(x[j] ** 2 * weights[j] @ curvature @ weights[j] for j in range(FEATURES))
    return float(0.5 * total)


def cost_of_losses(weights: Any) -> float:
    """sum_i sum_j loss_i(without feature j) - loss_i + x_ij d loss_i / d x_ij."""
    total = 0.0
    for x, label in zip(X, LABELS, strict=True):
        without = softmax((x - np.diag(x)) @ weights)[:, label]
        p = softmax(x[None] @ weights)[0]
        slope = weights @ (p - np.eye(3)[label])
        total += float(np.sum(np.log(p[label] / without)) + x @ slope)
    return total
