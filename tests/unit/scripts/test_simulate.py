"""A short form of ``scripts/simulate.py``: statements are seldom wrong, and faults would show."""

from __future__ import annotations

import numpy as np
import pytest
import simulate

BELOW = (0.0, *[-0.01] * 6)


@pytest.mark.parametrize(
    ("means", "errors"),
    [(simulate.TABLE, simulate.normal), (BELOW, simulate.normal), (BELOW, simulate.skewed)],
)
def test_the_race_is_seldom_wrong(means: tuple[float, ...], errors: simulate.Errors) -> None:
    """Fifteen races of each kind, all settled, and at most two wrong."""
    found = simulate.race_errors("", means, errors, 15, np.random.default_rng(1))
    assert found.share <= 2 / 15
    assert found.note.endswith(" 0 not settled")


def test_max_t_seldom_shows_what_is_not_there() -> None:
    """Two hundred sweeps at a level of .056: from 1 to 22 show something."""
    found = simulate.family_error(10, 200, np.random.default_rng(2))
    assert 0 < found.share <= 0.11


def test_the_set_holds_the_best_rate() -> None:
    """And it is smaller than the whole list."""
    found = simulate.set_holds_best(10, 100, np.random.default_rng(3))
    assert found.share >= 0.9
    assert not found.note.startswith("6.0")


def test_images_that_are_not_drawn_mislead() -> None:
    """The simulation sees the fault that drawn images cure."""
    rng = np.random.default_rng(4)
    first = simulate.image_error(12, 150, rng, pool=None)
    drawn = simulate.image_error(12, 150, rng, pool=50_000)
    assert drawn.share < 0.1 < first.share
