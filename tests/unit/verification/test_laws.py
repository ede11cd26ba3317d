"""The laws of masks, against many small masks."""

from __future__ import annotations

import numpy as np
import pytest

from dropsweep.nn import DROPOUT_KINDS
from dropsweep.verification.laws import LAWS

MASKS = 2000


@pytest.mark.parametrize("rate", [0.3, 0.75])
@pytest.mark.parametrize("kind", [*DROPOUT_KINDS])
def test_law_of_a_kind(kind: str, rate: float) -> None:
    """Mean, variance, spread and the spread's standard error are those of 2000 masks."""
    law, layer, x = LAWS[kind], DROPOUT_KINDS[kind](rate), np.ones((10, 40))
    random = np.random.default_rng(0)
    masks = [law.per_value(layer.train(x, random)[0]) for _ in range(MASKS)]
    assert np.mean(masks) == pytest.approx(law.mean(rate), rel=0.03)
    assert np.var(masks) == pytest.approx(law.variance(rate), rel=0.03)
    estimates = [law.spread(mask, rate) for mask in masks]
    observed = [each.observed for each in estimates]
    assert np.mean(observed) == pytest.approx(estimates[0].expected, rel=0.03)
    # a standard deviation of 2000 values is known to 1.6 %
    assert np.std(observed) == pytest.approx(estimates[0].standard_error, rel=0.08)


@pytest.mark.parametrize("kind", [*DROPOUT_KINDS])
def test_one_number_for_each_mask_value(kind: str) -> None:
    """As many as the kind draws: one a feature where the mask is shared, else one a unit."""
    values = LAWS[kind].per_value(np.ones((10, 40)))
    assert values.size == (40 if kind == "shared" else 400)
