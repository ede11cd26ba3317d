"""The verdict: what it claims, and what it must never claim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep import tables
from dropsweep.analysis import FEWEST_SEEDS, SIGNIFICANCE, find
from dropsweep.records import SYNTHETIC_IDENTITY
from tests.factories import RATES, make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord


def headline(records: Sequence[RunRecord]) -> str:
    """The one sentence."""
    return tables.headline(find(records))


def details(records: Sequence[RunRecord]) -> str:
    """All further sentences in one line."""
    return " ".join(tables.details(find(records)))


def gains(*gains_of: Sequence[int], rates: Sequence[float] = (0.5, 0.75)) -> list[RunRecord]:
    """Validation .300 at rate 0, and at each other rate so many images of 1000 more, by seed."""
    records = [make_record(make_spec(0.0, seed), val=0.3) for seed in range(len(gains_of[0]))]
    for rate, of_rate in zip(rates, gains_of, strict=False):
        records += [
            make_record(make_spec(rate, seed), val=round(0.3 + images / 1000, 3))
            for seed, images in enumerate(of_rate)
        ]
    return records


def test_a_shown_gain_is_recommended() -> None:
    """Ten seeds that all gain: the rate, the gain, its seeds, its p, the test images."""
    told = headline(gains([20, 21, 19, 22, 18, 20, 21, 19, 20, 20]))
    assert told == (
        "Use rate 0.50: 0.320 ± 0.001 on validation, +0.020 ± 0.001 over rate 0.00, more than "
        "noise in 10 paired seeds (p = 0.002); this choice has 0.300 ± 0.028 on 1000 test images; "
        "the nets overfit at every rate."
    )


def test_too_few_seeds_recommend_nothing() -> None:
    """Five seeds that all gain: p cannot fall below .0625, and the sentence says what it takes."""
    records = gains([20, 21, 19, 22, 18])
    told = headline(records)
    assert told.startswith("Rate 0.50 was best on validation, 0.320 ± 0.002, but +0.020 ± 0.002")
    assert "not shown to be more than noise by 5 paired seeds (p = 0.062)" in told
    assert (
        "With 5 paired seeds p cannot be smaller than 0.062: 6 are needed to show any difference."
    ) in details(records)


def test_one_seed_says_what_it_cannot_tell() -> None:
    """sqrt(.32 x .68 / 1000) = .0148: one seed cannot tell close rates apart."""
    records = gains([20], [10])
    assert (
        "+0.020 over rate 0.00 is not shown to be more than noise by one seed (at least 6 are "
        "needed to show any difference)"
    ) in headline(records)
    assert (
        "One accuracy on 1000 validation images has a standard error of 0.015: a single seed "
        "cannot tell close rates apart."
    ) in details(records)


def test_a_noisy_gain_names_its_p_and_promises_no_number_of_seeds() -> None:
    """A gain of .006 with a deviation of .03 is not shown by ten seeds."""
    told = headline(gains([40, -30, 20, -15, 30, -20, 10, -1, 25, 1]))
    assert "not shown to be more than noise by 10 paired seeds (p = 0.4" in told
    assert "takes" not in told


@given(st.integers(1, 12), st.integers(1, 3), st.integers(0, 50))
def test_nothing_is_recommended_that_the_seeds_cannot_show(
    seeds: int, others: int, start: int
) -> None:
    """``Use`` is said exactly where the corrected p of the chosen rate reaches .05."""
    rates = (0.25, 0.5, 0.75)[:others]
    records = [
        make_record(make_spec(rate, seed), val=round(0.3 + (start + seed) * rate / 1000, 3))
        for seed in range(seeds)
        for rate in (0.0, *rates)
    ]
    findings = find(records)
    told = tables.headline(findings)
    assert findings.choice is not None
    found = findings.difference(findings.choice.setting, findings.choice.rate)
    shown = found is not None and (found.p_corrected or 1) <= SIGNIFICANCE
    assert told.startswith("Use ") == shown
    if seeds < FEWEST_SEEDS:
        assert not told.startswith("Use ")


@pytest.mark.parametrize("seeds", [1, 2, 3, 5, 8, 10, 20])
def test_the_word_significant_never_stands_there(seeds: int) -> None:
    """What is told is a size, an interval and a p."""
    assert "significan" not in tables.verdict(find(make_sweep(seeds=seeds))).lower()


def test_dropout_that_gains_nothing() -> None:
    """The lowest rate is best: the nearest other is named with its loss."""
    told = headline(gains([-30, -31, -29], [-10, -12, -8]))
    assert told.startswith(
        "Rate 0.00 was best on validation, 0.300 ± 0.000; of the higher rates 0.75 came nearest, "
        "-0.010 ± 0.005 in 3 paired seeds; "
    )


def test_rates_that_seeds_cannot_tell_from_the_choice_are_named() -> None:
    """The best of several close rates is not made more of than it is."""
    close = [19, 22, 20, 21, 17, 21, 20, 20, 19, 20]
    records = gains([20, 21, 19, 22, 18, 20, 21, 19, 20, 20], close)
    told = "Rate 0.75 cannot be told apart from rate 0.50: as large a difference may be noise."
    assert told in details(records)
    far = [each - 10 for each in close]
    assert "told apart" not in details(gains([20, 21, 19, 22, 18, 20, 21, 19, 20, 20], far))


def test_rates_are_not_told_apart_where_no_seeds_could() -> None:
    """Five seeds show nothing at all, and are not said to tell some rates apart and others not."""
    assert "told apart" not in details(gains([20, 21, 19, 22, 18], [19, 20, 18, 21, 19]))


def test_the_headline_and_the_rivals_never_contradict() -> None:
    """The lowest rate is the headline's matter alone, whatever the seeds say of it."""
    noisy = gains([20, 21, 19, 22, 18, 20, 21, -19, -20, 20], [0, 1, 2, 3, 0, 1, 2, 3, 0, 1])
    assert "not shown to be more than noise" in headline(noisy)
    assert "Rate 0.75 cannot be told apart from rate 0.50" in details(noisy)


