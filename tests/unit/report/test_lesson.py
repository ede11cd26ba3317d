"""The definition of a dropout rate, with masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.nn.dropout import DROPOUT_KINDS
from dropsweep.report.lesson import IMAGES, UNITS, make_lesson
from tests.factories import make_record, make_spec, make_sweep, varied

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def of_kind(kind: str) -> list[RunRecord]:
    """Runs of one kind of dropout."""
    return [make_record(varied(make_spec(rate), {"dropout.kind": kind})) for rate in (0.0, 0.5)]


def test_masks_of_three_rates() -> None:
    """The lowest, a middle and the highest rate above 0; higher rates drop no fewer units."""
    found = make_lesson(make_sweep())
    assert found
    assert [mask.rate for mask in found.masks] == ["0.25", "0.80", "0.99"]
    dropped = [sum(shade == 0 for *_, shade in mask.squares) for mask in found.masks]
    assert dropped == sorted(dropped)
    assert all(len(mask.squares) == UNITS * IMAGES for mask in found.masks)


def test_nothing_is_drawn_where_nothing_is_dropped() -> None:
    """Rate 0 only: there is no mask to show."""
    assert make_lesson(make_sweep((0.0,))) is None


@pytest.mark.parametrize("kind", DROPOUT_KINDS)
def test_what_a_unit_passes_on_is_what_the_layer_does(kind: str) -> None:
    """The sentence of each kind agrees with the layer: training and testing."""
    found = make_lesson(of_kind(kind))
    assert found
    layer, x = DROPOUT_KINDS[kind](0.5), np.ones((200, 50))
    trained, _ = layer.train(x, np.random.default_rng(0))
    values = set(np.unique(trained))
    assert ("divided by" in found.passes_on) == (values == {0.0, 2.0})
    assert ("in testing every unit passes on its value times" in found.passes_on) == (
        float(layer.test(x).max()) == 0.5
    )
    assert ("one mask" in found.passes_on) == (len(np.unique(trained, axis=0)) == 1)
    assert ("No unit is dropped" in found.passes_on) == (0.0 not in values)
