"""Published computations, done again with our layers on their legacy random streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn import DROPOUT_KINDS, fully_connected, numerical_gradient, relative_error
from dropsweep.training.images import SAMPLING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dropsweep.nn import Level
    from dropsweep.nn.layer import Array

SEED = 231
MASK_SEED = 123


class Reseeded(np.random.RandomState):
    """A stream that starts again at ``MASK_SEED`` before it draws a mask.

    So does the source's dropout: it reseeds the one stream that all else is drawn from as well,
    and a net built after it begins where the last mask ended.
    """

    def random(self, size: Any = None) -> Any:
        """Uniforms from a fresh start."""
        self.seed(MASK_SEED)
        return super().random(size)


def big_batch() -> tuple[Array, np.random.RandomState]:
    """The batch of the mask statistics, and the stream that it left."""
    stream = np.random.RandomState(SEED)
    return stream.standard_normal((500, 500)) + 10, stream


def mask_statistics(levels: Iterable[Level]) -> list[tuple[float, float]]:
    """Zero fraction and mean of the training output, level after level from one stream."""
    x, stream = big_batch()
    outputs = (DROPOUT_KINDS["inverted"](level).train(x, stream)[0] for level in levels)
    return [(float((out == 0).mean()), float(out.mean())) for out in outputs]


def gradient_check(level: Level) -> float:
    """Relative error of the backward pass on a batch of 10, the mask seeded."""
    stream = np.random.RandomState(SEED)
    x = stream.standard_normal((10, 10)) + 10
    dout = stream.standard_normal((10, 10))
    layer = DROPOUT_KINDS["inverted"](level)
    _, backward = layer.train(x, np.random.RandomState(MASK_SEED))
    expected = numerical_gradient(
        lambda x: layer.train(x, np.random.RandomState(MASK_SEED))[0], x, dout
    )
    return relative_error(expected, backward(dout)[0])


def initial_losses(levels: Sequence[Level]) -> list[float]:
    """Of a net without dropout, and of one net a level, all drawn from one stream."""
    stream = Reseeded(SEED)
    x, labels = stream.standard_normal((2, 15)), stream.randint(10, size=2)
    losses = []
    for dropout in (None, *map(DROPOUT_KINDS["inverted"], levels)):
        network = fully_connected(
            (15, 20, 30, 10),
            dropout=dropout,
            weight_scale=0.05,
            random=stream,
            dtype=np.float64,
        )
        losses.append(network.loss(x, labels, stream)[0])
    return losses


def first_batch() -> NDArray[Any]:
    """Indices of the sweep's first batch, drawn after the weights of its first net."""
    stream = np.random.RandomState(SEED)
    fully_connected((3072, 500, 10), weight_scale=0.01, random=stream)
    return next(SAMPLING["replacement"](500, 100, stream))
