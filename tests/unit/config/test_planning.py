"""The runs that a config asks for, and the limits that the data set."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.config.planning import plan
from dropsweep.config.reading import Loaded, load
from dropsweep.errors import ConfigError, DataError, Exit
from dropsweep.records import (
    ALGORITHM,
    Content,
    DatasetSpec,
    DropoutSpec,
    EvaluationSpec,
    ModelSpec,
    Rows,
    RunSpec,
    TrainingSpec,
)
from tests.factories import make_spec


def _loaded(text: str, *overrides: str) -> Loaded:
    with TemporaryDirectory() as folder:
        path = Path(folder, "c.yaml")
        path.write_text(text, encoding="utf-8")
        return load(str(path), overrides)


def test_a_run_per_rate_and_seed() -> None:
    """Seeds are the outer loop: a sweep that is stopped anywhere has compared all rates."""
    loaded = _loaded("dropout: {rates: [0.5, 0]}\nseeds: 2\nmodel: {hidden_sizes: [7, 5]}")
    runs = plan(loaded, "synthetic-1", 5000, 1000)
    assert [(run.rate, run.seed) for run in runs] == [(0.5, 0), (0, 0), (0.5, 1), (0, 1)]
    assert runs[0] == RunSpec(
        DatasetSpec("synthetic-1", 500, 1000, 1000, "mean_image"),
        ModelSpec((7, 5), None, "relu", 0.01, False, "float32"),
        DropoutSpec(0.5, None, "inverted", 0.0),
        TrainingSpec(25, 100, "replacement", "adam", 5e-4, 1.0, 0.0, 0.0, None),
        EvaluationSpec(()),
        0,
        ALGORITHM,
    )


def test_seeds_are_the_outer_loop_over_settings_too() -> None:
    """Seed 0 of every setting and rate comes first: a stopped sweep compares them all."""
    loaded = _loaded("dropout: {rates: [0.5, 0]}\nseeds: [7, 3]\ngrid: {training.epochs: [2, 1]}")
    runs = plan(loaded, "synthetic-1", 5000, 1000)
    one_seed = [(2, 0.5), (2, 0), (1, 0.5), (1, 0)]
    assert [(run.training.epochs, run.rate) for run in runs] == one_seed * 2
    assert [run.seed for run in runs] == [7] * 4 + [3] * 4


def test_auto_plans_all_seeds_that_may_be_asked_for() -> None:
    """The sweep decides which of them are trained; they are the runs of so many seeds."""
    text = "dropout: {rates: {from: 0, to: 0.5, step: 0.5}}\nseeds: auto\ndecision: {max_seeds: 3}"
    auto, three = (
        plan(_loaded(text, *overrides), "cifar10", 50_000, 10_000)
        for overrides in ((), ("seeds=3",))
    )
    assert auto == three
    assert [(run.rate, run.seed) for run in auto] == [(r, s) for s in range(3) for r in (0, 0.5)]


def test_new_keys_reach_the_spec() -> None:
    """Images and points of a run are those that the config asks for, in a grid too."""
    text = "dropout: {rates: [0]}\nevaluation: {every: 5, curve_images: 100}\n"
    runs = plan(_loaded(f"{text}grid: {{dataset.images: [first, drawn]}}"), "x", 5000, 1000)
    assert [run.dataset.images for run in runs] == ["first", "drawn"]
    assert [(run.evaluation.every, run.evaluation.curve_images) for run in runs] == [(5, 100)] * 2


@pytest.mark.parametrize(
    "text",
    [
        f"grid: {{training.l2: [{', '.join(str(i / 1e6) for i in range(10_000))}]}}",
        f"seeds: [{', '.join(map(str, range(40_000)))}]",
    ],
    ids=["axis", "seeds"],
)
def test_long_lists_are_planned_in_seconds(text: str) -> None:
    """Time grows with the number of runs, not with its square (then these took half a minute)."""
    start = time.process_time()
    plan(_loaded(f"dropout: {{rates: [0]}}\n{text}"), "cifar10", 50_000, 10_000)
    assert time.process_time() - start < 15


def test_what_is_to_be_kept_is_part_of_every_run() -> None:
    """True and false reach the spec, and make other runs."""
    asking, plain = (
        plan(_loaded("dropout: {rates: [0]}", f"results.keep_parameters={word}"), "x", 5000, 1000)
        for word in ("true", "false")
    )
    assert [run.results.keep_parameters for run in asking + plain] == [True, False]
    assert asking[0].run_id != plain[0].run_id


def test_the_split_must_fit_the_data() -> None:
    """Both mistakes of a split are told, each at its key, with the numbers that do not add up."""
    loaded = _loaded("dropout: {rates: [0]}\ndataset:\n  train_size: 6000\n", "dataset.test_size=9")
    with pytest.raises(ConfigError) as caught:
        plan(loaded, "synthetic-1", 5000, 8)
    first, second = str(caught.value).splitlines()[1:]
    assert first.endswith(
        "dataset.test_size: 9 is beyond the test batch: it has 8 images; lower it to at most 8"
    )
    assert first.strip().startswith("--set dataset.test_size=9: ")
    assert second.endswith(
        "c.yaml:3:15: dataset.train_size: 6000 is beyond the pool: "
        "5000 images minus 1000 for validation leave 4000; lower train_size to at most 4000"
    )


def test_a_split_may_take_everything() -> None:
    """The last image is there to be used, and batches may be larger than the training set."""
    loaded = _loaded(
        "dropout: {rates: [0]}\ndataset: {train_size: 4, val_size: 6, test_size: 8}\n"
        "training: {batch_size: 100}"
    )
    assert len(plan(loaded, "synthetic-1", 10, 8)) == 1


def test_schedules_and_factors_come_into_the_specs() -> None:
    """Beside schedules of a grid a constant rate has no epochs, so its runs keep their ids."""
    text = (
        "model: {hidden_sizes: [4, 3]}\n"
        "dropout: {rates: [0.5], layer_factors: [1, 0.5], schedule_epochs: 3}\n"
        "grid: {dropout.schedule: [constant, early]}\n"
    )
    runs = plan(_loaded(text), "synthetic-1", 5000, 1000)
    found = [(run.dropout.schedule, run.dropout.schedule_epochs) for run in runs]
    assert found == [("constant", None), ("early", 3)]
    assert {run.dropout.layer_factors for run in runs} == {(1.0, 0.5)}
    plain = plan(_loaded("dropout: {rates: [0.5]}"), "cifar10", 50_000, 10_000)
    assert plain[0].run_id == make_spec(0.5).run_id


@pytest.mark.parametrize(
    ("dropout", "words"),
    [
        ("schedule: early", "1:35: dropout.schedule: early needs dropout.schedule_epochs"),
        ("schedule_epochs: 3", "1:42: dropout.schedule_epochs: has no effect with schedule"),
        ("schedule: soon", "1:35: dropout.schedule: must be constant, early, late, decreasing or"),
        ("schedule_epochs: 0", "1:42: dropout.schedule_epochs: must be at least 1"),
        ("layer_factors: [-1]", "1:41: dropout.layer_factors[0]: must be at least 0"),
        ("layer_factors: []", "1:40: dropout.layer_factors: must not be empty"),
        ("layer_factors: 0.5", "1:40: dropout.layer_factors: must be a list, not 0.5"),
        ("layer_factors: [1, 1]", "1:40: dropout.layer_factors: 2 factors for 1 hidden layer;"),
    ],
)
def test_mistakes_of_schedules_and_factors_stand_at_their_place(dropout: str, words: str) -> None:
    """In the section as in the grid."""
    with pytest.raises(ConfigError) as raised:
        _loaded(f"dropout: {{rates: [0.5], {dropout}}}")
    assert f"c.yaml:{words}" in str(raised.value)


def test_mistakes_of_schedules_and_factors_are_found_in_a_grid() -> None:
    """Each at the value that is wrong."""
    text = "dropout: {rates: [0.5]}\ngrid: {dropout.layer_factors: [[1], [2]]}"
    with pytest.raises(ConfigError, match=r"c\.yaml:2:38: .*2.0 x the rate 0.5 is not below 1"):
        _loaded(text)


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("train_size: 20", "the first 20 rows lack a class, which the first 40 all have"),
        ("test_size: 70", "without the last 70 rows, which are for testing, a class is missing"),
        ("test_size: 9", "the last 9 rows, which are for testing, have only one class"),
        ("test_size: 80", "are more than the 100 rows; lower them to 100 in all"),
    ],
)
def test_rows_of_own_arrays_can_be_in_the_way(dataset: str, words: str) -> None:
    """Classes that a split would leave out are told at the key that cuts them off."""
    sizes = {"train_size": "20", "val_size": "10", "test_size": "20"}
    sizes |= dict([dataset.split(": ")])
    text = ", ".join(f"{key}: {value}" for key, value in sizes.items())
    loaded = _loaded(f"dataset: {{name: arrays, path: a.npz, {text}}}\ndropout: {{rates: [0]}}")
    with pytest.raises(ConfigError, match=words):
        plan(loaded, "arrays:1", 100, None, Content((3,), 4), Rows(complete=40, varied_end=15))


def test_an_expected_identity_must_be_met() -> None:
    """A results folder's config does not silently run on other data."""
    loaded = _loaded("dropout: {rates: [0]}\ndataset: {path: x.tar.gz, identity: 'sha256:1'}")
    assert plan(loaded, "sha256:1", 5000, 1000)
    with pytest.raises(
        DataError, match=r"x\.tar\.gz: .* expected sha256:1, found cifar10"
    ) as caught:
        plan(loaded, "cifar10", 5000, 1000)
    assert caught.value.exit_code is Exit.DATA


