"""The growth of a run's time with its epochs and with its images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.contenders import write_config
from dropsweep import config, datasets, training

if TYPE_CHECKING:
    from benchmarks.workload import Workload

EPOCHS = (10, 20, 40, 80)
IMAGES = (400, 600, 800, 1000)
"""Training images, and as many for validation. Above 1,000 training images the accuracy on them is
measured on the first 1,000, and below some hundreds products are too small to run at full speed: a
run then costs less than twice as much for twice the images."""


@dataclass(frozen=True)
class Growth:
    """Times of one run at several sizes."""

    what: str
    sizes: tuple[int, ...]
    seconds: list[float]
    """The fastest of some tries, each."""

    @property
    def exponent(self) -> float:
        """The slope of log(time) over log(size): 1 where cost is linear."""
        x, y = np.log(self.sizes), np.log(self.seconds)
        return float(np.polyfit(x, y, 1)[0])


def growth(work: Workload, folder: Path, rounds: int) -> list[Growth]:
    """Time one run of the workload's net over epochs, then over images, in this process."""
    folder.mkdir(exist_ok=True)
    one = replace(work, runs=((0.5, 0),), test_size=0)
    epochs = {size: replace(one, epochs=size) for size in EPOCHS}
    images = {size: replace(one, train_size=size, val_size=size, epochs=20) for size in IMAGES}
    return [
        Growth(what, tuple(sizes), _fastest(list(sizes.values()), folder, rounds))
        for what, sizes in (("epochs", epochs), ("images", images))
    ]


def rows(found: list[Growth]) -> list[tuple[str, ...]]:
    """By what, from where to where, how much longer, exponent."""
    return [
        (
            each.what,
            f"{each.sizes[0]} - {each.sizes[-1]}",
            f"{each.seconds[0]:.2f} - {each.seconds[-1]:.2f}",
            f"{each.exponent:.2f}",
        )
        for each in found
    ]


def _fastest(works: list[Workload], folder: Path, rounds: int) -> list[float]:
    """Of each size in turn, round after round, so that a busy moment slows none alone."""
    times = [[_seconds(work, folder) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def _seconds(work: Workload, folder: Path) -> float:
    loaded = config.load(str(write_config(work, folder / "growth.yaml")), (), datasets.KNOWN)
    data = Path(work.data)
    facts = datasets.facts("cifar10", data)
    (spec,) = config.plan(loaded, facts.identity, facts.train_images, facts.test_images)
    return training.train(spec, lambda *_: None, data=data).record.seconds
