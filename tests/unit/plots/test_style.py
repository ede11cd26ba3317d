"""Colours that can be told apart, and limits that make sense."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from dropsweep.plots import style
from tests.factories import RATES


def lightness(colour: str) -> float:
    """Relative luminance (WCAG 2), 0 black to 1 white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("rates", [RATES, RATES[::-1], (0.5, 0.9)])
def test_colours_grow_lighter_with_the_rate(rates: tuple[float, ...]) -> None:
    """The order of rates survives grey printing and every kind of colour vision."""
    colours = style.rate_colours(rates, style.USUAL)
    found = [lightness(colours[rate]) for rate in sorted(rates)]
    assert all(darker < lighter for darker, lighter in pairwise(found))


@pytest.mark.parametrize("count", [1, 7, 40])
def test_the_lightest_colour_is_readable_on_white(count: int) -> None:
    """A contrast of at least 1.8 to the page."""
    colours = style.rate_colours([at / count for at in range(count)], style.USUAL).values()
    assert min(1.05 / (lightness(colour) + 0.05) for colour in colours) > 1.8


@pytest.mark.parametrize(
    ("drawn", "low", "high"), [((0.3, 0.4), 0.2, 0.5), ((-0.5, 1.5), -0.02, 1.02)]
)
def test_limits_stay_near_the_unit_interval(
    drawn: tuple[float, float], low: float, high: float
) -> None:
    """Limits follow the data, but no further than an accuracy can go."""
    axes = Figure().subplots()
    axes.plot([0, 1], drawn)
    style.dress(axes)
    bottom, top = axes.get_ylim()
    assert low <= bottom <= max(drawn[0], 0) + 0.3
    assert min(drawn[1], 1) <= top <= high


def test_a_title_is_broken_between_facts() -> None:
    """A number stays with what it counts; only what is too long for a line is broken inside."""
    fact = "many training and many validation images of a long name, 2 seeds"
    assert style.new_figure(4, f"CIFAR-10 and {fact}", style.USUAL).get_suptitle().split("\n") == [
        "CIFAR-10 and many training and many validation images of a long name,",
        "2 seeds",
    ]
    assert style.new_figure(4, fact, style.USUAL).get_suptitle() == fact


def test_a_long_title_is_broken() -> None:
    """No title runs out of the figure."""
    title = style.new_figure(4, "word " * 50, style.USUAL).get_suptitle()
    assert max(map(len, title.split("\n"))) <= 76