def test_a_grid_says_what_each_setting_says_and_what_is_not_tested() -> None:
    """The best setting is the best of several, and each has a best rate of its own."""
    small = [
        replace(each, spec=make_spec(each.spec.rate, each.spec.seed, train_size=100))
        for each in gains([5, 6, 7])
    ]
    records = gains([20, 21, 22]) + small
    told = details(records)
    assert (
        "The setting is the best of 2 on validation: settings are not tested against each other."
    ) in told
    assert (
        "At dataset.train_size = 100: rate 0.50 is best, 0.306 ± 0.002, +0.006 ± 0.002 over rate "
        "0.00 (p = 0.250 corrected for 2 comparisons)."
    ) in told
    assert "At dataset.train_size = 500: rate 0.50 is best, 0.321" in told
    assert "; there the nets overfit at every rate." in headline(records)
    assert "settings" not in details(gains([20, 21, 22]))


def test_how_the_nets_fit_is_told_of_the_curves() -> None:
    """The seven-rate sweep overfits up to .9 and underfits at .99."""
    told = headline(make_sweep(seeds=6))
    assert told.endswith("the nets overfit at rates 0.00 to 0.90 and underfit at rate 0.99.")
    balanced = [make_record(make_spec(rate), train=0.65, val=0.53) for rate in (0.0, 0.5)]
    assert headline(balanced).endswith("the nets neither overfit nor underfit.")
    alone = headline([make_record(make_spec(0.99), train=0.34, val=0.3)])
    assert alone.endswith("it underfits.")


def test_gaps_between_rates_of_a_kind_are_kept() -> None:
    """Rates 0 to .25 and .75 overfit, .5 does not."""
    ends = {0.0: (0.9, 0.3), 0.25: (0.9, 0.3), 0.5: (0.6, 0.5), 0.75: (0.9, 0.3)}
    records = [
        make_record(make_spec(rate), train=train, val=val) for rate, (train, val) in ends.items()
    ]
    assert headline(records).endswith("the nets overfit at rates 0.00 to 0.25 and 0.75.")


