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
"""Images squared at a time: 24 MB of integers."""


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
    scale: Array | None = None
    """What it is then divided by, likewise; None for nothing."""

    def inputs(self, images: Images) -> Array:
        """The net's input, shape (N, D), in the net's dtype."""
        x = images.pixels.astype(self.center.dtype)
        x -= self.center
        if self.scale is not None:
            x /= self.scale
        return x


def split(dataset: Dataset, spec: DatasetSpec, dtype: str) -> Split:
    """Cut a data set as the spec says.

    Validation is the last ``val_size`` training-batch images, all others are the training pool.
    The run trains on the pool's first ``train_size`` images; the mean image, and the deviations
    for ``standardize``, are those of the whole pool.
    """
    everything = _images(dataset.train_images, dataset.train_labels)
    pool = everything[: len(everything) - spec.val_size]
    center, scale = _preprocessing(pool, spec.preprocessing)
    return Split(
        train=pool[: spec.train_size],
        val=everything[len(pool) :],
        test=_images(dataset.test_images, dataset.test_labels)[: spec.test_size],
        center=center.astype(dtype),
        scale=None if scale is None else scale.astype(dtype),
    )


def _images(pixels: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Images:
    """The arrays as plain ones, mapped as before: `numpy.memmap` takes 0.1 ms to index, a batch."""
    return Images(np.asarray(pixels), np.asarray(labels))


def _preprocessing(pool: Images, name: str) -> tuple[Array, Array | None]:
    """Pixelwise center and scale; sums of bytes are exact, so no order of adding matters."""
    if name == "none":
        return np.zeros(pool.pixels.shape[1]), None
    # uint32 holds the sum over 16 million images, and adds three times as fast as int64
    mean = pool.pixels.sum(axis=0, dtype=np.uint32) / len(pool)
    if name == "mean_image":
        return mean, None
    squares = sum(np.square(block.pixels, dtype=np.int64).sum(axis=0) for block in pool.blocks())
    deviation = np.sqrt(np.maximum(squares / len(pool) - mean**2, 0))
    deviation[deviation == 0] = 1  # a pixel that never changes stays 0
    return mean, deviation