_RATES = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=5, unique=True)


@settings(deadline=None)
@given(_RATES.flatmap(lambda rates: st.tuples(st.just(rates), st.permutations(rates))))
def test_the_order_of_rates_changes_no_run(rates: tuple[list[float], list[float]]) -> None:
    """Permuting the rates permutes the runs, and a rate's id does not depend on its company."""
    text = "seeds: [4, 2]\ndropout: {{rates: {}}}"
    once, again = (plan(_loaded(text.format(order)), "cifar10", 50_000, 10_000) for order in rates)
    assert {run.run_id for run in once} == {run.run_id for run in again}
    assert len({run.run_id for run in once}) == len(once)
    assert [run.rate for run in again] == rates[1] * 2


def test_spelling_changes_no_run() -> None:
    """A number is what it is worth: 0, 0.0 and -0.0 are one run, 1 and 1.0 one scale."""
    texts = [f"dropout: {{rates: [{rate}]}}\nmodel: {{weight_scale: {scale}}}"
             for rate, scale in (("0", "1"), ("0.0", "1.0"), ("-0.0", "1e0"))]  # fmt: skip
    assert len({plan(_loaded(text), "cifar10", 50_000, 10_000)[0].run_id for text in texts}) == 1


def test_keep_probabilities_are_planned_as_given() -> None:
    """0.1 is never turned into a rate of 0.9 and back."""
    runs = plan(_loaded("dropout: {keep_probs: [0.1, 1]}"), "cifar10", 50_000, 10_000)
    assert [run.dropout.keep_prob for run in runs] == [0.1, 1.0]
    assert [run.dropout.rate for run in runs] == [None, None]
    assert [run.rate for run in runs] == [0.9, 0.0]
