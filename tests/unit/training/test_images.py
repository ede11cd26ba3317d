"""The images of a run: chosen, preprocessed, taken in batches."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.datasets import Dataset
from dropsweep.records import DatasetSpec, iterations_per_epoch
from dropsweep.training import Images, Split, split
from dropsweep.training.images import FEW, Inputs, shuffled, with_replacement

if TYPE_CHECKING:
    from dropsweep.records import Images as Choice
    from dropsweep.records import Preprocessing

N = 50


def dataset() -> Dataset:
    """50 training-batch images whose first pixel is their index, and 10 test images."""
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 256, (2, N, 6)).astype(np.uint8)
    train[:, 0] = np.arange(N)
    labels = np.arange(N, dtype=np.uint8) % 10
    return Dataset("sha256:x", train, labels, test[:10], labels[:10], None)


def cut(data: Dataset, spec: DatasetSpec, dtype: str, seed: int = 0) -> Split:
    """The split of a seed."""
    return split(data, spec, dtype, np.random.default_rng(seed))


def test_pool_and_validation_do_not_meet() -> None:
    """Training takes the first images, validation the last of the training batches."""
    parts = cut(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "mean_image"), "float32")
    assert parts.train.pixels[:, 0].tolist() == list(range(20))
    assert parts.val.pixels[:, 0].tolist() == list(range(N - 8, N))
    assert len(parts.test) == 5


@pytest.mark.parametrize("train_size", [1, 20, 42])
def test_the_mean_image_is_that_of_the_whole_pool(train_size: int) -> None:
    """It does not depend on the training size, and leaves validation out."""
    data = dataset()
    parts = cut(data, DatasetSpec("sha256:x", train_size, 8, 5, "mean_image"), "float64")
    np.testing.assert_allclose(parts.center, data.train_images[: N - 8].mean(axis=0))


def test_inputs_are_centred_floats() -> None:
    """Pixels less the mean image, unscaled, in the net's dtype; the bytes stay as they are."""
    parts = cut(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "mean_image"), "float32")
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
    parts = cut(data, spec, "float64")
    x = parts.inputs(parts.train)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(x.std(axis=0), [1, 0, 1, 1, 1, 1], atol=1e-12)


def test_none_leaves_the_bytes_as_numbers() -> None:
    """Pixels 0..255 as they are."""
    parts = cut(dataset(), DatasetSpec("sha256:x", 20, 8, 5, "none"), "float32")
    np.testing.assert_array_equal(parts.inputs(parts.train), parts.train.pixels)


def test_no_test_images() -> None:
    """Test size 0 gives an empty part."""
    assert len(cut(dataset(), DatasetSpec("x", 20, 8, 0, "mean_image"), "float32").test) == 0


DRAWN = DatasetSpec("sha256:x", 20, 8, 5, "mean_image", "drawn")


def places(images: Images) -> list[int]:
    """The places of the images in the training batches: their first pixel."""
    return [int(place) for place in images.pixels[:, 0]]


def test_drawn_images_are_a_permutation_cut() -> None:
    """The first of it validate, the next train; no image does both."""
    order = np.random.default_rng(3).permutation(N).tolist()
    parts = cut(dataset(), DRAWN, "float32", seed=3)
    assert places(parts.val) == order[:8]
    assert places(parts.train) == order[8:28]
    assert parts.train.labels.tolist() == [each % 10 for each in order[8:28]]
    assert places(parts.test) == places(cut(dataset(), DRAWN, "float32", seed=4).test)


def test_training_sets_of_a_seed_nest() -> None:
    """A smaller run trains on images of a larger one, and validates on the same."""
    small, large = (cut(dataset(), replace(DRAWN, train_size=size), "float32") for size in (5, 42))
    assert places(small.train) == places(large.train)[:5]
    assert places(small.val) == places(large.val)
    assert sorted(places(large.train) + places(large.val)) == list(range(N))


def test_two_seeds_share_images_by_chance_only() -> None:
    """Of val_size images val_size^2 / pool on average: 8 * 8 / 50 = 1.28."""
    vals = [set(places(cut(dataset(), DRAWN, "float32", seed).val)) for seed in range(400)]
    shared = [len(one & other) for one, other in pairwise(vals)]
    assert np.mean(shared) == pytest.approx(64 / N, abs=0.25)  # 5 s.e.
    assert len(set(map(frozenset, vals))) > 390


@pytest.mark.parametrize("images", ["first", "drawn"])
@pytest.mark.parametrize("preprocessing", ["mean_image", "standardize"])
def test_preprocessing_is_that_of_all_images_but_validation(
    images: Choice, preprocessing: Preprocessing
) -> None:
    """Exactly the mean and deviation of the images themselves, to the last bit of a float32."""
    data = dataset()
    spec = replace(DRAWN, images=images, preprocessing=preprocessing)
    parts = cut(data, spec, "float32", seed=2)
    pool = np.delete(data.train_images, places(parts.val), axis=0).astype(np.float64)
    np.testing.assert_array_equal(parts.center, pool.mean(axis=0).astype(np.float32))
    if parts.scale is not None:
        np.testing.assert_allclose(parts.scale, pool.std(axis=0), rtol=1e-6)