def test_one_rate_compares_nothing() -> None:
    """Where there was no choice, accuracies and their standard error are all there is to say."""
    records = [make_record(make_spec(0.5, epochs=1), train=0.9, val=0.32, test=0.31)]
    assert tables.verdict(find(records)).split("\n") == [
        "Data: CIFAR-10; 500 training images.",
        "Rate 0.50 alone was run: 0.320 on validation; it has 0.310 on 1000 test images;",
        "it overfits.",
        "One accuracy on 1000 validation images has a standard error of 0.015.",
    ]


def test_the_test_images_are_counted() -> None:
    """The test accuracy comes with the number of its images, not those of validation."""
    spec = make_spec()
    spec = replace(spec, dataset=replace(spec.dataset, test_size=400))
    assert "0.310 on 400 test images" in headline([make_record(spec, test=0.31)])


def test_a_choice_without_test_images() -> None:
    """A choice that no test image checked is said to look better than it is."""
    records = [make_record(make_spec(rate), test=None) for rate in (0.1, 0.5)]
    assert "No test images checked this choice" in details(records)
    assert "test images" not in headline(records)


def test_the_data_and_the_setting_are_named() -> None:
    """Synthetic images are called so, and the best setting is named."""
    records = [
        make_record(make_spec(identity=SYNTHETIC_IDENTITY, train_size=100), val=0.2),
        make_record(make_spec(identity=SYNTHETIC_IDENTITY, train_size=500), val=0.3),
    ]
    text = tables.verdict(find(records))
    assert text.startswith("Data: synthetic images; 100 to 500 training images.")
    assert "Rate 0.50 at dataset.train_size = 500 was best" in text


def test_diverged_runs_are_counted() -> None:
    """Diverged runs are told, also where nothing else can be."""
    records = [make_record(make_spec(seed=0), points=2), make_record(make_spec(seed=1), points=0)]
    assert " ".join(tables.verdict(find(records)).split("\n")) == (
        "Data: CIFAR-10; 500 training images. Every run diverged. 2 of 2 runs diverged: no mean "
        "includes them; a smaller learning rate may help."
    )
    assert tables.verdict(find([])) == "No finished runs."


@pytest.mark.parametrize(("fall", "seeds", "told"), [(50, 1, True), (20, 1, False), (20, 9, True)])
def test_a_fall_beyond_noise_is_told(fall: int, seeds: int, told: bool) -> None:
    """s.e. of .3 on 1000 images is .0145: a fall of .02 is noise of one seed, not of nine."""
    records = []
    for seed in range(seeds):
        record = make_record(make_spec(0.5, seed, epochs=2))
        val = (0.2, round(0.3 + fall / 1000, 3), 0.3)
        history = replace(record.history, train_accuracy=(0.3, 0.8, 0.9), val_accuracy=val)
        records.append(replace(record, history=history))
    sentence = (
        f"At rate 0.50 validation accuracy was highest after epoch 1 and has fallen by "
        f"{fall / 1000:.3f} since: fewer epochs would do."
    )
    assert (sentence in details(records)) == told


def test_every_sentence_fits_eighty_columns() -> None:
    """The verdict is wrapped, the headline is one line."""
    records = make_sweep(RATES, 3)
    assert max(map(len, tables.verdict(find(records)).split("\n"))) <= 80
    assert "\n" not in headline(records)


def test_a_rate_is_chosen_over_the_seeds_that_all_rates_share() -> None:
    """Rate .5 has the lucky seeds alone: its mean is higher, and it is worse seed by seed."""
    records = [make_record(make_spec(0.0, seed), val=0.36) for seed in range(8)]
    records += [make_record(make_spec(0.0, seed), val=0.20) for seed in range(8, 16)]
    records += [make_record(make_spec(0.5, seed), val=0.34) for seed in range(8)]
    told = headline(records)
    assert told.startswith("Rate 0.00 was best on validation")
    assert "0.50 came nearest, -0.020 ± 0.000 in 8 paired seeds" in told
    assert "Rates have different seeds; chosen is by the 8 seeds that all share." in details(
        records
    )


