"""Rules that decide when there are enough seeds, as the benchmark simulates them."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks import answer, rules
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dropsweep.analysis import Race, final_val
from dropsweep.records import Decision
from tests.factories import make_folder, make_sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.rules import Outcome, Right

GRASS = np.array(
    [
        [4, 3, 2, 1], [4, 2, 3, 1], [3, 1.5, 1.5, 4], [3, 1, 2, 4], [4, 2, 1, 3], [2, 2, 2, 4],
        [1, 3, 2, 4], [2, 4, 1, 3], [3.5, 1, 2, 3.5], [4, 1, 3, 2], [4, 2, 3, 1], [3.5, 1, 2, 3.5],
    ]
)  # fmt: skip
"""Conover 1999, section 5.8: twelve home owners rank four grasses, the best highest."""


def clear(rates: int = 4, seeds: int = 40) -> Right:
    """Rate 0 is best by 30 images in every seed; the others differ by luck."""
    right = np.random.default_rng(0).integers(290, 310, (seeds, rates))
    right[:, 0] = right[:, 1:].max(axis=1) + 30
    return right


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=9))
def test_the_signed_rank_p_counts_sign_patterns(numbers: list[int]) -> None:
    """It is the share of the 2^n patterns with as low a rank sum; half of a zero's rank counts."""
    d = np.array(numbers)
    ranks = stats.rankdata(np.abs(d))
    observed = ranks[d > 0].sum()
    signs = itertools.product((0, 1), repeat=int((d != 0).sum()))
    sums = [ranks[d != 0] @ np.array(pattern) for pattern in signs]
    assert rules.signed_rank_p(d) == pytest.approx(np.mean(np.array(sums) <= observed))


def test_the_signed_rank_p_is_scipys() -> None:
    """Without ties and zeros it is the exact one-sided p of SciPy."""
    d = np.array([3, -7, 12, -15, -1, 20, -22, -30, -31])
    expected = stats.wilcoxon(d, alternative="less", method="exact").pvalue
    assert rules.signed_rank_p(d) == pytest.approx(expected)


def test_grasses_near_the_best() -> None:
    """Conover's example: rank sums 38, 23.5, 24.5 and 34, least significant difference 11.48."""
    assert rules.near_best(GRASS, 0.05).tolist() == [True, False, False, True]
    assert rules.near_best(GRASS, 0.04).all(), "p of Friedman's test is .044"


def test_seeds_of_a_fixed_number() -> None:
    """A t test for half a standard deviation, one-sided at .05 with power .8, takes 27 values."""
    assert rules.seeds_needed(0.02, 0.01, 1) == 27


def use(name: str, right: Right) -> Outcome:
    """A rule by name, with 20 seeds at most."""
    by_name: dict[str, Callable[[], Outcome]] = {
        "fixed": lambda: rules.fixed(right, 20, 10),
        "optuna": lambda: rules.wilcoxon_pruner(right, 20, np.arange(right.shape[1])),
        "friedman": lambda: rules.irace_friedman(right, 20),
        "t": lambda: rules.irace_t(right, 20),
        "race": lambda: rules.race(right[:20], 1000, Fraction(1, 100)),
    }
    return by_name[name]()


@pytest.mark.parametrize(
    ("name", "runs"), [("fixed", 80), ("optuna", 20 + 3 * 4), ("friedman", 20), ("t", 20)]
)
def test_a_clear_winner(name: str, runs: int) -> None:
    """Everyone finds it: the pruner needs 4 seeds (1 / 2^4 < .1), irace its first 5."""
    found = use(name, clear())
    assert (found.answer, found.runs) == (0, runs)
    assert found.settled == (name != "optuna")


def test_the_race_is_the_programs_own() -> None:
    """Its answer, and the runs that a sweep with ``seeds: auto`` judges."""
    found = use("race", clear())
    runner = Race(range(4), 1000, Decision(auto=True))
    for seed, row in enumerate(clear()):
        for rate, right in enumerate(row):
            runner.add(rate, seed, int(right))
    state = runner.state()
    assert found == (state.answer, sum(state.counted.values()), True)


@pytest.mark.parametrize("name", ["fixed", "optuna", "friedman", "t", "race"])
def test_a_rule_looks_only_at_its_runs(name: str) -> None:
    """Seeds beyond the last that it could have trained change nothing."""
    right = np.random.default_rng(1).integers(280, 320, (40, 4))
    other = right.copy()
    other[20:] = 0
    assert use(name, right) == use(name, other)


def test_equal_rates_are_no_error_of_the_rules() -> None:
    """Identical rates: nothing leaves, and irace says that it has not settled."""
    right = np.tile(np.random.default_rng(2).integers(280, 320, (40, 1)), 3)
    for name in ("friedman", "t"):
        assert use(name, right) == (0, 60, False)
    assert use("optuna", right).runs == 60
    assert use("race", right).settled, "equal rates are within the margin"


def test_the_table_is_read_from_run_files(tmp_path: Path) -> None:
    """Images named right after the last epoch, a row per seed, a column per rate."""
    sweep = make_sweep(seeds=3)
    make_folder(tmp_path, sweep)
    table = answer.read_outcomes(tmp_path)
    first = next(run for run in sweep if run.spec.seed == 0 and run.spec.rate == table.rates[0])
    assert table.all_images.shape == (3, len(table.rates))
    assert table.all_images[0, 0] == round(final_val(first) * table.val_size)


def test_wrong_answers_and_costs() -> None:
    """A rate that is worse by the margin is wrong; CPU time is runs by seconds of the protocol."""
    random = np.random.default_rng(0)
    right = 1200 + 40 * np.array([0, 2, 2]) + random.integers(-9, 10, (30, 3))
    table = answer.Outcomes("made up", (0.0, 0.5, 0.9), right, 4000, right // 4, 1000)
    assert table.wrong == {0}
    found = answer.simulate(table, {answer.PUBLISHED: 2.0, answer.QUESTION: 1.0}, draws=5)
    fixed, *_, ours = found
    assert fixed.seconds == 2 * fixed.runs[0]
    assert ours.seconds == sum(ours.runs) / 5
    assert [each.wrong for each in found] == [0] * 5
    assert next(row[6] for row in answer.rows(found)) == "1.00"
