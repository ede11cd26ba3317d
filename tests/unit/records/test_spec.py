"""The spec of a run, and its id."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep import records
from dropsweep.records import format_rate, varying_keys
from tests.factories import make_spec, varied

SPEC = replace(make_spec(), algorithm=2)
KEEP = varied(SPEC, {"dropout.rate": None, "dropout.keep_prob": 0.1})


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every field of a nested dataclass that tells two of them apart."""
    if not is_dataclass(value):
        return [path]
    return [
        leaf
        for field in fields(value)
        if field.compare
        for leaf in leaves(getattr(value, field.name), (*path, field.name))
    ]


def changed(value: Any, path: tuple[str, ...]) -> Any:
    """A copy with one field, somewhere inside, of another value."""
    if not path:
        others = (None, False, (1,), "other", 0.123, 7)
        return next(other for other in others if other != value)
    return replace(value, **{path[0]: changed(getattr(value, path[0]), path[1:])})


@pytest.mark.parametrize("path", leaves(SPEC), ids=".".join)
def test_every_field_of_a_spec_changes_the_run_id(path: tuple[str, ...]) -> None:
    """Two runs with one id would be taken for the same run."""
    assert changed(SPEC, path).run_id != SPEC.run_id


def test_run_id_is_a_prefix_and_the_hash_of_canonical_json() -> None:
    """The id can be computed by anyone who has the spec: sorted keys, no spaces, SHA-256."""
    text = (
        '{"algorithm":2,"dataset":{"identity":"cifar10","preprocessing":"mean_image",'
        '"test_size":1000,"train_size":500,"val_size":1000},"dropout":{"input_rate":0.0,'
        '"keep_prob":null,"kind":"inverted","rate":0.5},"evaluation":{"monte_carlo_samples":[]},'
        '"model":{"activation":"relu","batch_norm":false,"dtype":"float32","hidden_sizes":[500],'
        '"kept_units":null,"weight_scale":0.01},"seed":0,"training":{"batch_size":100,"epochs":25,'
        '"l1":0.0,"l2":0.0,"learning_rate":0.0005,"learning_rate_decay":1.0,"max_norm":null,'
        '"optimizer":"adam","sampling":"replacement"}}'
    )
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    assert SPEC.run_id == f"rate-0.50_seed-0_{digest}"


@pytest.mark.parametrize(
    ("spec", "run_id"),
    [
        (SPEC, "rate-0.50_seed-0_8cd45cc7ab"),
        (replace(SPEC, algorithm=1), "rate-0.50_seed-0_b844024b1f"),
        (replace(SPEC, results=records.ResultsSpec(True)), "rate-0.50_seed-0_124dcc6e4a"),
        (replace(SPEC, evaluation=records.EvaluationSpec((1, 10))), "rate-0.50_seed-0_eca37e908d"),
        (
            replace(SPEC, model=records.ModelSpec(None, (250,), "tanh", 0.01, True, "float64")),
            "rate-0.50_seed-0_912d14738c",
        ),
        (
            replace(SPEC, dropout=records.DropoutSpec(None, 0.1, "vanilla", 0.2), seed=3),
            "keep-0.10_seed-3_43f0fef28f",
        ),
    ],
)
def test_ids_of_finished_runs_never_change(spec: records.RunSpec, run_id: str) -> None:
    """These ids were computed before any key was added: the runs are found again."""
    assert spec.run_id == run_id


def test_a_run_that_asks_for_its_parameters_is_another_run() -> None:
    """A key that was added makes another id, and a setting, where it has not its default."""
    asking = replace(SPEC, results=records.ResultsSpec(keep_parameters=True))
    assert asking.run_id != SPEC.run_id
    assert varying_keys([SPEC, asking]) == ("results.keep_parameters",)


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0, "0.00"), (0.5, "0.50"), (0.99, "0.99"), (0.125, "0.125"), (1e-9, "1e-09")],
)
def test_rates_are_written_in_full(rate: float, text: str) -> None:
    """Two decimals where they suffice, all digits elsewhere."""
    assert format_rate(rate) == text


@dataclass(frozen=True)
class _LaterTraining(records.TrainingSpec):
    nesterov: bool = False


@dataclass(frozen=True)
class _LaterSection(records.Section):
    mixup: float = 0.0


@dataclass(frozen=True)
class _LaterSpec(records.RunSpec):
    augmentation: _LaterSection = _LaterSection()


def test_a_key_that_is_added_orphans_no_run() -> None:
    """An added key or section changes no id until it is used; then it makes another run."""
    same = {field.name: getattr(SPEC, field.name) for field in fields(SPEC)}
    training = _LaterTraining(**asdict(SPEC.training))
    later = _LaterSpec(**(same | {"training": training}))
    assert later.run_id == SPEC.run_id
    using = replace(later, training=replace(training, nesterov=True))
    mixed = replace(later, augmentation=_LaterSection(0.2))
    assert len({using.run_id, mixed.run_id, SPEC.run_id}) == 3
    assert varying_keys([later, using]) == ("training.nesterov",)
    assert varying_keys([later, mixed]) == ("augmentation.mixup",)


@pytest.mark.parametrize(
    ("every", "epochs", "train_size", "points"),
    [
        (1, 3, 500, (0, 1, 2, 3)),
        (1, 3, 100, (1, 2, 3)),  # an epoch is one iteration
        (2, 5, 500, (0, 2, 4, 5)),
        (2, 4, 500, (0, 2, 4)),
        (2, 5, 100, (2, 4, 5)),
        (9, 4, 500, (0, 4)),
        (9, 4, 100, (4,)),
        (5, 1, 500, (0, 1)),
    ],
)
def test_points_are_measured_every_so_many_epochs(
    every: int, epochs: int, train_size: int, points: tuple[int, ...]
) -> None:
    """After the first iteration, every `every` epochs, and always after the last epoch."""
    spec = varied(make_spec(epochs=epochs, train_size=train_size), {"evaluation.every": every})
    assert spec.epochs_measured == points


def test_axes_are_what_differs_beside_rate_and_seed() -> None:
    """Seeds and rates are no axes; a training size is."""
    usual, other, small = make_spec(), make_spec(0.1, seed=3), make_spec(train_size=100)
    assert varying_keys([usual, other]) == ()
    assert varying_keys([usual, other, small]) == ("dataset.train_size",)
    assert varying_keys([]) == ()


def test_a_keep_probability_is_kept_as_it_was_given() -> None:
    """0.1 stays 0.1 in the spec and the id, and is shown as rate 0.9."""
    assert KEEP.run_id.startswith("keep-0.10_seed-0_")
    assert KEEP.rate == 0.9
    assert records.flatten(KEEP)["dropout.keep_prob"] == 0.1
    assert varied(KEEP, {"dropout.keep_prob": 0.7}).rate == 0.3


def keeping(*keep_probs: float) -> list[records.RunSpec]:
    """One spec per keep probability."""
    return [varied(KEEP, {"dropout.keep_prob": keep}) for keep in keep_probs]


@pytest.mark.parametrize(
    ("keep_probs", "rates"),
    [
        ((1, 0.7, 0.7000000000000001), (0.0, 0.3, 0.2999999999999999)),
        ((1.0, 0.9999999999999), (0.0, 1e-13)),
    ],
)
def test_close_keep_probabilities_are_different_rates(
    keep_probs: tuple[float, ...], rates: tuple[float, ...]
) -> None:
    """A rate is 1 - p of the decimals as written, never a rounded one."""
    specs = keeping(*keep_probs)
    assert tuple(spec.rate for spec in specs) == rates
    assert varying_keys(specs) == ()


@given(st.lists(st.floats(0, 1, exclude_min=True), min_size=1, max_size=20, unique=True))
def test_keep_probabilities_are_never_averaged(keep_probs: list[float]) -> None:
    """Setting and rate together identify a keep probability, however close two of them are."""
    specs = keeping(*keep_probs, 1e-20, 2e-20)
    keys = varying_keys(specs)
    assert keys == ("dropout.keep_prob",)  # both tiny ones make a rate of 1.0
    specs = keeping(*keep_probs)
    keys = varying_keys(specs)
    identities = {(spec.rate, *(spec.flat[key] for key in keys)) for spec in specs}
    assert len(identities) == len(keep_probs)


def test_the_two_conventions_are_never_averaged() -> None:
    """Keep probabilities alone are no axis; beside rates they are, in whichever order."""
    (other,) = keeping(0.5)
    assert varying_keys([KEEP, other]) == ()
    assert varying_keys([SPEC, other]) == varying_keys([other, SPEC]) == ("dropout.keep_prob",)


def test_labels_tell_what_the_data_are() -> None:
    """Only the official set is called CIFAR-10."""
    labels = [
        replace(SPEC.dataset, identity=identity).label
        for identity in ("cifar10", "synthetic-1", "sha256:0123")
    ]
    assert labels == ["CIFAR-10", "synthetic images", "not the full CIFAR-10"]


def test_equal_specs_share_their_sections() -> None:
    """Equal sections of many specs are in memory once, and no spec changes."""
    first, second = (replace(SPEC, dataset=replace(SPEC.dataset)).sharing() for _ in range(2))
    assert first == second == SPEC
    assert first.dataset is second.dataset
