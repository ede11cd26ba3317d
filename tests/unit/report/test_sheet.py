"""Numbers as cells."""

from __future__ import annotations

import pytest

from dropsweep.analysis import Estimate
from dropsweep.report import sheet


@pytest.mark.parametrize(
    ("mean", "text"), [(0.012, "+0.012 ± 0.010"), (-0.012, "-0.012 ± 0.010"), (0, "+0.000 ± 0.010")]
)
def test_a_change_has_its_sign(mean: float, text: str) -> None:
    """Better and worse are told apart at a glance."""
    assert sheet.change(Estimate(mean, mean - 0.01, mean + 0.01, 0.01, 3)) == text


def test_what_is_not_there_is_a_dash() -> None:
    """A blank cell would look like a mistake."""
    assert {
        sheet.mean(None),
        sheet.change(None),
        sheet.accuracy(None),
        sheet.probability(None),
    } == {sheet.NOTHING}
