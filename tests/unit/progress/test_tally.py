"""The counts of a running sweep."""

from __future__ import annotations

import pytest

from dropsweep.progress.tally import Tally, clock
from tests.factories import make_spec


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0:00"), (52, "0:52"), (725, "12:05"), (3730, "1:02:10")]
)
def test_times_are_read_as_on_a_clock(seconds: float, text: str) -> None:
    """Minutes and seconds, with hours where there are any."""
    assert clock(seconds) == text


def test_lines_of_a_grid_name_the_setting() -> None:
    """Runs of one rate in two settings are never taken together."""
    tally = Tally([make_spec(0.5, train_size=size) for size in (100, 500)])
    assert [(group.label, group.planned) for group in tally.groups] == [
        ("0.50, train_size=100", 1),
        ("0.50, train_size=500", 1),
    ]


def test_a_race_may_go_further_than_was_planned() -> None:
    """Runs that come in later are counted."""
    specs = [make_spec(rate, seed) for seed in (0, 1) for rate in (0.0, 0.5)]
    tally = Tally(specs[:2])
    for spec in specs:
        tally.end(spec, 0.3)
    assert tally.status.startswith("4/4 runs")
    assert tally.fraction == 1
