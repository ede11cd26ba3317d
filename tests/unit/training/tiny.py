"""Runs on tiny images, which take a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.training import Images, Split
from tests.factories import make_spec, varied

if TYPE_CHECKING:
    from dropsweep.records import RunSpec


def spec(**changes: Any) -> RunSpec:
    """A run on 40 tiny images; changes are by dotted key with _ for the dot."""
    usual = make_spec(epochs=3, train_size=40, hidden_sizes=(8,), identity="synthetic-1")
    sizes = {"dataset.val_size": 20, "dataset.test_size": 10, "training.batch_size": 10}
    values = {key.replace("_", ".", 1): value for key, value in changes.items()}
    return varied(usual, sizes | {"training.learning_rate": 1e-2} | values)


def split(train: int = 40, test: int = 10) -> Split:
    """Images of 12 pixels whose first three tell the class in binary, and noise."""
    rng = np.random.default_rng(0)

    def images(count: int) -> Images:
        labels = rng.integers(0, 8, count).astype(np.uint8)
        pixels = rng.integers(0, 60, (count, 12)).astype(np.uint8)
        for bit in range(3):
            pixels[:, bit] += ((labels >> bit & 1) * 150).astype(np.uint8)
        return Images(pixels, labels)

    return Split(images(train), images(20), images(test), np.full(12, 60, np.float32))
