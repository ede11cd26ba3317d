"""Softmax, and its cross-entropy: the loss of a net that names one of C classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Labels


NEGLIGIBLE = 1e-30
"""Elements of the gradient below it are set to 0.

The classes that a well fitted net rules out have probabilities below 1e-38: denormal numbers, with
which Intel's cores multiply up to a hundred times slower (7 to 15 % of a run). 1e-30 is far below
what moves a weight, and leaves eight decimals for the products that follow. The same value serves
float64, so that both types compute the same thing.
"""


def softmax_loss(scores: Array, labels: Labels) -> tuple[float, Array]:
    """Mean of ``-log p[label]`` over the batch, with its gradient.

    With p = softmax(scores): d loss / d scores = (p - onehot(labels)) / N. The highest score of a
    row is subtracted first, so that no exponential overflows. Elements of the gradient below
    `NEGLIGIBLE` are 0.

    Parameters
    ----------
    scores
        Shape (N, C).
    labels
        Shape (N,), integers in [0, C).

    Returns
    -------
    loss, gradient
        In nats, and of shape (N, C). The loss is inf or NaN where the scores are.
    """
    rows = np.arange(len(scores))
    log_p = _log_softmax(scores)
    loss = -float(log_p[rows, labels].mean())
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    gradient /= len(scores)
    gradient[np.abs(gradient) < NEGLIGIBLE] = 0
    return loss, gradient


def softmax(scores: Array) -> Array:
    """Class probabilities, shape (N, C), rows summing to 1."""
    probabilities: Array = np.exp(_log_softmax(scores))
    return probabilities


def _log_softmax(scores: Array) -> Array:
    shifted: Array = scores - scores.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted
