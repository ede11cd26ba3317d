"""The race against a naive rewrite in exact fractions, and hand-worked races."""

from __future__ import annotations

from fractions import Fraction
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.analysis import Race, earliest_end, find, images_right, races
from dropsweep.analysis.race import level
from dropsweep.records import Decision
from tests.factories import make_record, make_runs, make_spec
from tests.unit.analysis.test_sequential import naive_rejected_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import RaceState
    from dropsweep.records import RunRecord

RATES = (0.0, 0.25, 0.5, 0.75)


@pytest.mark.parametrize(
    ("rates", "end"), [(2, 7), (3, 8), (4, 8), (5, 9), (7, 9), (10, 10), (15, 10), (20, 11)]
)
def test_no_race_ends_earlier(rates: int, end: int) -> None:
    """The published numbers of seeds; a rate that always wins by far ends it there."""
    assert earliest_end(rates) == end
    race = Race(tuple(range(rates)), 1000, Decision(auto=True))
    for seed in range(end):
        assert race.state().status == "waiting"
        for rate in range(rates):
            race.add(rate, seed, (500 if rate == 1 else 200 + rate) + seed)
    assert (race.state().status, race.state().answer) == ("settled", 1)


class NaiveRace:
    """Section by section as the rules are written, from a whole table, without memory."""

    def __init__(self, table: dict[float, list[int | None]], margin: Fraction, most: int) -> None:
        self.table, self.margin, self.most = table, margin, most
        self.alpha = Fraction(1, 20 * (len(table) - 1))

    def rejects(self, rate: float, other: float, seeds: int, shift: Fraction) -> bool:
        """The test of rate - other + shift, from seed 0."""
        pairs = zip(self.table[rate][:seeds], self.table[other][:seeds], strict=True)
        stream = [((a or 0) - (b or 0) + shift) * self.margin.denominator for a, b in pairs]
        return naive_rejected_at([int(each) for each in stream], self.alpha)[0] is not None

    def run(self) -> tuple[float | None, int, list[float], dict[float, int]]:
        """Answer, seeds, rates in the race, and rates taken off with their seeds."""
        off: dict[float, int] = {}
        while True:
            racing = [rate for rate in self.table if rate not in off]
            for seeds in range(1, self.most + 1):
                gone = [rate for rate in racing if self.table[rate][seeds - 1] is None]
                if gone:
                    off.update(dict.fromkeys(gone, seeds - 1))
                    break
                ended, racing = self.judge(racing, seeds)
                if ended:
                    sums = {rate: sum(each or 0 for each in self.table[rate][:seeds])
                            for rate in ended}  # fmt: skip
                    best = max(sums.values())
                    return min(r for r in ended if sums[r] == best), seeds, racing, off
            else:
                return None, self.most, racing, off
            if len(off) == len(self.table):
                return None, 0, [], off

    def judge(self, racing: list[float], seeds: int) -> tuple[list[float], list[float]]:
        """Rates that may be the answer after so many seeds, and those still in the race."""
        stay = [
            b for b in racing
            if not any(
                self.rejects(a, b, seeds, Fraction(0)) and self.rejects(a, b, seeds, self.margin)
                for a in racing if a != b
            )
        ]  # fmt: skip
        racing = stay or racing
        return [
            a for a in racing
            if all(self.rejects(a, b, seeds, self.margin) for b in racing if b != a)
        ], racing  # fmt: skip


def table_of(stream: int, seeds: int, diverging: float = 0.0) -> dict[float, list[int | None]]:
    """Images right of four rates, with a common part by seed; some runs may have diverged."""
    rng = np.random.default_rng(stream)
    common = rng.normal(300, 10, seeds)
    means = rng.choice([0, 0, 5, 15], len(RATES))
    right = (common + rng.normal(0, 8, (len(RATES), seeds)) + means[:, None]).round().astype(int)
    return {
        rate: [None if rng.random() < diverging else int(each) for each in row]
        for rate, row in zip(RATES, right, strict=True)
    }


def raced(
    table: dict[float, list[int | None]], decision: Decision, order: Sequence[int] | None = None
) -> RaceState:
    """The race fed run by run, in seed order or another one, judged after each run."""
    race = Race(tuple(table), 1000, decision)
    runs = [(rate, seed) for seed in range(len(table[0.0])) for rate in table]
    for at in range(len(runs)) if order is None else order:
        rate, seed = runs[at]
        race.add(rate, seed, table[rate][seed])
        race.state()
    return race.state()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.02, 0.2]), st.randoms())
def test_the_race_is_a_function_of_its_runs(stream: int, diverging: float, luck: object) -> None:
    """Fed run by run, in any order, it is the race that its rules describe, from the whole table.

    Rates that diverge are taken off, and the race is replayed without them.
    """
    table = table_of(stream, 18, diverging)
    decision = Decision(margin=Fraction(1, 125), auto=True, max_seeds=18)
    answer, seeds, racing, off = NaiveRace(table, Fraction(8), 18).run()
    order = list(range(18 * len(RATES)))
    getattr(luck, "shuffle")(order)  # noqa: B009 hypothesis types it as object here
    for state in (raced(table, decision), raced(table, decision, order)):
        assert (state.answer, list(state.in_race)) == (answer, racing)
        assert dict(state.diverged) == off
        assert state.status == (
            "settled" if answer is not None else "unsettled" if racing else "diverged"
        )
        assert not racing or state.seeds == seeds
        assert not state.missing


def waiting_race() -> Race:
    """Rates 0 and .5 have driven the others out after seed 7, and are close until seed 8."""
    race = Race(RATES, 1000, Decision(auto=True, max_seeds=12))
    for seed in range(9):
        odd = seed % 2
        for rate, right in zip(RATES, (415, 300, 400 + 30 * odd, 290 + 20 * odd), strict=True):
            if rate in {0.0, 0.5} or seed < 8:
                race.add(rate, seed, right)
    return race


def test_rates_that_left_come_back_when_their_rivals_diverge() -> None:
    """Their missing seeds are trained, from the first one on; the level stays that of the list."""
    race = waiting_race()
    assert race.state().left == ((0.25, 7), (0.75, 7))
    assert (race.state().seeds, race.state().missing) == (9, ((0.0, 9), (0.5, 9)))
    assert list(race.ahead())[:3] == [(0.0, 10), (0.5, 10), (0.0, 11)]
    race.add(0.0, 9, None)
    assert race.state().missing == ((0.5, 9),)
    race.add(0.5, 9, None)
    state = race.state()
    assert state.diverged == ((0.0, 9), (0.5, 9))
    assert (state.in_race, state.left, state.seeds) == ((0.25, 0.75), (), 8)
    assert (state.status, state.missing) == ("waiting", ((0.25, 8), (0.75, 8)))
    assert state.counts(0.0, 9)
    assert not state.counts(0.0, 10)


def test_a_failed_run_stops_the_race_before_its_seed() -> None:
    """It is never skipped, nothing more is trained, and a later success lets the race go on."""
    race = waiting_race()
    race.add(0.5, 9, 400)
    race.fail(0.0, 9)
    state = race.state()
    assert (state.status, state.failed, state.seeds) == ("blocked", (0.0, 9), 9)
    assert (state.missing, list(race.ahead())) == ((), [])
    race.add(0.0, 9, 415)
    assert race.state().status == "waiting"
    race.fail(0.0, 11)
    assert (0.0, 11) not in race.ahead()
    assert race.state().status == "waiting"


def test_it_is_not_settled_at_the_largest_number_of_seeds() -> None:
    """Noise and a narrow margin: the rates still in the race are the answer's."""
    table = table_of(1, 10)
    state = raced(table, Decision(margin=Fraction(1, 1000), auto=True, max_seeds=10))
    assert (state.status, state.answer, state.seeds) == ("unsettled", None, 10)
    assert not state.missing


def test_equal_rates_are_equal_within_the_margin() -> None:
    """Three rates that differ by an image or two: the highest mean, and the others equal to it."""
    race = Race((0.5, 0.25, 0.0), 1000, Decision(margin=Fraction(1, 100), auto=True))
    for seed in range(8):
        race.add(0.5, seed, 300 + seed % 2)
        race.add(0.25, seed, 300 + (seed + 1) % 2)
        race.add(0.0, seed, 280)
    state = race.state()
    assert (state.answer, state.equal) == (0.25, (0.5,))
    assert state.left == ((0.0, 7),)


def test_a_margin_of_parts_of_an_image() -> None:
    """.0015 of 1000 images is 1.5 of them: a loss of 2 in each seed is more, one of 1 is less."""
    decision = Decision(margin=Fraction(15, 10000), auto=True)
    for loss, equal in ((1, (0.0,)), (2, ())):
        race = Race((0.0, 0.5), 1000, decision)
        for seed in range(7):
            race.add(0.0, seed, 300 - loss)
            race.add(0.5, seed, 300)
        assert (race.state().answer, race.state().equal) == (0.5, equal)


def test_always_valid_intervals_hold_the_shifts_that_are_not_rejected() -> None:
    """Every whole shift outside is rejected, by the naive rewrite; the end inside is not."""
    table = table_of(5, 12)
    race = Race(RATES, 1000, Decision(margin=Fraction(1, 1000), auto=True, max_seeds=12))
    for rate, row in table.items():
        for seed, right in enumerate(row):
            race.add(rate, seed, right)
    counted = race.state().counted
    for rate in RATES[1:]:
        ends = race.interval(rate, 0.0)
        assert ends is not None
        seeds = min(counted[rate], counted[0.0])
        d = [(a or 0) - (b or 0) for a, b in zip(table[rate], table[0.0], strict=True)][:seeds]
        kept = [
            shift
            for shift in range(-60, 61)
            if naive_rejected_at([each - shift for each in d], Fraction(1, 40))[0] is None
            and naive_rejected_at([shift - each for each in d], Fraction(1, 40))[0] is None
        ]
        low, high = (round(end * 1000) for end in ends)
        assert (low, high) == (min(kept) - 1, max(kept) + 1)


def records_of(table: dict[float, list[int | None]]) -> list[RunRecord]:
    """The runs of such a table."""
    return make_runs(
        {
            rate: [None if right is None else right / 1000 for right in row]
            for rate, row in table.items()
        }
    )


def test_findings_leave_out_what_the_race_has_not_judged() -> None:
    """Runs of later seeds change nothing; p is for a fixed number of seeds, and is not there."""
    table = table_of(12, 40)
    decision = Decision(margin=Fraction(1, 50), auto=True, rates=RATES)
    found = find(records_of(table), decision)
    assert found.chosen is not None
    state = found.chosen.race
    assert state is not None
    assert (state.status, state.seeds < 40) == ("settled", True)
    assert found.choice is not None
    assert found.choice.rate == state.answer
    assert found.chosen.may_be_best == state.in_race
    assert {run.run_id for run in found.records} == {
        run.run_id for run in records_of(table) if state.counts(run.spec.rate, run.spec.seed)
    }
    assert all(each.p is None and each.always_valid is not None for each in found.differences)
    cut = {rate: row[: state.seeds] for rate, row in table.items()}
    assert find(records_of(cut), decision).chosen == found.chosen


def test_each_setting_of_a_grid_races_by_itself() -> None:
    """A failed run of one setting blocks that one, and a race not begun shows all its runs."""
    runs = records_of(table_of(12, 40))
    small = [
        make_record(make_spec(rate, seed, train_size=100), val=0.2 + rate / 10)
        for seed in range(3)
        for rate in RATES
        if (rate, seed) != (0.5, 0)
    ]
    failed = make_spec(0.5, 0, train_size=100)
    decision = Decision(margin=Fraction(1, 50), auto=True, rates=RATES)
    found = find([*runs, *small], decision, [failed])
    blocked, settled = found.races.values()
    assert (blocked.status, blocked.failed, settled.status) == ("blocked", (0.5, 0), "settled")
    assert [run for run in found.records if run.spec.dataset.train_size == 100] == small
    (race, _) = races([*runs, *small], decision).values()
    assert race.state().missing == ((0.5, 0),)


def test_whole_images_come_from_the_last_accuracy() -> None:
    """A diverged run has none."""
    assert images_right(make_record(make_spec(), val=0.317)) == 317
    assert images_right(make_record(make_spec(), points=2)) is None


def test_a_hundred_seeds_of_ten_rates_take_no_time() -> None:
    """On 10,000 images, asked after every run."""
    rng = np.random.default_rng(0)
    right = (3000 + rng.normal(0, 120, (100, 10))).round().astype(int)
    race = Race(tuple(range(10)), 10_000, Decision(margin=Fraction(1, 1000), auto=True))
    began = process_time()
    for seed in range(100):
        for rate in range(10):
            race.add(rate, seed, int(right[seed, rate]))
            race.state()
    assert race.state().seeds == 100
    assert process_time() - began < 5
    assert level(10) == Fraction(1, 180)
