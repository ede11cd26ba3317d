"""The models' defaults, what they normalise, and what they tell an editor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from dropsweep.config.models import Config, Dropout, known_keys
from dropsweep.records import Decision


def _config(**keys: Any) -> Config:
    return Config.model_validate({"dropout": {"rates": [0]}, **keys})


def test_only_the_rates_are_required() -> None:
    """The defaults are those of the seven-rate experiment."""
    config = _config()
    assert config.dataset.name == "cifar10"
    sizes = config.dataset
    assert (sizes.train_size, sizes.val_size, sizes.test_size) == (500, 1000, 1000)
    assert config.model.hidden_sizes == (500,)
    assert (config.model.weight_scale, config.model.dtype) == (0.01, "float32")
    training = config.training
    assert (training.epochs, training.batch_size, training.learning_rate) == (25, 100, 5e-4)
    assert tuple(config.seed_list) == (0,)


def test_equal_rates_are_one_rate() -> None:
    """0, 0.0 and -0.0 become the same bits, so that they name the same run."""
    written = [str(Dropout.model_validate({"rates": [rate]}).rates) for rate in (0, 0.0, -0.0)]
    assert written == ["(0.0,)"] * 3


@pytest.mark.parametrize(("seeds", "listed"), [(3, (0, 1, 2)), ([7, 0], (7, 0))])
def test_seeds_are_a_count_or_a_list(seeds: Any, listed: tuple[int, ...]) -> None:
    """A count n stands for 0 to n - 1; a list keeps its order."""
    assert tuple(_config(seeds=seeds).seed_list) == listed


@pytest.mark.parametrize(
    ("written", "rates"),
    [
        ((0, 0.9, 0.1), (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
        ((0.05, 0.2, 0.05), (0.05, 0.1, 0.15, 0.2)),
        ((0.3, 0.3, 1e-5), (0.3,)),
        ((0, 3e-7, 1e-7), (0.0, 1e-7, 2e-7, 3e-7)),
    ],
)
def test_a_range_has_exact_decimals_and_both_ends(
    written: tuple[float, ...], rates: tuple[float, ...]
) -> None:
    """Its rates, and so its runs, are those of the same numbers in a list."""
    ends = dict(zip(("from", "to", "step"), written, strict=True))
    assert Dropout.model_validate({"rates": ends}).rate_list == rates


def test_the_decision_has_exact_numbers_and_every_rate() -> None:
    """The margin is the decimal as written; keep probabilities are told as rates."""
    auto = _config(seeds="auto", decision={"margin": 0.005}, dropout={"keep_probs": [1, 0.7]})
    assert auto.decision == Decision(Fraction(1, 200), True, 100, (0.0, 0.3))
    assert tuple(auto.seed_list) == tuple(range(100))
    plain = _config(decision={"max_seeds": 9})
    assert plain.decision == Decision(Fraction(1, 100), False, 9, (0.0,))
    assert tuple(plain.seed_list) == (0,)


def test_a_config_cannot_be_changed() -> None:
    """The config that was checked is the one that is planned."""
    with pytest.raises(ValidationError, match="frozen"):
        _config().seeds = 2  # type: ignore[misc]


def test_every_key_explains_itself() -> None:
    """The JSON Schema describes each key, and refuses unknown ones, in every section."""
    schema = Config.model_json_schema()
    for section in (schema, *schema["$defs"].values()):
        assert section["additionalProperties"] is False
        assert section["description"]
        keys = section["properties"].values()
        assert all("description" in key or "$ref" in key for key in keys)
    assert schema["required"] == ["dropout"]


def test_known_keys_are_listed_by_section() -> None:
    """Hints about misspelt keys look them up here."""
    known = known_keys()
    assert known[""] == (
        "name", "dataset", "model", "dropout", "training", "evaluation", "results", "seeds",
        "decision", "grid",
    )  # fmt: skip
    assert known["dropout"] == (
        "rates", "keep_probs", "kind", "input_rate", "layer_factors", "schedule",
        "schedule_epochs",
    )  # fmt: skip


def test_kept_units_replace_the_default_sizes() -> None:
    """Only one of the two is in force, whichever is given."""
    kept = _config(model={"kept_units": [250]}).model
    assert (kept.hidden_sizes, kept.kept_units) == (None, (250,))
    assert _config().model.kept_units is None


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("dropout", {"rates": [0.5], "keep_probs": [0.5]}),
        ("dropout", {}),
        ("model", {"hidden_sizes": [5], "kept_units": [5]}),
        ("model", {"hidden_sizes": None}),
    ],
)
def test_two_ways_to_say_one_thing_are_not_mixed(section: str, values: dict[str, Any]) -> None:
    """Exactly one of rates and keep_probs, and of hidden_sizes and kept_units."""
    with pytest.raises(ValidationError, match=r"one|both"):
        _config(**{section: values})


@pytest.mark.parametrize("keep", [0, -0.1, 1.1, float("nan")])
def test_keep_probabilities_are_above_0_and_at_most_1(keep: float) -> None:
    """1 keeps every unit; 0 would keep none."""
    assert Dropout.model_validate({"keep_probs": [1, 0.25]}).keep_probs == (1.0, 0.25)
    with pytest.raises(ValidationError):
        Dropout.model_validate({"keep_probs": [keep]})
