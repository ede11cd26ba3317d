"""Values in words."""

from __future__ import annotations

import pytest

from dropsweep.analysis import Estimate
from dropsweep.columns.words import counted, difference_text, listed_rates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Estimate(0.012, 0.002, 0.022, 0.01, 8, 0.0, 0.03), "+0.012 ± 0.010"),
        (Estimate(-0.012, -0.022, -0.002, 0.01, 8, -0.03, 0.0), "-0.012 ± 0.010"),
        (Estimate(0.012, -0.1, 0.2, 0.01, 3, -0.01, 0.03), "+0.012 (-.010 to +.030)"),
        (Estimate(0.012, None, None, None, 1), "+0.012"),
        (Estimate(-0.0002, -0.0004, 0.0, 0.01, 8, -0.01, 0.01), "0.000 ± <0.001"),
        (Estimate(0.0, 0.0, 0.0, 0.0, 8, 0.0, 0.0), "0.000"),
        (Estimate(0.02, 0.02, 0.02, 0.0, 2, 0.02, 0.02), "+0.020"),
    ],
)
def test_a_difference_claims_no_more_than_its_seeds(value: Estimate, text: str) -> None:
    """A sign unless it is 0; few seeds have a range; equal scores have no interval of width 0."""
    assert difference_text(value) == text


def test_a_count_and_a_list_have_the_right_number() -> None:
    """One thing is one; the last of several stands behind ``and``."""
    assert [counted(count, "seed") for count in (0, 1, 2)] == ["0 seeds", "1 seed", "2 seeds"]
    assert listed_rates([0.5]) == "rate 0.50"
    assert listed_rates([0, 0.5, 0.75], "Rate") == "Rates 0.00, 0.50 and 0.75"
