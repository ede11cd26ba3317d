"""The images a run sees, and how pixels become the net's input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dropsweep.datasets import Dataset
    from dropsweep.nn.layer import Array
    from dropsweep.records import DatasetSpec

_BLOCK = 1000
"""Images converted at a time when accuracy is measured: 12 MB of float32."""


@dataclass(frozen=True)
class Images:
    """A part of the data set, still as bytes (and still on disk, if memory-mapped)."""

    pixels: NDArray[np.uint8]
    """Shape (N, D)."""
    labels: NDArray[np.uint8]
    """Shape (N,)."""

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: Any) -> Images:
        return Images(self.pixels[index], self.labels[index])

    def blocks(self) -> Iterator[Images]:
        """All images in order, some at a time."""
        for start in range(0, len(self), _BLOCK):
            yield self[start : start + _BLOCK]


@dataclass(frozen=True)
class Split:
    """Training, validation and test images, and the preprocessing they share."""

    train: Images
    val: Images
    test: Images
    """May be empty."""
    center: Array
    """What is subtracted from every image, shape (D,), in the net's dtype."""

    def inputs(self, images: Images) -> Array:
        """The net's input, shape (N, D), in the net's dtype."""
        x = images.pixels.astype(self.center.dtype)
        x -= self.center
        return x


def split(dataset: Dataset, spec: DatasetSpec, dtype: str) -> Split:
    """Cut a data set as the spec says.

    Validation is the last ``val_size`` training-batch images, all others are the training pool.
    The run trains on the pool's first ``train_size`` images; the mean image is that of the whole
    pool.
    """
    everything = Images(dataset.train_images, dataset.train_labels)
    pool = everything[: len(everything) - spec.val_size]
    mean = pool.pixels.sum(axis=0, dtype=np.int64) / len(pool)
    return Split(
        train=pool[: spec.train_size],
        val=everything[len(pool) :],
        test=Images(dataset.test_images, dataset.test_labels)[: spec.test_size],
        center=mean.astype(dtype),
    )
