"""The two conventions for an amount of dropout."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import DropRate, KeepProbability
from dropsweep.nn.level import as_level, checked_floating

U = np.array([0.0, 0.2, 0.3, 0.7, 0.9, math.nextafter(1, 0)])


def test_a_rate_keeps_the_upper_uniforms() -> None:
    """NetArrays where u >= rate, the rate itself included."""
    np.testing.assert_array_equal(DropRate(0.3).kept(U), [0, 0, 1, 1, 1, 1])


def test_a_keep_probability_keeps_the_lower_uniforms() -> None:
    """NetArrays where u < keep, the probability itself left out."""
    np.testing.assert_array_equal(KeepProbability(0.7).kept(U), [1, 1, 1, 0, 0, 0])


def test_the_ends_keep_everything() -> None:
    """Rate 0 and keep probability 1 drop nothing, not even at u = 0 or just below 1."""
    assert DropRate(0).kept(U).all()
    assert KeepProbability(1).kept(U).all()


@given(st.floats(0, 1, exclude_max=True))
def test_rate_and_keep_probability_add_up_to_one(rate: float) -> None:
    """Each convention knows the other's number, and gives its own back unchanged."""
    assert (DropRate(rate).rate, DropRate(rate).keep) == (rate, 1 - rate)
    keep = 1 - rate
    assert (KeepProbability(keep).keep, KeepProbability(keep).rate) == (keep, 1 - keep)


@given(st.integers(0, 1023), st.integers(0, 2**32 - 1))
def test_the_conventions_mirror_each_other(part: int, seed: int) -> None:
    """What a rate keeps of u, its keep probability keeps of 1 - u: equally many, not the same."""
    rate = part / 1024  # 1 - rate and 1 - u are exact
    u = (np.random.default_rng(seed).integers(0, 2**20, 100) + 0.5) / 2**20
    np.testing.assert_array_equal(DropRate(rate).kept(u), KeepProbability(1 - rate).kept(1 - u))


@pytest.mark.parametrize("rate", [1.0, -1e-9, 2.0, math.nan, math.inf, -math.inf])
def test_impossible_rates_are_refused(rate: float) -> None:
    """A rate outside [0, 1), or NaN, raises ValueError that names it."""
    with pytest.raises(ValueError, match=f"at least 0 and below 1, not {rate}"):
        DropRate(rate)


@pytest.mark.parametrize("keep", [0.0, -0.5, 1.0000001, math.nan, math.inf, -math.inf])
def test_impossible_keep_probabilities_are_refused(keep: float) -> None:
    """A keep probability outside (0, 1], or NaN, raises ValueError that names it."""
    with pytest.raises(ValueError, match=f"above 0, at most 1, not {keep}"):
        KeepProbability(keep)


def test_a_bare_number_is_a_rate() -> None:
    """0.25 means dropping a quarter; a level stays what it is."""
    assert as_level(0.25) == DropRate(0.25)
    assert as_level(0) == DropRate(0)
    level = KeepProbability(0.25)
    assert as_level(level) is level


@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool", "complex128"])
def test_only_floats_can_be_dropped(dtype: str) -> None:
    """Anything else raises TypeError, which names the type and the remedy."""
    with pytest.raises(TypeError, match=rf"not {dtype}; convert with x.astype\(np.float32\)"):
        checked_floating(np.zeros(2, dtype))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_pass(dtype: str) -> None:
    """Floats of any width are accepted."""
    checked_floating(np.zeros(2, dtype))


@pytest.mark.parametrize("rate", [0.5, np.float32(0.5), np.float64(0.5)])
def test_any_real_number_is_a_rate(rate: float) -> None:
    """Python's or numpy's."""
    assert as_level(rate) == DropRate(0.5)
    assert as_level(0) == DropRate(0.0)
