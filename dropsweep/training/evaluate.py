"""Accuracy of a trained net: in test mode, or averaged over random subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn import softmax
from dropsweep.records import MonteCarlo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.nn import Network, RandomStream
    from dropsweep.training.split import Images, Split


class DivergedError(Exception):
    """The loss, or a score, is no longer a finite number."""


def accuracy(network: Network, split: Split, images: Images) -> float:
    """Fraction of the images whose class the net names, in test mode.

    Raises
    ------
    DivergedError
        If a score is not a finite number: an argmax over NaN is no answer.
    """
    right = 0
    for block in images.blocks():
        scores = network.scores(split.inputs(block))
        if not np.isfinite(scores).all():
            raise DivergedError
        right += int((scores.argmax(axis=1) == block.labels).sum())
    return right / len(images)


def monte_carlo(
    network: Network, split: Split, samples: Sequence[int], random: RandomStream
) -> MonteCarlo:
    """Validation accuracy of the mean class probabilities of k random subnets, for each k.

    The k subnets are the first k of one sequence, so that the accuracies are paired over k
    (Srivastava et al. 2014, section 7.5).

    Raises
    ------
    DivergedError
        If a score is not a finite number.
    """
    right = dict.fromkeys(samples, 0)
    for block in split.val.blocks():
        x = split.inputs(block)
        total = np.zeros((len(block), 1))
        for k in range(1, max(samples, default=0) + 1):
            scores = network.sampled_scores(x, random)
            if not np.isfinite(scores).all():
                raise DivergedError
            total = total + softmax(scores)
            if k in right:
                right[k] += int((total.argmax(axis=1) == block.labels).sum())
    return MonteCarlo(tuple(samples), tuple(count / len(split.val) for count in right.values()))
