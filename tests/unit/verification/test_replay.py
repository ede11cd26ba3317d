"""The legacy streams of published computations."""

from __future__ import annotations

import numpy as np

from dropsweep.nn import DropRate
from dropsweep.verification.replay import Reseeded, initial_losses


def test_masks_come_from_a_fresh_start_and_all_else_goes_on_from_there() -> None:
    """After a mask of (2, 30) the stream stands where RandomState(123) stands after rand(2, 30)."""
    stream, expected = Reseeded(231), np.random.RandomState(123)
    np.testing.assert_array_equal(stream.standard_normal(3), np.random.RandomState(231).randn(3))
    np.testing.assert_array_equal(stream.random((2, 30)), expected.rand(2, 30))
    np.testing.assert_array_equal(stream.standard_normal(3), expected.randn(3))


def test_a_net_is_drawn_from_what_the_last_one_left() -> None:
    """The same rate gives another loss in the third place than in the second."""
    _, second, third = initial_losses([DropRate(0.5), DropRate(0.5)])
    assert second != third
