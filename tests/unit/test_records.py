"""The values that cross a process or a disk."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from dropsweep import records
from dropsweep.records import format_rate, varying_keys

SPEC = records.RunSpec(
    records.DatasetSpec("cifar10", 500, 1000, 1000, "mean_image"),
    records.ModelSpec((500,), None, "relu", 0.01, False, "float32"),
    records.DropoutSpec(0.5, None, "inverted", 0.0),
    records.TrainingSpec(25, 100, "replacement", "adam", 5e-4, 1.0, 0.0, 0.0, None),
    records.EvaluationSpec(()),
    seed=0,
)
KEEP = replace(SPEC, dropout=replace(SPEC.dropout, rate=None, keep_prob=0.1))


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every field of a nested dataclass."""
    if not is_dataclass(value):
        return [path]
    return [
        leaf
        for field in fields(value)
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


def test_ids_are_those_from_before_parameters_could_be_kept() -> None:
    """Runs that were finished then are found again; only asking for more makes another run."""
    assert replace(SPEC, algorithm=1).run_id == "rate-0.50_seed-0_b844024b1f"
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


def test_axes_are_what_differs_beside_rate_and_seed() -> None:
    """Seeds and rates are no axes; a training size is."""
    other = replace(SPEC, dropout=replace(SPEC.dropout, rate=0.1), seed=3)
    small = replace(SPEC, dataset=replace(SPEC.dataset, train_size=100))
    assert varying_keys([SPEC, other]) == ()
    assert varying_keys([SPEC, other, small]) == ("dataset.train_size",)
    assert varying_keys([]) == ()


def test_a_keep_probability_is_kept_as_it_was_given() -> None:
    """0.1 stays 0.1 in the spec and the id, and is shown as rate 0.9."""
    assert KEEP.run_id.startswith("keep-0.10_seed-0_")
    assert KEEP.rate == 0.9
    assert records.flatten(KEEP)["dropout.keep_prob"] == 0.1
    assert replace(KEEP, dropout=replace(KEEP.dropout, keep_prob=0.7)).rate == 0.3


def test_the_two_conventions_are_never_averaged() -> None:
    """Keep probabilities alone are no axis; beside rates they are, in whichever order."""
    other = replace(KEEP, dropout=replace(KEEP.dropout, keep_prob=0.5))
    assert varying_keys([KEEP, other]) == ()
    assert varying_keys([SPEC, other]) == varying_keys([other, SPEC]) == ("dropout.keep_prob",)


def test_labels_tell_what_the_data_are() -> None:
    """Only the official set is called CIFAR-10."""
    labels = [
        replace(SPEC.dataset, identity=identity).label
        for identity in ("cifar10", "synthetic-1", "sha256:0123")
    ]
    assert labels == ["CIFAR-10", "synthetic images", "not the full CIFAR-10"]


def test_run_file_is_plain_json() -> None:
    """A record's bytes are JSON that any program reads, and refuse to hold NaN."""
    record = records.RunRecord(
        1, SPEC.run_id, SPEC, "done", records.History((0,), (2.3,), (0.5,), (0.25,)),
        0, 0.25, None, records.MonteCarlo(), 1.5, {"numpy": "2.4"},
    )  # fmt: skip
    content = json.loads(record.to_json())
    assert content["history"] == {
        "epoch": [0], "train_loss": [2.3], "train_accuracy": [0.5], "val_accuracy": [0.25],
    }  # fmt: skip
    with pytest.raises(ValueError, match="JSON"):
        replace(record, seconds=float("nan")).to_json()