def test_images_are_copied_only_when_they_are_taken() -> None:
    """Drawn parts hold places, not bytes, and slices of both kinds share the stored pixels."""
    data = dataset()
    drawn, first = (cut(data, spec, "float32") for spec in (DRAWN, replace(DRAWN, images="first")))
    for parts in (drawn, first):
        for part in (parts.train, parts.val, parts.val[2:5]):
            assert np.shares_memory(part.stored, data.train_images)


def images_in_order(count: int) -> Split:
    """As many images of three pixels, the first of which tell their place."""
    pixels = np.random.default_rng(0).integers(0, 256, (count, 3)).astype(np.uint8)
    pixels[:, 0], pixels[:, 1] = np.divmod(np.arange(count), 256)
    images = Images(pixels, np.arange(count, dtype=np.uint8) % 10)
    center = np.array([3.1, 100.2, 7.3], np.float32)
    return Split(images, images[:9], images, center, np.array([2, 3, 0.7], np.float32))


few_and_many = pytest.mark.parametrize("count", [1, FEW, FEW + 1, 2 * FEW + 345])


@few_and_many
@pytest.mark.parametrize("index", [slice(None), slice(0, 3), np.array([0, 0, -1])])
def test_floats_are_those_of_the_split_whether_they_are_kept_or_not(count: int, index: Any) -> None:
    """Bit by bit: pixels less the mean image, over the deviations."""
    data = images_in_order(count)
    x, labels = Inputs.of(data, data.train).take(index)
    expected = data.train[index]
    np.testing.assert_array_equal(x, data.inputs(expected))
    np.testing.assert_array_equal(labels, expected.labels)
    assert x.dtype == np.float32


@few_and_many
def test_blocks_are_all_images_in_order(count: int) -> None:
    """However many they are, each comes once."""
    data = images_in_order(count)
    inputs = Inputs.of(data, data.train)
    x, labels = (np.concatenate(parts) for parts in zip(*inputs.blocks(), strict=True))
    np.testing.assert_array_equal(x, data.inputs(data.train))
    np.testing.assert_array_equal(labels, data.train.labels)
    assert len(inputs) == count


@few_and_many
@pytest.mark.parametrize("first", [1, 1000, FEW + 1])
def test_the_first_images(count: int, first: int) -> None:
    """They are as if they had been cut before; few share the floats that are there."""
    data = images_in_order(count)
    whole = Inputs.of(data, data.train)
    part = whole.first(first)
    assert len(part) == min(count, first)
    np.testing.assert_array_equal(part.take(slice(None))[0], data.inputs(data.train[:first]))
    if whole.floats is not None:
        assert np.shares_memory(whole.floats, part.floats)


def test_large_sets_stay_bytes() -> None:
    """50,000 images as floats would be 614 MB a worker: no more than 24 MB are kept."""
    data = images_in_order(FEW + 1)
    assert Inputs.of(data, data.train).floats is None
    assert Inputs.of(data, data.train[:FEW]).floats is not None


def test_a_batch_is_a_copy() -> None:
    """A layer that changes its batch does not change the images."""
    data = images_in_order(20)
    inputs = Inputs.of(data, data.train)
    x, _ = inputs.take(np.array([1, 2]))
    x[:] = 0
    np.testing.assert_array_equal(inputs.take(slice(None))[0], data.inputs(data.train))


def test_the_sweeps_published_first_batch() -> None:
    """The legacy stream gives the published indices after the source's two weight matrices."""
    stream = np.random.RandomState(231)
    stream.randn(3072, 500)
    stream.randn(500, 10)
    first = next(with_replacement(500, 100, stream))
    assert first[:8].tolist() == [116, 368, 310, 253, 109, 395, 14, 129]
    assert int(first.sum()) == 26853
    assert len(set(first.tolist())) == 93


def test_with_replacement_draws_as_many_different_images_as_chance_says() -> None:
    """100 of 500 hold 500 (1 - (1 - 1/500)^100) = 90.7 different ones on average."""
    batches = islice(with_replacement(500, 100, np.random.default_rng(0)), 2000)
    mean = np.mean([len(set(batch.tolist())) for batch in batches])
    assert mean == pytest.approx(500 * (1 - (1 - 1 / 500) ** 100), abs=0.3)  # 5 s.e. are 0.3


@pytest.mark.parametrize(("images", "batch_size"), [(40, 10), (45, 10), (10, 10), (7, 10)])
def test_shuffled_shows_no_image_twice_in_an_epoch(images: int, batch_size: int) -> None:
    """Every epoch is a new order, less a rest that fills no batch."""
    per_epoch = iterations_per_epoch(images, batch_size)
    batches = shuffled(images, batch_size, np.random.default_rng(0))
    epochs = [np.concatenate(list(islice(batches, per_epoch))).tolist() for _ in range(3)]
    for epoch in epochs:
        assert len(set(epoch)) == len(epoch) == min(per_epoch * batch_size, images)
        assert set(epoch) <= set(range(images))
    assert epochs[0] != epochs[1] != epochs[2]


@pytest.mark.parametrize(
    ("images", "batch_size", "iterations"), [(500, 100, 5), (599, 100, 5), (99, 100, 1)]
)
def test_iterations_per_epoch(images: int, batch_size: int, iterations: int) -> None:
    """Whole batches only, but at least one."""
    assert iterations_per_epoch(images, batch_size) == iterations
