"""The definition of a dropout rate, with masks of three of a sweep's rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord

UNITS, IMAGES = 10, 12
_SEED = 0
_HIGHEST = 1 - 2**-53  # the rate of a keep probability of 1e-300 rounds to 1, which is none

_INVERTED = (
    "In training a kept unit passes on its value divided by the probability of keeping it, and a "
    "dropped one 0; in testing every unit passes on its value."
)
PASSES_ON = {
    "inverted": _INVERTED,
    "vanilla": (
        "In training a kept unit passes on its value and a dropped one 0; in testing every unit "
        "passes on its value times the probability of keeping it."
    ),
    "binomial": _INVERTED,
    "shared": f"All images of a batch share one mask. {_INVERTED}",
    "gaussian": (
        "No unit is dropped whole: in training each passes on its value times a random number of "
        "mean 1, darker squares for larger ones; in testing its value."
    ),
}
"""The work of a unit, by kind of dropout."""


@dataclass(frozen=True)
class Mask:
    """The mask of one batch at one rate."""

    rate: str
    squares: tuple[tuple[int, int, float], ...]
    """Image, unit and shade of each square: 0 for a dropped unit, 1 for the darkest."""


@dataclass(frozen=True)
class Lesson:
    """Masks to draw, and a sentence on the values that a unit passes on."""

    passes_on: str
    masks: tuple[Mask, ...]


def make_lesson(records: Sequence[RunRecord]) -> Lesson | None:
    """Masks of the lowest, a middle and the highest rate above 0; None where nothing is dropped.

    The nets' own layer draws them, from a fixed seed. All rates use the same random numbers, as the
    rates of one seed do.
    """
    rates = sorted({record.spec.rate for record in records} - {0.0})
    if not rates:
        return None
    import numpy as np

    from dropsweep.nn.dropout import DROPOUT_KINDS

    kind = records[0].spec.dropout.kind
    batch = np.ones((IMAGES, UNITS))
    masks = []
    for at in sorted({0, len(rates) // 2, len(rates) - 1}):
        layer = DROPOUT_KINDS[kind](min(rates[at], _HIGHEST))
        factors = np.broadcast_to(layer.mask(batch, np.random.default_rng(_SEED)), batch.shape)
        shades = (factors / max(float(factors.max()), 1e-12)).round(2)
        squares = tuple(
            (image, unit, float(shade)) for (image, unit), shade in np.ndenumerate(shades)
        )
        masks.append(Mask(format_rate(rates[at]), squares))
    return Lesson(PASSES_ON[kind], tuple(masks))
