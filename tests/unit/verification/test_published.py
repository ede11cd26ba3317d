"""Published numbers, digit by digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import DROPOUT_KINDS, DropRate, KeepProbability
from dropsweep.training.images import SAMPLING
from dropsweep.verification import published
from dropsweep.verification.published import Reseeded, initial_losses, published_numbers
from tests.unit.verification import wrong

if TYPE_CHECKING:
    from dropsweep.nn import Amount, Dropout


def failed() -> set[str]:
    """The numbers that differ."""
    return {row.what for row in published_numbers() if not row.ok}


def test_ours_are_the_published_numbers() -> None:
    """All twenty come out."""
    assert not failed()
    assert len({row.what for row in published_numbers()}) == 20


@pytest.mark.parametrize(
    ("number", "off"),
    [("MEAN_OF_X", 1e-11), ("PLAIN_LOSS", 1e-12), ("SUM_OF_INDICES", 1), ("DIFFERENT_INDICES", 1)],
)
def test_a_digit_makes_a_difference(
    monkeypatch: pytest.MonkeyPatch, number: str, off: float
) -> None:
    """Numbers of full precision are compared to 1e-13 of them, counts exactly."""
    monkeypatch.setattr(published, number, getattr(published, number) + off)
    assert len(failed()) == 1


def test_five_digits_of_a_gradient_check_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conventions agree in no digit of them, and two units of the fifth are a difference."""
    monkeypatch.setitem(published.GRADIENT_CHECKS, DropRate(0.8), 1.8931e-11)
    assert failed() == {"gradient check, drop 0.8"}


@pytest.mark.parametrize(
    ("convention", "called", "mistake"),
    [
        (DropRate, "drop", lambda self, u: u < self.rate),
        (KeepProbability, "keep", lambda self, u: u >= self.keep),
        (DropRate, "drop", lambda self, u: u < self.keep),
        (KeepProbability, "keep", lambda self, u: u >= self.rate),
    ],
)
def test_a_wrong_convention_is_found(
    monkeypatch: pytest.MonkeyPatch, convention: type[Amount], called: str, mistake: Any
) -> None:
    """Units on the wrong side, or as many by the other convention: its numbers differ, no others.

    But for the gradient check: its largest rounding error can be the same over other units.
    """
    monkeypatch.setattr(convention, "kept", mistake)
    numbers = {row.what for row in published_numbers() if f", {called} " in row.what}
    assert failed() | {f"gradient check, {called} 0.8"} == numbers


@pytest.mark.parametrize("mistake", [wrong.Unscaled, wrong.ScaledByRate])
def test_a_wrong_scale_is_found(monkeypatch: pytest.MonkeyPatch, mistake: type[Dropout]) -> None:
    """The means while training tell it."""
    monkeypatch.setitem(DROPOUT_KINDS, "inverted", mistake)
    assert {"train mean, drop 0.3", "train mean, drop 0.6", "train mean, drop 0.75"} <= failed()


def test_another_order_of_batches_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first batch is drawn as runs draw it."""
    monkeypatch.setitem(SAMPLING, "replacement", SAMPLING["shuffle"])
    assert {what for what in failed() if what.startswith("first batch")} == failed() != set()


def test_masks_come_from_a_fresh_start_and_all_else_goes_on_from_there() -> None:
    """After a mask of (2, 30) the stream stands where RandomState(123) stands after rand(2, 30)."""
    stream, expected = Reseeded(231), np.random.RandomState(123)
    np.testing.assert_array_equal(stream.standard_normal(3), np.random.RandomState(231).randn(3))
    np.testing.assert_array_equal(stream.random((2, 30)), expected.rand(2, 30))
    np.testing.assert_array_equal(stream.standard_normal(3), expected.randn(3))


def test_a_net_is_drawn_from_what_the_last_one_left() -> None:
    """The same rate gives another loss in the third place than in the second."""
    _, second, third = initial_losses([DropRate(0.5), DropRate(0.5)])
    assert second != third
