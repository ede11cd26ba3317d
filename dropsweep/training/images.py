"""The images of a run: drawn or cut from the data set, preprocessed, and taken in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.datasets.dataset import pixel_sums
from dropsweep.records import iterations_per_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dropsweep.datasets import Dataset
    from dropsweep.nn import RandomStream
    from dropsweep.nn.layer import Array, Labels
    from dropsweep.records import DatasetSpec

FEW = 2000
"""Images whose floats are kept in memory: 24 MB of float32. More are converted when taken."""

_BLOCK = 1000
"""Images that are measured at a time: 12 MB of float32. A product with as many rows runs within 1 %
of what larger ones reach; one with 100 rows a seventh below it."""


@dataclass(frozen=True, eq=False)
class Images:
    """A part of the data set, still as bytes (and still on disk, if memory-mapped)."""

    stored: NDArray[np.uint8]
    """Pixels, shape (M, D)."""
    stored_labels: NDArray[np.uint8]
    """Shape (M,)."""
    chosen: NDArray[np.intp] | None = None
    """Places of the N images of this part; None for all M. Only what is taken is copied."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Shape (N, D)."""
        return self.stored if self.chosen is None else self.stored[self.chosen]

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Shape (N,)."""
        return self.stored_labels if self.chosen is None else self.stored_labels[self.chosen]

    def __len__(self) -> int:
        return len(self.stored if self.chosen is None else self.chosen)

    def __getitem__(self, index: Any) -> Images:
        if self.chosen is None:
            return Images(self.stored[index], self.stored_labels[index])
        return Images(self.stored, self.stored_labels, self.chosen[index])


@dataclass(frozen=True)
class Split:
    """Training, validation and test images, and the preprocessing they share."""

    train: Images
    val: Images
    test: Images
    """May be empty."""
    center: Array
    """Subtracted from every image, shape (D,), in the net's dtype."""
    scale: Array | None = None
    """Every image is then divided by it; likewise, or None for no division."""

    @property
    def input_size(self) -> int:
        """D, the number of values of an image."""
        return len(self.center)

    def inputs(self, images: Images) -> Array:
        """The net's input, shape (N, D), in the net's dtype."""
        x = images.pixels.astype(self.center.dtype)
        x -= self.center
        if self.scale is not None:
            x /= self.scale
        return x


def split(dataset: Dataset, spec: DatasetSpec, dtype: str, random: RandomStream) -> Split:
    """Choose the images of a run, and the preprocessing.

    ``images: first`` validates on the last ``val_size`` training-batch images and trains on the
    first ``train_size``. ``images: drawn`` permutes all training-batch images: the first
    ``val_size`` are for validation, the next ``train_size`` for training, so that the training
    images of a smaller run are among those of a larger one.

    The mean image, and the deviations for ``standardize``, are those of all training-batch images
    that are not for validation: the sums over all of them, which the data set has, less the sums
    over the validation images.

    Parameters
    ----------
    random
        The run's stream for images; read only if they are drawn.
    """
    everything = Images(np.asarray(dataset.train_images), np.asarray(dataset.train_labels))
    if spec.images == "drawn":
        order = random.permutation(len(everything))
        drawn = Images(everything.stored, everything.stored_labels, order)
        val, train = drawn[: spec.val_size], drawn[spec.val_size :][: spec.train_size]
    else:
        val = everything[len(everything) - spec.val_size :]
        train = everything[: spec.train_size]
    center, scale = _preprocessing(dataset, val, spec.preprocessing)
    test = Images(np.asarray(dataset.test_images), np.asarray(dataset.test_labels))
    return Split(
        train=train,
        val=val,
        test=test[: spec.test_size],
        center=center.astype(dtype),
        scale=None if scale is None else scale.astype(dtype),
    )


def _preprocessing(dataset: Dataset, val: Images, name: str) -> tuple[Array, Array | None]:
    """Pixelwise center and scale; sums of bytes are exact, so no order of adding matters."""
    if name == "none":
        return np.zeros(dataset.train_images.shape[1]), None
    val_sum, val_square_sum = pixel_sums(val.stored, val.chosen)
    pool = len(dataset.train_images) - len(val)
    mean = (dataset.train_sum - val_sum) / pool
    if name == "mean_image":
        return mean, None
    squares = dataset.train_square_sum - val_square_sum
    deviation = np.sqrt(np.maximum(squares / pool - mean**2, 0))
    deviation[deviation == 0] = 1  # a pixel that never changes stays 0
    return mean, deviation


@dataclass(frozen=True, eq=False)
class Inputs:
    """A part of a split, with its labels, as inputs of the net."""

    split: Split
    images: Images
    labels: Labels
    """Shape (N,)."""
    floats: Array | None
    """All of them, shape (N, D), in the net's dtype; None if they are too many to be kept."""

    @classmethod
    def of(cls, split: Split, images: Images) -> Inputs:
        """Of these images; a batch or a measurement takes them again and again."""
        floats = split.inputs(images) if len(images) <= FEW else None
        return cls(split, images, images.labels, floats)

    def __len__(self) -> int:
        return len(self.images)

    def first(self, count: int | None) -> Inputs:
        """Those of the first images, None for all; they share the floats that are kept."""
        if self.floats is None:
            return self if count is None else Inputs.of(self.split, self.images[:count])
        return Inputs(self.split, self.images[:count], self.labels[:count], self.floats[:count])

    def take(self, index: Any) -> tuple[Array, Labels]:
        """The inputs and labels of the images that a slice or an array of indices names."""
        if self.floats is not None:
            return self.floats[index], self.labels[index]
        return self.split.inputs(self.images[index]), self.labels[index]

    def blocks(self) -> Iterator[tuple[Array, Labels]]:
        """All inputs and labels in order, some at a time."""
        for start in range(0, len(self), _BLOCK):
            yield self.take(slice(start, start + _BLOCK))


def with_replacement(images: int, batch_size: int, random: RandomStream) -> Iterator[NDArray[Any]]:
    """Indices of one batch after another, each drawn from all images."""
    while True:
        yield random.choice(images, batch_size)


def shuffled(images: int, batch_size: int, random: RandomStream) -> Iterator[NDArray[Any]]:
    """Indices of one batch after another; in an epoch no image comes twice."""
    while True:
        order = random.permutation(images)
        for batch in range(iterations_per_epoch(images, batch_size)):
            yield order[batch * batch_size : (batch + 1) * batch_size]


SAMPLING: dict[str, Callable[[int, int, RandomStream], Iterator[NDArray[Any]]]] = {
    "replacement": with_replacement,
    "shuffle": shuffled,
}
"""By the name that a config uses."""
