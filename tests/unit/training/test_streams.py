"""The random streams of a run."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np

from dropsweep.training import Streams


def draws(seed: int) -> list[float]:
    """The first number of each stream."""
    return [float(stream.random()) for stream in astuple(Streams.of_seed(seed))]


def test_streams_are_a_function_of_the_seed() -> None:
    """The same seed gives the same streams, and another seed others."""
    assert draws(3) == draws(3)
    assert set(draws(3)).isdisjoint(draws(4))


def test_purposes_do_not_share_a_stream() -> None:
    """Each purpose draws other numbers."""
    assert len(set(draws(0))) == 4


def test_streams_are_numpys_spawned_children() -> None:
    """They are what ``SeedSequence(seed).spawn`` gives, in the order of their fields."""
    children = np.random.SeedSequence(5).spawn(4)
    assert draws(5) == [np.random.default_rng(child).random() for child in children]
