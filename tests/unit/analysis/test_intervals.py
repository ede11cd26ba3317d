"""Means and their intervals, against scipy and against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dropsweep import analysis
from dropsweep.analysis import estimate

accuracies = st.lists(st.integers(0, 1000).map(lambda right: right / 1000), min_size=2, max_size=9)


@given(accuracies)
def test_interval_is_scipys_t_interval(values: list[float]) -> None:
    """The interval is Student's, as ``scipy.stats.t.interval`` gives it."""
    found = estimate(values)
    error = stats.sem(values)
    assert found.low is not None
    assert found.high is not None
    assert found.mean == pytest.approx(np.mean(values))
    assert found.sd == pytest.approx(np.std(values, ddof=1))
    if error > 0:
        ends = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=error)
        assert (found.low, found.high) == pytest.approx(ends)
    else:
        assert found.low == found.high == found.mean


def test_interval_worked_by_hand() -> None:
    """Of .30 .32 .34: mean .32, s.d. .02, half width 4.302653 x .02 / sqrt 3 = .049683."""
    found = estimate([0.30, 0.32, 0.34])
    assert found.count == 3
    assert found.mean == pytest.approx(0.32)
    assert found.sd == pytest.approx(0.02)
    assert found.low == pytest.approx(0.270317, abs=1e-6)
    assert found.high == pytest.approx(0.369683, abs=1e-6)


def test_one_value_has_no_interval() -> None:
    """One seed says nothing about the spread of seeds."""
    assert estimate([0.3]) == analysis.Estimate(0.3, None, None, None, 1)
