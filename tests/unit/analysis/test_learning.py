"""Curves over epochs, and the over- and underfitting that they show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dropsweep import analysis
from dropsweep.analysis import estimate, find, fits
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


def test_curves_average_over_seeds_at_every_epoch() -> None:
    """A curve's points are the estimates of its epochs."""
    records = make_sweep([0.0, 0.5], seeds=3, epochs=4)
    plain, _ = analysis.curves(records)
    seeds = [record.history for record in records if record.spec.rate == 0.0]
    assert plain.epochs == (0, 1, 2, 3, 4)
    for at in range(5):
        assert plain.train[at] == estimate([history.train_accuracy[at] for history in seeds])
        assert plain.val[at] == estimate([history.val_accuracy[at] for history in seeds])


def test_a_diverged_run_is_a_curve_of_its_own() -> None:
    """Diverged runs keep their points, outside the mean; without points there is no curve."""
    records = [
        make_record(make_spec(0.5, 0), val=0.3),
        make_record(make_spec(0.5, 1), points=3),
        make_record(make_spec(0.5, 2), points=0),
    ]
    mean, diverged = analysis.curves(records)
    assert (mean.diverged, mean.val[-1].count) == (False, 1)
    assert (diverged.diverged, diverged.epochs) == (True, (0, 1, 2))
