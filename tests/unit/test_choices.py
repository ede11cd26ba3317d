"""Choices of a config: each is declared once, in the specs, and has an implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest

from dropsweep import records
from dropsweep.config.models import known_keys
from dropsweep.nn import ACTIVATIONS, DROPOUT_KINDS, OPTIMIZERS
from dropsweep.report.lesson import PASSES_ON
from dropsweep.training.images import SAMPLING
from dropsweep.verification.statistics import LAWS

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("choice", "implementations"),
    [
        (records.Activation, ACTIVATIONS),
        (records.Optimizer, OPTIMIZERS),
        (records.Sampling, SAMPLING),
        (records.Kind, DROPOUT_KINDS),
        (records.Kind, LAWS),  # a kind that `verify` does not check is a failed test
        (records.Kind, PASSES_ON),
    ],
    ids=["activations", "optimizers", "samplings", "kinds", "laws", "sentences of the report"],
)
def test_every_choice_is_implemented(choice: Any, implementations: Mapping[str, object]) -> None:
    """A config can name exactly what there is."""
    assert set(get_args(choice)) == set(implementations)


@pytest.mark.parametrize(
    ("section", "spec"),
    [
        ("dataset", records.DatasetSpec),
        ("model", records.ModelSpec),
        ("dropout", records.DropoutSpec),
        ("training", records.TrainingSpec),
        ("evaluation", records.EvaluationSpec),
        ("results", records.ResultsSpec),
    ],
)
def test_every_key_of_a_run_is_in_its_spec(section: str, spec: Any) -> None:
    """Config and spec have the same keys, but for those of the whole sweep."""
    of_the_sweep = {"name", "path", "rates", "keep_probs"}
    assert set(known_keys()[section]) - of_the_sweep <= set(spec.__dataclass_fields__)
