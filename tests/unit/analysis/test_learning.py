"""Over- and underfitting, as curves show them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dropsweep.analysis import find, fits
from dropsweep.records import History, RunRecord
from tests.factories import RATES, make_record, make_spec, make_sweep


def ran(train: list[float], val: list[float], seed: int = 0) -> RunRecord:
    """A run whose histories are these."""
    record = make_record(make_spec(0.5, seed, epochs=len(train) - 1))
    history = History(tuple(range(len(train))), (1.0,) * len(train), tuple(train), tuple(val))
    return replace(record, history=history, val_accuracy=val[-1])


@pytest.mark.parametrize(
    ("train", "val", "kind"),
    [
        (0.989, 0.298, "overfits"),
        (0.733, 0.320, "overfits"),
        (0.344, 0.286, "underfits"),
        (0.65, 0.53, "fits"),
        (0.5, 0.2, "overfits"),
        (0.1, 0.1, "borderline"),
        (0.6, 0.36, "borderline"),
        (0.10, 0.08, "underfits"),
        (0.117, 0.04, "underfits"),
        (0.16, 0.1, "overfits"),
        (0.56, 0.5, "fits"),
        (0.54, 0.5, "underfits"),
    ],
)
def test_kinds(train: float, val: float, kind: str) -> None:
    """The published sweep's ends, a net in between, and guessing."""
    assert [fit.kind for fit in fits([ran([0.1, train], [0.1, val])])] == [kind]


def test_the_seven_rate_sweep() -> None:
    """It learns by heart up to .9, and .99 leaves too little capacity."""
    found = fits(make_sweep(seeds=3))
    assert [fit.rate for fit in found] == list(RATES)
    assert [fit.kind for fit in found] == ["overfits"] * 6 + ["underfits"]


def test_the_peak_and_the_fall_are_those_of_the_mean_curve() -> None:
    """Validation .2 .4 .3 and .2 .2 .3: mean .2 .3 .3, first highest at epoch 1, no fall."""
    train = [0.3, 0.6, 0.9]
    (fit,) = fits([ran(train, [0.2, 0.4, 0.3]), ran(train, [0.2, 0.2, 0.3], seed=1)])
    assert (fit.peak_epoch, fit.fall) == (1, 0)
    (fit,) = fits([ran(train, [0.2, 0.4, 0.3])])
    assert fit.peak_epoch == 1
    assert fit.fall == pytest.approx(0.1)


def test_rising_is_the_last_quarter() -> None:
    """Of 8 epochs the last two: .03 more is rising, .01 is not, whatever came before."""
    flat = [0.2] * 9
    assert fits([ran([0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.53], flat)])[0].rising
    assert not fits([ran([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.7, 0.71], flat)])[0].rising


def test_a_diverged_rate_has_no_fit() -> None:
    """Nothing is said of nets whose loss stopped being a number."""
    assert fits([make_record(make_spec(), points=3)]) == []
    assert find([make_record(make_spec(), points=3)]).fit((), 0.5) is None
