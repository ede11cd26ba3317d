"""Dropout as an ensemble: its test output is an average over all 2^n subnets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dropsweep.nn import Affine, Network, softmax
from dropsweep.nn.dropout import (
    BinomialDropout,
    GaussianDropout,
    InvertedDropout,
    SharedDropout,
    VanillaDropout,
)
from tests.unit.nn.given import Given, keeping
from tests.unit.nn.subnets import all_masks, probability

RNG = np.random.default_rng(5)
every_kind = pytest.mark.parametrize("kind", [InvertedDropout, VanillaDropout, BinomialDropout])
every_rate = pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
CLOSE: Any = {"rtol": 1e-12, "atol": 1e-13}


def affine(inputs: int, outputs: int) -> Affine:
    """A layer with weights and biases."""
    return Affine(RNG.normal(size=(inputs, outputs)), RNG.normal(size=outputs))


@every_kind
@every_rate
def test_one_dropped_layer_of_a_linear_net(kind: Any, rate: float) -> None:
    """The mean score over the 4096 subnets, each by its probability, is the test score."""
    net = Network([affine(3, 12), kind(rate), affine(12, 4)])
    x, masks = RNG.normal(size=(1, 3)), all_masks(12)
    every = net.sampled_scores(np.repeat(x, len(masks), axis=0), keeping(masks))
    np.testing.assert_allclose(probability(masks, rate) @ every, net.scores(x)[0], **CLOSE)


@every_kind
@every_rate
def test_two_dropped_layers_of_a_linear_net(kind: Any, rate: float) -> None:
    """Masks of different layers are independent, so their means multiply."""
    net = Network([affine(3, 5), kind(rate), affine(5, 7), kind(rate), affine(7, 4)])
    x, masks = RNG.normal(size=(1, 3)), all_masks(12)
    every = net.sampled_scores(
        np.repeat(x, len(masks), axis=0), keeping(masks[:, :5], masks[:, 5:])
    )
    np.testing.assert_allclose(probability(masks, rate) @ every, net.scores(x)[0], **CLOSE)


@every_rate
def test_shared_masks_of_a_linear_net(rate: float) -> None:
    """Rows that share a mask share the mean too: a subnet a batch, 64 batches."""
    net = Network([affine(3, 6), SharedDropout(rate), affine(6, 4)])
    x, masks = RNG.normal(size=(5, 3)), all_masks(6)
    every = np.array([net.sampled_scores(x, keeping(mask)) for mask in masks])
    mean = np.tensordot(probability(masks, rate), every, axes=1)
    np.testing.assert_allclose(mean, net.scores(x), **CLOSE)


@every_rate
def test_gaussian_noise_in_a_linear_net(rate: float) -> None:
    """Scores are of first degree in each normal, so z = -1 and z = 1 by halves stand for it."""
    net = Network(
        [affine(3, 5), GaussianDropout(rate), affine(5, 4), GaussianDropout(rate), affine(4, 2)]
    )
    x, z = RNG.normal(size=(1, 3)), 2.0 * all_masks(9) - 1
    every = net.sampled_scores(np.repeat(x, len(z), axis=0), Given(z[:, :5], z[:, 5:]))
    np.testing.assert_allclose(every.mean(axis=0), net.scores(x)[0], rtol=1e-10, atol=1e-11)


@every_kind
@every_rate
def test_geometric_mean_of_one_softmax_layer(kind: Any, rate: float) -> None:
    """The normalised weighted geometric mean of the subnets' probabilities is weight scaling's."""
    net = Network([kind(rate), affine(10, 4)])
    x, masks = RNG.normal(size=(1, 10)), all_masks(10)
    every = softmax(net.sampled_scores(np.repeat(x, len(masks), axis=0), keeping(masks)))
    mean = np.exp(probability(masks, rate) @ np.log(every))
    np.testing.assert_allclose(mean / mean.sum(), softmax(net.scores(x))[0], rtol=1e-11)


@pytest.mark.parametrize("kind", [InvertedDropout, VanillaDropout, BinomialDropout])
def test_random_subnets_approach_the_mean(kind: Any) -> None:
    """The average of k sampled passes is the test score to five standard errors of it."""
    net = Network([affine(3, 20), kind(0.5), affine(20, 4)])
    x, k = RNG.normal(size=(1, 3)), 5000
    every = net.sampled_scores(np.repeat(x, k, axis=0), np.random.default_rng(6))
    z = (every.mean(axis=0) - net.scores(x)[0]) / (every.std(axis=0) / np.sqrt(k))
    assert (abs(z) < 5).all()
