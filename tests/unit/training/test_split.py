"""Cutting a data set into training, validation and test images."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.datasets import Dataset
from dropsweep.records import DatasetSpec
from dropsweep.training import split

N = 50


def dataset() -> Dataset:
    """50 training-batch images whose first pixel is their index, and 10 test images."""
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 256, (2, N, 6)).astype(np.uint8)
    train[:, 0] = np.arange(N)
    labels = np.arange(N, dtype=np.uint8) % 10
    return Dataset("sha256:x", train, labels, test[:10], labels[:10], None)


def test_pool_and_validation_do_not_meet() -> None:
    """Training takes the first images, validation the last of the training batches."""
    parts = split(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "mean_image"), "float32")
    assert parts.train.pixels[:, 0].tolist() == list(range(20))
    assert parts.val.pixels[:, 0].tolist() == list(range(N - 8, N))
    assert len(parts.test) == 5


@pytest.mark.parametrize("train_size", [1, 20, 42])
def test_the_mean_image_is_that_of_the_whole_pool(train_size: int) -> None:
    """It does not depend on the training size, and leaves validation out."""
    data = dataset()
    parts = split(data, DatasetSpec("sha256:x", train_size, 8, 5, "mean_image"), "float64")
    np.testing.assert_allclose(parts.center, data.train_images[: N - 8].mean(axis=0))


def test_inputs_are_centred_floats() -> None:
    """Pixels less the mean image, unscaled, in the net's dtype; the bytes stay as they are."""
    parts = split(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "mean_image"), "float32")
    before = parts.train.pixels.copy()
    x = parts.inputs(parts.train)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x, before - parts.center, rtol=1e-6)
    np.testing.assert_array_equal(parts.train.pixels, before)


def test_standardize_divides_by_each_pixels_deviation() -> None:
    """The pool has mean 0 and deviation 1 in every pixel; a constant pixel is 0."""
    data = dataset()
    data.train_images[:, 1] = 7
    spec = DatasetSpec("sha256:x", N - 8, 8, 5, "standardize")
    parts = split(data, spec, "float64")
    x = parts.inputs(parts.train)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(x.std(axis=0), [1, 0, 1, 1, 1, 1], atol=1e-12)


def test_none_leaves_the_bytes_as_numbers() -> None:
    """Pixels 0..255 as they are."""
    parts = split(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "none"), "float32")
    np.testing.assert_array_equal(parts.inputs(parts.train), parts.train.pixels)


def test_no_test_images() -> None:
    """Test size 0 gives an empty part."""
    assert len(split(dataset(), DatasetSpec("x", 20, 8, 0, "mean_image"), "float32").test) == 0
