"""Published numbers beside ours: the computations repeated on their legacy random streams."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn import (
    DROPOUT_KINDS,
    DropRate,
    KeepProbability,
    fully_connected,
    numerical_gradient,
    relative_error,
)
from dropsweep.training.images import SAMPLING
from dropsweep.verification.checks import PublishedNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from dropsweep.nn import Amount
    from dropsweep.nn.layer import Array

MEAN_OF_X = 10.0002078784775
DROP: dict[Amount, tuple[float, float]] = {
    DropRate(0.3): (0.300876, 9.985265770517648),
    DropRate(0.6): (0.598632, 10.035153558044966),
    DropRate(0.75): (0.749504, 10.021625749126567),
}
"""Zero fraction, and mean of the training output; a unit is kept where u >= rate."""
KEEP: dict[Amount, float] = {
    KeepProbability(0.25): 0.749784,
    KeepProbability(0.4): 0.600796,
    KeepProbability(0.7): 0.30074,
}
"""Zero fraction; a unit is kept where u < keep probability."""
GRADIENT_CHECKS: dict[Amount, float] = {
    DropRate(0.8): 1.8929048652720146e-11,
    KeepProbability(0.8): 5.4456e-11,
}
PLAIN_LOSS = 2.3004790897684924
KEEP_LOSSES: dict[Amount, float] = {
    KeepProbability(0.75): 2.302371489704412,
    KeepProbability(0.5): 2.3042759220785896,
}
DROP_LOSSES: dict[Amount, float] = {
    DropRate(0.25): 2.3048692151235994,
    DropRate(0.5): 2.310136908722148,
}
FIRST_INDICES = "116 368 310 253 109 395 14 129"
SUM_OF_INDICES = 26853
DIFFERENT_INDICES = 93

FULL_PRECISION = 1e-13
"""Relative: all digits are compared but the last two, which depend on the order of a sum."""
FIFTH_DIGIT = 1e-15
"""Of a gradient check's error near 1e-11: one unit of the fifth digit.

That error consists of roundings, and one more in the normals or in a product changes it by 1e-16:
processors and compilers that round otherwise agree on no later digit.
"""

SEED = 231
MASK_SEED = 123


def published_numbers() -> list[PublishedNumber]:
    """Each published number, compared in all digits that machines agree on."""
    return [*_mask_statistics(), *_gradient_checks(), *_initial_losses(), *_first_batch()]


def _mask_statistics() -> Iterator[PublishedNumber]:
    yield _close("mean of x", MEAN_OF_X, float(big_batch()[0].mean()))
    drop, keep = mask_statistics(DROP), mask_statistics(KEEP)
    for (amount, (zeros, mean)), ours in zip(DROP.items(), drop, strict=True):
        yield _close(f"zero fraction, {_called(amount)}", zeros, ours[0])
        yield _close(f"train mean, {_called(amount)}", mean, ours[1])
    for (amount, zeros), ours in zip(KEEP.items(), keep, strict=True):
        yield _close(f"zero fraction, {_called(amount)}", zeros, ours[0])


def _gradient_checks() -> Iterator[PublishedNumber]:
    for amount, published in GRADIENT_CHECKS.items():
        computed = gradient_check(amount)
        ok = math.isclose(computed, published, rel_tol=0, abs_tol=FIFTH_DIGIT)
        yield PublishedNumber(f"gradient check, {_called(amount)}", published, computed, ok)


def _initial_losses() -> Iterator[PublishedNumber]:
    plain, *keep = initial_losses([*KEEP_LOSSES])
    _, *drop = initial_losses([*DROP_LOSSES])
    yield _close("initial loss, no dropout", PLAIN_LOSS, plain)
    published = {**KEEP_LOSSES, **DROP_LOSSES}
    for (amount, loss), ours in zip(published.items(), [*keep, *drop], strict=True):
        yield _close(f"initial loss, {_called(amount)}", loss, ours)


def _first_batch() -> Iterator[PublishedNumber]:
    indices = first_batch().tolist()
    first, total, different = indices[: len(FIRST_INDICES.split())], sum(indices), set(indices)
    yield _equal("first batch, beginning", FIRST_INDICES, " ".join(map(str, first)))
    yield _equal("first batch, sum", SUM_OF_INDICES, total)
    yield _equal("first batch, different images", DIFFERENT_INDICES, len(different))


def _close(what: str, published: float, computed: float) -> PublishedNumber:
    ok = math.isclose(computed, published, rel_tol=FULL_PRECISION)
    return PublishedNumber(what, published, computed, ok)


def _equal(what: str, published: float | str, computed: float | str) -> PublishedNumber:
    return PublishedNumber(what, published, computed, published == computed)


def _called(amount: Amount) -> str:
    return f"keep {amount.keep}" if isinstance(amount, KeepProbability) else f"drop {amount.rate}"


class Reseeded(np.random.RandomState):
    """A stream that starts again at ``MASK_SEED`` before it draws a mask.

    So does the source's dropout: it reseeds the one stream that all else is drawn from as well,
    and a net built after it begins where the last mask ended.
    """

    def random(self, size: Any = None) -> Any:
        """Uniforms from the beginning of the stream."""
        self.seed(MASK_SEED)
        return super().random(size)


def big_batch() -> tuple[Array, np.random.RandomState]:
    """The batch of the mask statistics, and the stream that it left."""
    stream = np.random.RandomState(SEED)
    return stream.standard_normal((500, 500)) + 10, stream


def mask_statistics(amounts: Iterable[Amount]) -> list[tuple[float, float]]:
    """Zero fraction and mean of the training output, one amount after another from one stream."""
    x, stream = big_batch()
    outputs = (DROPOUT_KINDS["inverted"](amount).train(x, stream)[0] for amount in amounts)
    return [(float((out == 0).mean()), float(out.mean())) for out in outputs]


def gradient_check(amount: Amount) -> float:
    """Relative error of the backward pass on a batch of 10, the mask seeded."""
    stream = np.random.RandomState(SEED)
    x = stream.standard_normal((10, 10)) + 10
    dout = stream.standard_normal((10, 10))
    layer = DROPOUT_KINDS["inverted"](amount)
    _, backward = layer.train(x, np.random.RandomState(MASK_SEED))
    expected = numerical_gradient(
        lambda x: layer.train(x, np.random.RandomState(MASK_SEED))[0], x, dout
    )
    return relative_error(expected, backward(dout)[0])


def initial_losses(amounts: Sequence[Amount]) -> list[float]:
    """Of a net without dropout, and of one net per amount, all drawn from one stream."""
    stream = Reseeded(SEED)
    x, labels = stream.standard_normal((2, 15)), stream.randint(10, size=2)
    losses = []
    for dropout in (None, *map(DROPOUT_KINDS["inverted"], amounts)):
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
