"""Averaged masked passes over seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dropsweep.analysis import averagings, estimate
from dropsweep.records import MonteCarlo
from tests.factories import make_record, make_spec

if TYPE_CHECKING:
    from dropsweep.records import RunRecord


def record(
    rate: float, seed: int, accuracies: dict[int, float], weight_scaling: float, epochs: int = 2
) -> RunRecord:
    """A run with these accuracies by number of passes, in the order given."""
    spec = make_spec(rate, seed, epochs=epochs, monte_carlo_samples=tuple(accuracies))
    averaged = MonteCarlo(tuple(accuracies), tuple(accuracies.values()))
    return replace(make_record(spec, val=weight_scaling), monte_carlo=averaged)


def test_seeds_are_averaged_number_by_number() -> None:
    """Passes come ascending, whatever the config's order; weight scaling is the best epoch's."""
    runs = [record(0.5, 0, {10: 0.30, 1: 0.2}, 0.32), record(0.5, 1, {10: 0.34, 1: 0.24}, 0.36)]
    (found,) = averagings(runs)
    assert (found.setting, found.rate, found.samples) == ((), 0.5, (1, 10))
    assert found.val == (estimate([0.2, 0.24]), estimate([0.30, 0.34]))
    assert found.weight_scaling == estimate([0.32, 0.36])


def test_settings_and_rates_stand_apart() -> None:
    """One entry a setting and rate, in this order, under the settings that summaries have too."""
    runs = [
        record(0.9, 0, {1: 0.1}, 0.3),
        record(0.5, 0, {1: 0.2}, 0.3),
        record(0.5, 0, {1: 0.3}, 0.3, epochs=1),
    ]
    found = [(each.setting, each.rate, each.val[0].mean) for each in averagings(runs)]
    assert found == [
        ((("training.epochs", 1),), 0.5, 0.3),
        ((("training.epochs", 2),), 0.5, 0.2),
        ((("training.epochs", 2),), 0.9, 0.1),
    ]


def test_runs_without_masked_passes_and_diverged_ones_are_left_out() -> None:
    """Neither has a place in the mean; the setting keeps the name that all runs give it."""
    unmeasured = make_record(make_spec(0.5, epochs=2))
    diverged = replace(record(0.5, 1, {1: 0.9}, 0.3), status="diverged")
    (found,) = averagings([unmeasured, diverged, record(0.5, 0, {1: 0.2}, 0.3)])
    assert found.setting == (("evaluation.monte_carlo_samples", (1,)),)
    assert found.val == (estimate([0.2]),)
    assert averagings([unmeasured, diverged]) == []
