"""Images as the floats that a net takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dropsweep.training import Images, Split
from dropsweep.training.inputs import KEPT, Inputs


def split(count: int) -> Split:
    """As many images of three pixels, the first of which tell their place."""
    pixels = np.random.default_rng(0).integers(0, 256, (count, 3)).astype(np.uint8)
    pixels[:, 0], pixels[:, 1] = np.divmod(np.arange(count), 256)
    images = Images(pixels, np.arange(count, dtype=np.uint8) % 10)
    center = np.array([3.1, 100.2, 7.3], np.float32)
    return Split(images, images[:9], images, center, np.array([2, 3, 0.7], np.float32))


few_and_many = pytest.mark.parametrize("count", [1, KEPT, KEPT + 1, 2 * KEPT + 345])


@few_and_many
@pytest.mark.parametrize("index", [slice(None), slice(0, 3), np.array([0, 0, -1])])
def test_floats_are_those_of_the_split_whether_they_are_kept_or_not(count: int, index: Any) -> None:
    """Bit by bit: pixels less the mean image, over the deviations."""
    data = split(count)
    x, labels = Inputs.of(data, data.train).take(index)
    expected = data.train[index]
    np.testing.assert_array_equal(x, data.inputs(expected))
    np.testing.assert_array_equal(labels, expected.labels)
    assert x.dtype == np.float32


@few_and_many
def test_blocks_are_all_images_in_order(count: int) -> None:
    """However many they are, each comes once."""
    data = split(count)
    inputs = Inputs.of(data, data.train)
    x, labels = (np.concatenate(parts) for parts in zip(*inputs.blocks(), strict=True))
    np.testing.assert_array_equal(x, data.inputs(data.train))
    np.testing.assert_array_equal(labels, data.train.labels)
    assert len(inputs) == count


@few_and_many
@pytest.mark.parametrize("first", [1, 1000, KEPT + 1])
def test_the_first_images(count: int, first: int) -> None:
    """They are as if they had been cut before; few share the floats that are there."""
    data = split(count)
    whole = Inputs.of(data, data.train)
    part = whole.first(first)
    assert len(part) == min(count, first)
    np.testing.assert_array_equal(part.take(slice(None))[0], data.inputs(data.train[:first]))
    if whole.floats is not None:
        assert np.shares_memory(whole.floats, part.floats)


def test_large_sets_stay_bytes() -> None:
    """50,000 images as floats would be 614 MB a worker: no more than 24 MB are kept."""
    data = split(KEPT + 1)
    assert Inputs.of(data, data.train).floats is None
    assert Inputs.of(data, data.train[:KEPT]).floats is not None


def test_a_batch_is_a_copy() -> None:
    """What a layer may do to it does not reach the images."""
    data = split(20)
    inputs = Inputs.of(data, data.train)
    x, _ = inputs.take(np.array([1, 2]))
    x[:] = 0
    np.testing.assert_array_equal(inputs.take(slice(None))[0], data.inputs(data.train))
