"""Which training images make up a batch."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from dropsweep.records import iterations_per_epoch
from dropsweep.training.batches import shuffled, with_replacement


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
