"""The images of a run: drawn or cut from the data set, preprocessed, and taken in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.datasets.dataset import moments, pixel_sums
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

_FEW_VALUES = FEW * 3072
"""The same for images larger than CIFAR-10's."""

_BLOCK = 1000
"""Images that are measured at a time: 12 MB of float32. A product with as many rows runs within 1 %
of what larger ones reach; one with 100 rows a seventh below it. Of larger images fewer."""


@dataclass(frozen=True, eq=False)
class Images:
    """A part of the data set, still as stored (and still on disk, if memory-mapped)."""

    stored: NDArray[Any]
    """Pixels as bytes, or a user's floats; shape (M, D)."""
    stored_labels: NDArray[Any]
    """Shape (M,)."""
    chosen: NDArray[np.intp] | None = None
    """Places of the N images of this part; None for all M. Only what is taken is copied."""

    @property
    def pixels(self) -> NDArray[Any]:
        """Shape (N, D)."""
        return self.stored if self.chosen is None else self.stored[self.chosen]

    @property
    def labels(self) -> NDArray[Any]:
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
    """Subtracted from every image, shape (D,), in the net's dtype; of float64 images in theirs."""
    scale: Array | None = None
    """Every image is then divided by it; likewise, or None for no division."""
    dtype: str | None = None
    """The net's; None if it is that of ``center``."""

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
        return x if self.dtype is None else x.astype(self.dtype, copy=False)


def split(dataset: Dataset, spec: DatasetSpec, dtype: str, random: RandomStream) -> Split:
    """Choose the images of a run, and the preprocessing.

    ``images: first`` validates on the last ``val_size`` training-batch images and trains on the
    first ``train_size``. ``images: drawn`` permutes all training-batch images: the first
    ``val_size`` are for validation, the next ``train_size`` for training, so that the training
    images of a smaller run are among those of a larger one. A user's own images are drawn by class
    shares; where no others are for testing, the last ``test_size`` are, and take no part in this.

    The mean image, and the deviations for ``standardize``, are those of all training-batch images
    that are not for validation: the sums over all of them, which the data set has, less the sums
    over the validation images. ``random`` is the run's stream for images, read if they are drawn.
    """
    everything = Images(np.asarray(dataset.train_images), np.asarray(dataset.train_labels))
    test = Images(np.asarray(dataset.test_images), np.asarray(dataset.test_labels))
    cut = dataset.pool(spec.test_size)
    test = (test if cut == len(everything) else everything[cut:])[: spec.test_size]
    everything = everything[:cut]
    if spec.images == "drawn":
        order = random.permutation(len(everything))
        if dataset.own:
            order = by_class_share(order, everything.labels)
        drawn = Images(everything.stored, everything.stored_labels, order)
        val, train = drawn[: spec.val_size], drawn[spec.val_size :][: spec.train_size]
    else:
        val = everything[len(everything) - spec.val_size :]
        train = everything[: spec.train_size]
    center, deviation = _center_and_deviation(dataset, cut, val, spec.preprocessing)
    precise = np.result_type(dtype, everything.stored.dtype)
    scale = None
    if spec.preprocessing == "standardize":
        deviation[deviation == 0] = 1  # a pixel that never changes stays 0
        scale = deviation.astype(precise)
    return Split(train, val, test, center.astype(precise), scale, dtype)


def by_class_share(order: NDArray[np.intp], labels: NDArray[Any]) -> NDArray[np.intp]:
    """An order in which every first part has each class's share of the whole, to within an image.

    The images of a class keep the order they had: the k-th of n stands near (k + 1/2) / n.
    """
    of = labels[order]
    counts = np.bincount(of)
    rank = np.empty(len(of), np.intp)
    rank[np.argsort(of, kind="stable")] = np.concatenate([np.arange(n) for n in counts])
    return order[np.argsort((rank + 0.5) / counts[of], kind="stable")]


def _center_and_deviation(
    dataset: Dataset, cut: int, val: Images, name: str
) -> tuple[Array, Array]:
    """Pixelwise, of the first ``cut`` training images without ``val``.

    Sums of bytes are exact, so no order of adding matters.
    """
    images = np.asarray(dataset.train_images)
    if name == "none":
        return np.zeros(images.shape[1]), np.ones(images.shape[1])
    if images.dtype != np.uint8:
        pool = np.arange(cut - len(val))
        if val.chosen is not None:
            pool = np.setdiff1d(np.arange(cut), val.chosen)
        mean, variance = moments(images, pool)
        return mean, np.sqrt(variance)
    total, squares = dataset.sums - pixel_sums(val.stored, val.chosen) - pixel_sums(images[cut:])
    count = cut - len(val)
    mean = total / count
    return mean, np.sqrt(np.maximum(squares / count - mean**2, 0))


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
        few = min(FEW, _FEW_VALUES // split.input_size)
        floats = split.inputs(images) if len(images) <= few else None
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
        block = min(_BLOCK, max(_BLOCK * 3072 // self.split.input_size, 1))
        for start in range(0, len(self), block):
            yield self.take(slice(start, start + block))


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
