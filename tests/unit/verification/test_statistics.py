"""Mask statistics against probability theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import DROPOUT_KINDS, BatchNorm
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.verification.statistics import LAWS, RATES, mask_statistics
from tests.unit.verification import wrong

if TYPE_CHECKING:
    from dropsweep.nn import Dropout
    from dropsweep.verification import Statistic


def failed(seed: int = 231) -> set[tuple[str, str]]:
    """Kind and quantity of the checks that do not hold."""
    return {(row.kind, row.quantity) for row in mask_statistics(seed) if not row.ok}


@pytest.mark.parametrize("seed", range(5))
def test_our_dropout_passes(seed: int) -> None:
    """No false alarm, whichever seed."""
    assert not failed(seed)


def test_every_kind_at_every_rate() -> None:
    """Three quantities for each; a kind without a law would be an error."""
    assert LAWS.keys() == DROPOUT_KINDS.keys()
    rows = [row for row in mask_statistics() if row.kind in DROPOUT_KINDS]
    assert len(rows) == 3 * len(DROPOUT_KINDS) * len(RATES)
    assert {(row.kind, row.rate) for row in rows} == {(k, r) for k in DROPOUT_KINDS for r in RATES}


def standard_error(row: Statistic) -> float:
    """From z and what it was computed of."""
    assert row.z is not None
    return (row.observed - row.expected) / row.z


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("zero fraction", (9.2e-4, 9.8e-4, 8.7e-4)), ("train mean", (0.0132, 0.0246, 0.0348))],
)
def test_standard_errors_of_the_source(quantity: str, expected: tuple[float, ...]) -> None:
    """Inverted dropout at .3 .6 .75 has the standard errors worked out for the source's check."""
    rows = [row for row in mask_statistics() if (row.kind, row.quantity) == ("inverted", quantity)]
    assert [standard_error(row) for row in rows] == pytest.approx(expected, rel=5e-3)


def batch_norm_of_the_batch(layer: BatchNorm, x: Any) -> Any:
    """A test pass that ignores the running statistics."""
    return layer.gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + layer.eps) + layer.beta


def batch_norm_of_nothing(layer: BatchNorm, x: Any) -> Any:
    """A test pass that does not normalise."""
    return layer.gamma * x + layer.beta


@pytest.mark.parametrize("mistake", [batch_norm_of_the_batch, batch_norm_of_nothing])
def test_a_wrong_batch_norm_is_found(monkeypatch: pytest.MonkeyPatch, mistake: Any) -> None:
    """Running statistics that are not used at test time are noticed."""
    monkeypatch.setattr(BatchNorm, "test", mistake)
    assert failed() == {("batch norm", "test mean")}


def test_running_statistics_that_stand_still_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch norm that never updates them fails as well."""
    monkeypatch.setattr(BatchNorm, "_follow", lambda *_: None)
    assert failed() == {("batch norm", "test mean")}


def test_not_a_number_is_not_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    """An output of NaN fails, though no comparison with it holds."""
    monkeypatch.setattr(DROPOUT_KINDS["inverted"], "test", lambda _, x: x * np.nan)
    assert ("inverted", "test mean") in failed()


@pytest.mark.parametrize(
    ("kind", "mistake", "quantity"),
    [
        ("inverted", wrong.Unscaled, "train mean"),
        ("binomial", wrong.ScaledByRate, "train mean"),
        ("inverted", wrong.OnAtTestTime, "test mean"),
        ("vanilla", wrong.VanillaWithoutFactor, "test mean"),
        ("shared", wrong.SharedByNobody, "zero fraction"),
        ("gaussian", wrong.GaussianOfRate, "mask variance"),
        ("gaussian", InvertedDropout, "mask variance"),
    ],
)
def test_a_wrong_kind_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: str, mistake: type[Dropout], quantity: str
) -> None:
    """A mistake in one kind fails the quantity it spoils, and no check of another kind."""
    monkeypatch.setitem(DROPOUT_KINDS, kind, mistake)
    assert (kind, quantity) in failed()
    assert {name for name, _ in failed()} == {kind}


def test_every_kind_has_its_law() -> None:
    """A kind that is added without one fails here, not on a user's machine."""
    assert LAWS.keys() == DROPOUT_KINDS.keys()


LAW_MASKS = 2000


@pytest.mark.parametrize("rate", [0.3, 0.75])
@pytest.mark.parametrize("kind", [*DROPOUT_KINDS])
def test_law_of_a_kind(kind: str, rate: float) -> None:
    """Mean, variance, spread and the spread's standard error are those of 2000 masks."""
    law, layer, x = LAWS[kind], DROPOUT_KINDS[kind](rate), np.ones((10, 40))
    random = np.random.default_rng(0)
    masks = [law.per_value(layer.train(x, random)[0]) for _ in range(LAW_MASKS)]
    assert np.mean(masks) == pytest.approx(law.mean(rate), rel=0.03)
    assert np.var(masks) == pytest.approx(law.variance(rate), rel=0.03)
    estimates = [law.spread(mask, rate) for mask in masks]
    observed = [each.observed for each in estimates]
    assert np.mean(observed) == pytest.approx(estimates[0].expected, rel=0.03)
    # a standard deviation of 2000 values is known to 1.6 %
    assert np.std(observed) == pytest.approx(estimates[0].standard_error, rel=0.08)


@pytest.mark.parametrize("kind", [*DROPOUT_KINDS])
def test_one_number_for_each_mask_value(kind: str) -> None:
    """As many as the kind draws: one per feature where the mask is shared, else one per unit."""
    values = LAWS[kind].per_value(np.ones((10, 40)))
    assert values.size == (40 if kind == "shared" else 400)
