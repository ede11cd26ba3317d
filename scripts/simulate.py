"""Simulated sweeps: how often the statements that dropsweep makes are wrong.

Every line is one kind of sweep: a share of wrong statements, and the largest share allowed. The
exit code is 1 if one is larger. ``python scripts/simulate.py`` takes some minutes, and prints the
same numbers every time.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.analysis import SIGNIFICANCE, Race
from dropsweep.analysis.sign_flips import better_p, joint_p
from dropsweep.records import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Errors = Callable[[np.random.Generator, tuple[int, int]], Floats]

IMAGES = 10_000
MARGIN = Fraction(1, 100)
ERROR = 0.0088
"""Standard deviation of one accuracy on 10,000 validation images, apart from what rates share."""

TABLE = (0.0, 0.0065, 0.0088, 0.0117, 0.0141, 0.0124)
"""Differences to rate 0 in the seed experiment, at rates 0, .25, .5, .75, .8 and .9."""

_MOST_SEEDS = 100
_SEEDS_SD = 0.0117
"""Of a paired difference over seeds, were there endless images."""
_IMAGE_SD = 0.23
"""Of an image's own part in the difference between two rates: .0073 on 1,000 images."""
_LUCK_SD = 0.37
"""Of the rest of one image's difference."""


@dataclass(frozen=True)
class Share:
    """The frequency of something, and the bound that it must keep."""

    what: str
    share: float
    least: float = 0.0
    most: float = 1.0
    note: str = ""

    @property
    def holds(self) -> bool:
        """The share keeps its bounds."""
        return self.least <= self.share <= self.most

    def __str__(self) -> str:
        bound = f"<= {self.most:.2f}" if self.most < 1 else f">= {self.least:.2f}"
        told = bound if (self.least, self.most) != (0, 1) else ""
        mark = "" if self.holds else "  BROKEN"
        return f"{self.what:58} {self.share:.3f}  {told:7}  {self.note}{mark}".rstrip()


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Errors of mean 0 and variance 1."""
    return rng.standard_normal(shape)


def skewed(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """The same with a skewness of -.65, but of the first rate, which is symmetric and quiet."""
    k = (2 / 0.65) ** 2
    errors = (k - rng.gamma(k, size=shape)) / np.sqrt(k)
    errors[:, 0] = rng.standard_normal(shape[0]) / 3
    return np.asarray(errors)


def race_errors(
    what: str, means: Sequence[float], errors: Errors, races: int, rng: np.random.Generator
) -> Share:
    """Races whose answer is worse than the best rate by the margin or more."""
    wrong, seeds, runs, unsettled = 0, 0, 0, 0
    rates = tuple(range(len(means)))
    worse = {rate for rate in rates if means[rate] <= max(means) - float(MARGIN) + 1e-12}
    for _ in range(races):
        accuracy = 0.3 + np.array(means) + ERROR * errors(rng, (_MOST_SEEDS, len(means)))
        right = (accuracy * IMAGES).round().astype(int)
        race = Race(rates, IMAGES, Decision(margin=MARGIN, auto=True, max_seeds=_MOST_SEEDS))
        while missing := race.state().missing:
            runs += len(missing)
            for rate, seed in missing:
                race.add(int(rate), seed, int(right[seed, int(rate)]))
        state = race.state()
        wrong += state.answer in worse
        unsettled += state.answer is None
        seeds += state.seeds
    note = f"{seeds / races:.1f} seeds, {runs / races:.0f} runs, {unsettled} not settled"
    return Share(f"race, wrong answers: {what}", wrong / races, most=0.05, note=note)


def family_error(seeds: int, sweeps: int, rng: np.random.Generator) -> Share:
    """Sweeps of seven equal rates in which some difference to the lowest is shown."""
    shown = 0
    for _ in range(sweeps):
        right = (300 + 12 * rng.standard_normal((seeds, 7))).round()
        shown += joint_p(right[:, 1:] - right[:, :1]).min() <= SIGNIFICANCE
    return Share(f"max-T, seven equal rates, {seeds} seeds: some shown", shown / sweeps, most=0.07)


def set_holds_best(seeds: int, sweeps: int, rng: np.random.Generator) -> Share:
    """Sweeps whose set of rates that may be best holds the best one."""
    best, held, size = int(np.argmax(TABLE)), 0, 0
    for _ in range(sweeps):
        accuracy = 0.3 + np.array(TABLE) + ERROR * rng.standard_normal((seeds, len(TABLE)))
        may_be_best = better_p((accuracy * IMAGES).round()) > SIGNIFICANCE
        held += bool(may_be_best[best])
        size += int(may_be_best.sum())
    note = f"{size / sweeps:.1f} of {len(TABLE)} rates in it"
    return Share(
        f"the set holds the best rate, {seeds} seeds", held / sweeps, least=0.95, note=note
    )


def image_error(
    seeds: int,
    sweeps: int,
    rng: np.random.Generator,
    *,
    pool: int | None,
    val_size: int = 1000,
    most: float = 1.0,
) -> Share:
    """Sweeps that recommend their best rate over the lowest, where on new images all are equal.

    Seven rates; an image is a little easier for one rate than for another, 0 on average over all
    images there could be. Each seed draws its validation images from a pool of so many, or all use
    the same ones (``pool`` None).
    """
    shown, gained = 0, 0
    root2 = np.sqrt(2)  # a difference is of two rates
    noise = np.hypot(_SEEDS_SD, _LUCK_SD / np.sqrt(val_size)) / root2
    for _ in range(sweeps):
        images = rng.standard_normal((7, pool or val_size), dtype=np.float32) * _IMAGE_SD / root2
        if pool is None:
            of_images = np.tile(images.mean(axis=1), (seeds, 1))
        else:
            drawn = (rng.choice(pool, val_size, replace=False, shuffle=False) for _ in range(seeds))
            of_images = np.array([images[:, each].mean(axis=1) for each in drawn])
        accuracy = 0.3 + of_images + noise * rng.standard_normal((seeds, 7))
        right = (accuracy * val_size).round()
        differences = right[:, 1:] - right[:, :1]
        is_shown = joint_p(differences) <= SIGNIFICANCE
        shown += bool(is_shown.any())
        best = differences.sum(axis=0).argmax()
        gained += bool(is_shown[best] and differences[:, best].sum() > 0)
    where = "first" if pool is None else f"drawn from {pool:,}"
    what = f"{val_size:,} images {where}, {seeds} seeds: a gain shown"
    return Share(what, gained / sweeps, most=most, note=f"a gain or a loss: {shown / sweeps:.3f}")


def simulate(races: int, sweeps: int, seed: int) -> Iterator[Share]:
    """Every line, one after another; each has a stream of its own."""
    streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(100))
    below = (0.0, *[-float(MARGIN)] * 6)
    yield race_errors("all equal", (0.0,) * 7, normal, races, next(streams))
    yield race_errors("six exactly the margin below", below, normal, races, next(streams))
    yield race_errors("the seed experiment's differences", TABLE, normal, races, next(streams))
    yield race_errors("six below, skewness -.65", below, skewed, races, next(streams))
    for seeds in (6, 8, 10, 20):
        yield family_error(seeds, sweeps, next(streams))
    for seeds in (6, 10, 20):
        yield set_holds_best(seeds, sweeps, next(streams))
    for seeds in (10, 20, 30):
        yield image_error(seeds, sweeps, next(streams), pool=50_000, most=0.06)
        yield image_error(seeds, sweeps, next(streams), pool=5_000)
        yield image_error(seeds, sweeps, next(streams), pool=None)


def main() -> int:
    """Print every share; 1 if one breaks its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=400, help="races of each kind")
    parser.add_argument("--sweeps", type=int, default=1000, help="sweeps of each other kind")
    parser.add_argument("--seed", type=int, default=0, help="another one gives other numbers")
    options = parser.parse_args()
    shares = []
    for share in simulate(options.races, options.sweeps, options.seed):
        print(share, flush=True)  # noqa: T201 it is a program
        shares.append(share)
    return 0 if all(share.holds for share in shares) else 1


if __name__ == "__main__":
    sys.exit(main())
