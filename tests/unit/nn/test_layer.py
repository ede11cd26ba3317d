"""Gradients that are products yet to be taken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import l2, penalize
from dropsweep.nn.layer import Product


def product(images: int = 7, inputs: int = 5, outputs: int = 3) -> Product:
    """Of whole numbers, whose sums are exact in any order."""
    rng = np.random.default_rng(0)
    x, dout = (rng.integers(-9, 10, (images, n)).astype(np.float32) for n in (inputs, outputs))
    return Product(x, dout)


@given(inputs=st.integers(1, 40), start=st.integers(0, 40), rows=st.integers(1, 40))
def test_rows_are_those_of_the_whole(inputs: int, start: int, rows: int) -> None:
    """Any panel, also one that reaches over the end or lies beyond it, is that of x' dout."""
    lazy = product(inputs=inputs)
    whole = np.einsum("ni,no->io", lazy.x, lazy.dout)
    np.testing.assert_array_equal(lazy[start : start + rows], whole[start : start + rows])


def test_numpy_takes_it_for_the_array_it_stands_for() -> None:
    """Its shape, its type, its numbers; a copy is the caller's own."""
    lazy = product()
    array = np.asarray(lazy)
    assert array.shape == (5, 3)
    assert array.dtype == np.float32
    np.testing.assert_array_equal(lazy, lazy.x.T @ lazy.dout)
    array += 1
    np.testing.assert_array_equal(lazy, array - 1)
    assert np.asarray(lazy, np.float64).dtype == np.float64


def test_it_is_taken_when_it_is_used() -> None:
    """Not when it is made: that is the point of it, and why its factors must stay as they are."""
    lazy = product()
    before = np.asarray(lazy)
    lazy.dout[:] *= 2
    np.testing.assert_array_equal(lazy, 2 * before)


@pytest.mark.parametrize("strength", [0.5, 2.0])
def test_a_penalty_makes_it_an_array(strength: float) -> None:
    """With the penalty's gradient added; the factors stay as they are."""
    lazy, W = product(), np.ones((5, 3), np.float32)
    gradients = {"W1": lazy}
    before = np.asarray(lazy)
    penalize({"W1": W}, gradients, [l2(strength)])
    np.testing.assert_array_equal(gradients["W1"], before + strength)
    np.testing.assert_array_equal(lazy, before)
