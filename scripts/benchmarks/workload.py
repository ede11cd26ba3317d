"""The work of the benchmark's contenders: some runs on a prepared data set."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PIXELS, CLASSES = 3072, 10


@dataclass(frozen=True)
class Workload:
    """Runs of a net with one hidden layer, each with a dropout rate and a seed."""

    data: str
    """A prepared folder: four ``.npy`` files."""
    train_size: int
    epochs: int
    runs: tuple[tuple[float, int], ...]
    """Dropout rate and seed of each."""
    hidden: int = 500
    """Units."""
    batch_size: int = 100
    """Images."""
    val_size: int = 1000
    test_size: int = 1000
    learning_rate: float = 5e-4

    @property
    def measured(self) -> int:
        """Training images on which accuracy is measured."""
        return min(self.train_size, 1000)

    @property
    def product_flops(self) -> float:
        """Floating-point operations of the matrix products that the runs cannot do without.

        A product of (N, K) by (K, M) takes 2 N K M. The input's gradient is not among them.
        """
        forward = 2 * (PIXELS * self.hidden + self.hidden * CLASSES)
        hidden_gradient = 2 * self.hidden * CLASSES
        iterations = self.epochs * (self.train_size // self.batch_size)
        training = iterations * self.batch_size * (2 * forward + hidden_gradient)
        measuring = (self.epochs + 1) * (self.measured + self.val_size) + self.test_size
        return float(len(self.runs) * (training + measuring * forward))

    def split(self, count: int) -> list[Workload]:
        """As many workloads with every ``count``-th run each."""
        return [replace(self, runs=self.runs[index::count]) for index in range(count)]

    def write(self, path: Path) -> Path:
        """Put it into a file; returns ``path``."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> Workload:
        """The values that `write` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        runs = tuple((float(rate), int(seed)) for rate, seed in content.pop("runs"))
        return cls(runs=runs, **content)
