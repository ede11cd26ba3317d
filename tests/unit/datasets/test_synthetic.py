"""Generated images are always the same, nest, and look like CIFAR-10's to the rest."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from dropsweep.datasets import synthetic

TRAIN, TEST = 0, 1
FIRST_IMAGES = "315b10e11035ba8e94b468049600dd6fc3c6ec454364d3ee3bc567470fa0b164"


def test_shapes_and_types_are_cifar10_s() -> None:
    """5,000 training and 1,000 test images, uint8 planes, ten classes of nearly equal size."""
    train, test = synthetic.generate()
    assert (train.images.shape, test.images.shape) == ((5000, 3072), (1000, 3072))
    assert train.images.dtype == train.labels.dtype == np.uint8
    assert min(np.bincount(train.labels, minlength=10)) > 400
    assert min(np.bincount(test.labels, minlength=10)) > 70
    assert 120 < train.images.mean() < 135
    assert 45 < train.images.std() < 70


@pytest.mark.parametrize("split", [TRAIN, TEST])
def test_sizes_nest(split: int) -> None:
    """Fewer images are the first of more."""
    few, more = synthetic.generate_batch(split, 3), synthetic.generate_batch(split, 7)
    np.testing.assert_array_equal(few.images, more.images[:3])
    np.testing.assert_array_equal(few.labels, more.labels[:3])


def test_splits_and_indices_differ() -> None:
    """No image is another's copy, within a split or across."""
    images = [synthetic.generate_batch(split, 50).images for split in (TRAIN, TEST)]
    assert len({image.tobytes() for image in np.concatenate(images)}) == 100


def test_the_version_s_images_do_not_change() -> None:
    """A change of the generator must raise its version and identity, and this hash."""
    batch = synthetic.generate_batch(TRAIN, 20)
    digest = hashlib.sha256(batch.images.tobytes() + batch.labels.tobytes()).hexdigest()
    assert digest == FIRST_IMAGES


def test_class_means_tell_classes_apart_but_not_well() -> None:
    """The nearest class mean beats chance on the test images, and is far from solving them."""
    train, test = synthetic.generate()
    pixels = train.images.astype(float)
    means = np.stack([pixels[train.labels == label].mean(axis=0) for label in range(10)])
    scores = test.images @ means.T - 0.5 * (means**2).sum(axis=1)
    accuracy = (scores.argmax(axis=1) == test.labels).mean()
    assert 0.15 < accuracy < 0.6