def test_a_rate_whose_runs_diverged_is_not_chosen() -> None:
    """Survivors look better than a rate is."""
    records = gains([20] * 8, [40] * 8)
    records += [make_record(make_spec(0.75, seed), points=2) for seed in range(8, 20)]
    assert headline(records).startswith("Use rate 0.50")
    assert "Rate 0.75 was left out of the choice, for runs that diverged." in details(records)


def test_where_every_rate_has_diverged_runs_nothing_is_recommended() -> None:
    """There is a best, and no use."""
    records = gains([20] * 8, rates=[0.5])
    records += [make_record(make_spec(rate, 9), points=2) for rate in (0.0, 0.5)]
    assert headline(records).startswith("Rate 0.50 was best on validation")


def test_the_only_rate_that_finished_was_compared_with_nothing() -> None:
    """It is not called the best."""
    records = [make_record(make_spec(0.0), points=2), make_record(make_spec(0.5), val=0.3)]
    assert headline(records).startswith("Rate 0.50 alone finished: 0.300 on validation; ")


def test_the_seeds_of_the_headline_are_those_of_its_details() -> None:
    """Ten seeds of the chosen rate, three of the lowest: three pairs are spoken of throughout."""
    records = [make_record(make_spec(0.5, seed), val=0.35) for seed in range(10)]
    records += [make_record(make_spec(0.0, seed), val=0.3) for seed in range(3)]
    assert "by 3 paired seeds (p = 0.250" in headline(records)
    assert "With 3 paired seeds p cannot be smaller than 0.250" in details(records)


def test_comparisons_without_a_test_are_not_counted() -> None:
    """A rate of a single seed is compared, and corrects no one's p."""
    records = [*gains([20] * 8, rates=[0.5]), make_record(make_spec(0.75, 0), val=0.2)]
    assert "(p = 0.008)" in headline(records)


def test_the_images_own_error_is_told_beside_the_seeds() -> None:
    """sqrt(.32 x .68 / 1000) = .0148, which no number of seeds removes."""
    assert "1000 validation images alone have a standard error of 0.015." in details(
        gains([20, 21, 19])
    )


def test_rising_is_not_told_of_a_rate_that_overfits() -> None:
    """More epochs would only teach it its images by heart."""
    rising = make_record(make_spec(0.5, epochs=4), train=0.5, val=0.4)
    history = replace(rising.history, train_accuracy=(0.1, 0.2, 0.3, 0.4, 0.5))
    assert "still rising" in details([replace(rising, history=history)])
    by_heart = replace(rising.history, train_accuracy=(0.1, 0.2, 0.3, 0.7, 0.95))
    assert "still rising" not in details([replace(rising, history=by_heart)])


def test_a_difference_is_to_the_rate_that_it_is_to() -> None:
    """Where the lowest rate diverged, the next one is named."""
    records = [make_record(make_spec(0.0), points=2)]
    records += make_sweep([0.25, 0.5], 2)
    assert "minus that of rate 0.25, by seed" in details(records)


def test_other_rates_that_are_shown_to_differ_are_named() -> None:
    """The chosen rate is noisy; a steadier one beats the lowest, and one is worse, for sure."""
    noisy = [60, -20, 60, -20, 60, -20, 60, -20, 60, 40]
    steady, worse = [10, 11, 9, 10, 12, 10, 9, 11, 10, 10], [-40] * 10
    records = gains(noisy, steady, worse, rates=(0.25, 0.5, 0.99))
    assert headline(records).startswith("Rate 0.25 was best on validation")
    assert "Rate 0.50 is shown to do better than rate 0.00." in details(records)
    assert "Rate 0.99 is shown to do worse than rate 0.00." in details(records)
