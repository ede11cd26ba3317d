"""The numbers that others printed, beside ours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dropsweep.nn import DropRate, KeepProbability
from dropsweep.verification import replay
from dropsweep.verification.checks import PublishedNumber

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dropsweep.nn import Level

MEAN_OF_X = 10.0002078784775
DROP: dict[Level, tuple[float, float]] = {
    DropRate(0.3): (0.300876, 9.985265770517648),
    DropRate(0.6): (0.598632, 10.035153558044966),
    DropRate(0.75): (0.749504, 10.021625749126567),
}
"""Zero fraction, and mean of the training output; a unit is kept where u >= rate."""
KEEP: dict[Level, float] = {
    KeepProbability(0.25): 0.749784,
    KeepProbability(0.4): 0.600796,
    KeepProbability(0.7): 0.30074,
}
"""Zero fraction; a unit is kept where u < keep probability."""
GRADIENT_CHECKS: dict[Level, float] = {
    DropRate(0.8): 1.8929048652720146e-11,
    KeepProbability(0.8): 5.4456e-11,
}
PLAIN_LOSS = 2.3004790897684924
KEEP_LOSSES: dict[Level, float] = {
    KeepProbability(0.75): 2.302371489704412,
    KeepProbability(0.5): 2.3042759220785896,
}
DROP_LOSSES: dict[Level, float] = {
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


def published_numbers() -> list[PublishedNumber]:
    """Each published number, compared in all digits that machines agree on."""
    return [*_mask_statistics(), *_gradient_checks(), *_initial_losses(), *_first_batch()]


def _mask_statistics() -> Iterator[PublishedNumber]:
    yield _close("mean of x", MEAN_OF_X, float(replay.big_batch()[0].mean()))
    drop, keep = replay.mask_statistics(DROP), replay.mask_statistics(KEEP)
    for (level, (zeros, mean)), ours in zip(DROP.items(), drop, strict=True):
        yield _close(f"zero fraction, {_called(level)}", zeros, ours[0])
        yield _close(f"train mean, {_called(level)}", mean, ours[1])
    for (level, zeros), ours in zip(KEEP.items(), keep, strict=True):
        yield _close(f"zero fraction, {_called(level)}", zeros, ours[0])


def _gradient_checks() -> Iterator[PublishedNumber]:
    for level, published in GRADIENT_CHECKS.items():
        computed = replay.gradient_check(level)
        ok = math.isclose(computed, published, rel_tol=0, abs_tol=FIFTH_DIGIT)
        yield PublishedNumber(f"gradient check, {_called(level)}", published, computed, ok)


def _initial_losses() -> Iterator[PublishedNumber]:
    plain, *keep = replay.initial_losses([*KEEP_LOSSES])
    _, *drop = replay.initial_losses([*DROP_LOSSES])
    yield _close("initial loss, no dropout", PLAIN_LOSS, plain)
    published = {**KEEP_LOSSES, **DROP_LOSSES}
    for (level, loss), ours in zip(published.items(), [*keep, *drop], strict=True):
        yield _close(f"initial loss, {_called(level)}", loss, ours)


def _first_batch() -> Iterator[PublishedNumber]:
    indices = replay.first_batch().tolist()
    first, total, different = indices[: len(FIRST_INDICES.split())], sum(indices), set(indices)
    yield _equal("first batch, beginning", FIRST_INDICES, " ".join(map(str, first)))
    yield _equal("first batch, sum", SUM_OF_INDICES, total)
    yield _equal("first batch, different images", DIFFERENT_INDICES, len(different))


def _close(what: str, published: float, computed: float) -> PublishedNumber:
    ok = math.isclose(computed, published, rel_tol=FULL_PRECISION)
    return PublishedNumber(what, published, computed, ok)


def _equal(what: str, published: float | str, computed: float | str) -> PublishedNumber:
    return PublishedNumber(what, published, computed, published == computed)


def _called(level: Level) -> str:
    return f"keep {level.keep}" if isinstance(level, KeepProbability) else f"drop {level.rate}"
