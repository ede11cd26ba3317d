"""Accuracy in test mode, and averaged over random subnets."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.nn import Affine, Network
from dropsweep.nn.dropout import GaussianDropout, InvertedDropout
from dropsweep.training import Images, Split
from dropsweep.training.evaluate import DivergedError, accuracy, monte_carlo
from dropsweep.training.images import Inputs


def val(count: int = 2500) -> Inputs:
    """Images of three pixels; the class is where the largest is."""
    pixels = np.random.default_rng(0).integers(0, 256, (count, 3)).astype(np.uint8)
    images = Images(pixels, pixels.argmax(axis=1).astype(np.uint8))
    return Inputs.of(Split(images, images, images, np.zeros(3)), images)


def identity() -> Affine:
    """A layer that passes its input on."""
    return Affine(np.eye(3), np.zeros(3))


def test_accuracy_over_several_blocks() -> None:
    """A net that names the largest pixel is right on all images, however many blocks they fill."""
    data = val()
    assert accuracy(Network([identity()]), data) == 1.0
    wrong = Images(data.images.pixels, (data.images.labels + 1) % 3)
    assert accuracy(Network([identity()]), Inputs.of(data.split, wrong)) == 0.0


def test_scores_that_are_no_numbers_have_no_accuracy() -> None:
    """NaN does not count as class 0."""
    broken = Affine(np.full((3, 3), np.nan), np.zeros(3))
    with pytest.raises(DivergedError):
        accuracy(Network([broken]), val())


def test_one_pass_is_one_random_subnet() -> None:
    """K = 1 is the accuracy of one masked pass, by the same uniforms."""
    data, net = val(900), Network([InvertedDropout(0.5), identity()])
    masked = net.sampled_scores(data.take(slice(None))[0], np.random.default_rng(3))
    expected = (masked.argmax(axis=1) == data.images.labels).mean()
    assert monte_carlo(net, data, [1], np.random.default_rng(3)).val_accuracy == (expected,)
    assert expected < 0.9


def test_probabilities_are_averaged_not_scores() -> None:
    """K = 2 by hand: the mean of two softmaxes decides."""
    data, net = val(900), Network([GaussianDropout(0.9), identity()])
    stream = np.random.default_rng(3)
    total = np.zeros((900, 3))
    for _ in range(2):
        scores = net.sampled_scores(data.take(slice(None))[0], stream)
        exp = np.exp(scores - scores.max(axis=1, keepdims=True))
        total += exp / exp.sum(axis=1, keepdims=True)
    expected = (total.argmax(axis=1) == data.images.labels).mean()
    assert monte_carlo(net, data, [2], np.random.default_rng(3)).val_accuracy == (expected,)


def test_counts_are_paired_and_come_in_the_order_asked_for() -> None:
    """The first k passes are the same whatever other counts are asked for."""
    data, net = val(900), Network([InvertedDropout(0.5), identity()])
    both = monte_carlo(net, data, [9, 3], np.random.default_rng(3))
    alone = monte_carlo(net, data, [3], np.random.default_rng(3))
    assert both.samples == (9, 3)
    assert both.val_accuracy[1] == alone.val_accuracy[0]


def test_many_passes_meet_weight_scaling() -> None:
    """With scores far apart, the average of 300 passes names the test mode's class."""
    data, net = val(300), Network([InvertedDropout(0.1), identity()])
    averaged = monte_carlo(net, data, [300], np.random.default_rng(0)).val_accuracy[0]
    assert averaged == pytest.approx(accuracy(net, data), abs=0.05)


def test_nothing_is_measured_unasked() -> None:
    """No counts, no passes, no draws."""
    stream = np.random.default_rng(0)
    before = stream.bit_generator.state
    measured = monte_carlo(Network([identity()]), val(), [], stream)
    assert (measured.samples, measured.val_accuracy) == ((), ())
    assert stream.bit_generator.state == before
