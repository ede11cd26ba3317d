"""A data set in memory: CIFAR-10's pixels in the order of its binary version, or own arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Values: TypeAlias = npt.NDArray[Any]
"""Of uint8, float32 or float64."""

Sums: TypeAlias = npt.NDArray[np.int64]

PIXELS = 3072
"""Values of one image: 32 x 32 of red, then green, then blue, row by row."""

CLASSES = 10

_BLOCK = 1000
"""Images summed at a time: 6 MB of squares."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images with their labels: the content of one batch file."""

    images: Bytes
    """Shape (N, 3072)."""
    labels: Bytes
    """Shape (N,), values 0 to 9."""
    published: bool = False
    """True if its file has the published hash."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test images, usually memory-mapped and read-only."""

    identity: str
    """The token or hash that goes into a run's spec; see `dropsweep.records.DatasetSpec`."""
    train_images: Values
    """Shape (N, D): the training batches one after another; D is 3072 but for own arrays."""
    train_labels: Values
    """Shape (N,), values from 0."""
    test_images: Values
    """Shape (M, D)."""
    test_labels: Values
    """Shape (M,)."""
    source_sha256: str | None
    """SHA-256 of the archive, or over a folder's files; None for generated images."""
    stored_sums: Sums | None = None
    """`pixel_sums` of the training images, where they were stored; None: computed when needed."""
    own: bool = False
    """Arrays of the user's: they are drawn by class shares, and where they have no test images
    these are cut off the end of the training images."""

    def pool(self, test_size: int) -> int:
        """Training images that are not held out: the first so many."""
        held_out = test_size if self.own and not len(self.test_images) else 0
        return len(self.train_images) - held_out

    @cached_property
    def sums(self) -> Sums:
        """Exact sums over all training images of each pixel and of its square, shape (2, D)."""
        stored = self.stored_sums
        return pixel_sums(self.train_images) if stored is None else stored


def moments(images: Values, chosen: npt.NDArray[np.intp]) -> tuple[Values, Values]:
    """Mean and variance of each value over the chosen images of floats, each of shape (D,).

    Differences to the first image are summed, in float64 and in the images' order: what is far
    from 0 loses no digits, and what never changes has a variance of exactly 0.
    """
    rows = np.sort(chosen)
    first = images[rows[0]].astype(np.float64)
    sums = np.zeros((2, len(first)))
    block = max(_BLOCK * PIXELS // len(first), 1)
    for start in range(0, len(rows), block):
        difference = images[rows[start : start + block]] - first
        sums += difference.sum(axis=0), np.square(difference).sum(axis=0)
    shift, square = sums / len(rows)
    return first + shift, np.maximum(square - shift**2, 0)


def pixel_sums(images: Bytes, chosen: npt.NDArray[np.intp] | None = None) -> Sums:
    """Exact sums over images of each pixel and of its square, shape (2, D).

    Images are read in blocks, so that no more than one block is copied. Sums of integers do not
    depend on their order: the sums of some images are those of all less those of the others.
    ``images`` has the shape (N, D); ``chosen`` are the indices to sum, None for all.
    """
    sums = np.zeros((2, images.shape[1]), np.int64)
    for start in range(0, len(images if chosen is None else chosen), _BLOCK):
        part = slice(start, start + _BLOCK)
        block = np.asarray(images)[part if chosen is None else chosen[part]]
        # uint32 holds a block's sums, and adds several times as fast as int64
        sums[0] += block.sum(axis=0, dtype=np.uint32)
        sums[1] += np.square(block, dtype=np.uint16).sum(axis=0, dtype=np.uint32)
    return sums
