"""Accuracy of a trained net: in test mode, or averaged over random subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn import softmax
from dropsweep.records import MonteCarlo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.nn import Network, RandomStream
    from dropsweep.training.images import Inputs


class DivergedError(Exception):
    """The loss, or a score, is no longer a finite number: an argmax over NaN is no answer."""


def accuracy(network: Network, inputs: Inputs) -> float:
    """Fraction of the images that the net classifies right, in test mode."""
    right = 0
    for x, labels in inputs.blocks():
        scores = network.scores(x)
        if not np.isfinite(scores).all():
            raise DivergedError
        right += int((scores.argmax(axis=1) == labels).sum())
    return right / len(inputs)


def monte_carlo(
    network: Network, val: Inputs, samples: Sequence[int], random: RandomStream
) -> MonteCarlo:
    """Validation accuracy of the mean class probabilities of k random subnets, for each k.

    The k subnets are the first k of one sequence, so that the accuracies are paired over k
    (Srivastava et al. 2014, section 7.5).
    """
    right = dict.fromkeys(samples, 0)
    for x, labels in val.blocks():
        total = np.zeros((len(x), 1))
        for k in range(1, max(samples, default=0) + 1):
            scores = network.sampled_scores(x, random)
            if not np.isfinite(scores).all():
                raise DivergedError
            total = total + softmax(scores)
            if k in right:
                right[k] += int((total.argmax(axis=1) == labels).sum())
    return MonteCarlo(tuple(samples), tuple(count / len(val) for count in right.values()))
