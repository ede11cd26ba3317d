"""The JSON Schema says of a config what ``load`` says of it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from dropsweep import errors
from dropsweep.config import STDIN, json_schema, load
from dropsweep.config.grid import axes
from dropsweep.config.models import known_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGS = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))
SCHEMA = json_schema()
VALIDATOR = Draft7Validator(SCHEMA)

KEYS = [f"{section}.{key}".strip(".") for section, keys in known_keys().items() for key in keys]
WORDS = ["cifar10", "none", "tanh", "float64", "gaussian", "shuffle", "sgd", "a/b", "", "."]
NUMBERS = [-1, 0, 1, 10_001, 1_000_001, 0.5, 1.5]
LISTS: list[list[Any]] = [[], [None], ["none"], [True], [1, 1], [0.5, 0.5], [1, 0.5]]
VALUES = [None, True, {}, {"epochs": 1}, *WORDS, *NUMBERS, *LISTS, *([each] for each in NUMBERS)]
"""Right for some keys and wrong for the others, by type or by range."""

SIZES = ("model.hidden_sizes", "model.kept_units")


def config(*settings: tuple[str, Any], rates: bool = True) -> dict[str, Any]:
    """A config with some keys set."""
    made: dict[str, Any] = {"dropout": {"rates": [0, 0.5]} if rates else {}}
    for dotted, value in settings:
        section, _, key = dotted.rpartition(".")
        (made.setdefault(section, {}) if section else made)[key] = value
    return made


def taken_by_load(content: dict[str, Any]) -> bool:
    """True if ``load`` finds no mistake."""
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(content).encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        try:
            load(STDIN)
        except errors.ConfigError:
            return False
    return True


def leaves(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key and section, by its dotted name."""
    for key, value in schema.get("properties", {}).items():
        yield f"{path}{key}", value
        if key != "grid":
            yield from leaves(value, f"{path}{key}.")


def test_it_is_a_schema() -> None:
    """Draft 7, with a name of its own."""
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["$id"] == "urn:dropsweep:config"


def test_every_key_is_explained() -> None:
    """No key and no section is without a sentence, and none is missing."""
    found = dict(leaves(SCHEMA))
    assert set(KEYS) <= set(found)
    for name, schema in found.items():
        assert schema["description"].endswith("."), name


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_shipped_config_passes(path: Path) -> None:
    """Nothing is underlined in a config that comes with the project."""
    VALIDATOR.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_defaults_and_examples_pass() -> None:
    """Each default and example that the schema offers is valid for its key."""
    assert "default" not in SCHEMA["properties"]["name"], "it is the file's name"
    for name, schema in leaves(SCHEMA):
        for value in [*schema.get("examples", []), schema.get("default")]:
            if value is not None:
                VALIDATOR.validate(config((name, value), rates=name != "dropout.keep_probs"))


def used(content: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The content with other sections such that a key of dropout is used, which no schema sees."""
    if key == "dropout.layer_factors" and isinstance(value, list):
        layers = {"hidden_sizes": [4] * max(len(value), 1)}
        return content | {"model": layers, "dropout": content["dropout"] | {"rates": [0]}}
    if key == "dropout.schedule_epochs":
        base = {"schedule": "early", "schedule_epochs": 3}
        return content | {"dropout": base | content["dropout"]}
    return content


@pytest.mark.parametrize("key", [*KEYS, "training.epoch", "epochs", "dropout.epochs"])
def test_a_key_is_taken_and_refused_as_by_load(key: str) -> None:
    """Every kind of value, for every key: type, range, choice, repeats, two ways for one thing."""
    verdicts = set()
    for value in VALUES:
        content = config((key, value), rates=key != "dropout.keep_probs")
        if key == "evaluation.curve_images":
            content["dataset"] = {"val_size": 1_000_000}  # the schema cannot compare two numbers
        content = used(content, key, value)
        taken = taken_by_load(content)
        assert VALIDATOR.is_valid(content) == taken, content
        verdicts.add(taken)
    assert False in verdicts


@pytest.mark.parametrize("axis", [*axes(), "seeds", "dropout.rates", "training.epoch", "training"])
def test_an_axis_is_taken_and_refused_as_by_load(axis: str) -> None:
    """The keys that can be varied, each with the values it can have."""
    for value in VALUES[::3]:
        if axis in SIZES and value is None:
            continue  # depends on whether the other stands in the section
        if axis == "dropout.schedule_epochs" and value is None:
            continue  # depends on the schedule that it stands beside
        content = used(config(("grid", {axis: [value]})), axis, value)
        assert VALIDATOR.is_valid(content) == taken_by_load(content), content


@pytest.mark.parametrize(
    "content",
    [
        config(("model.hidden_sizes", [4]), ("model.kept_units", [4])),
        config(("model.hidden_sizes", None), ("model.kept_units", [4])),
        config(("model.hidden_sizes", None), ("model.kept_units", None)),
        config(("dropout.keep_probs", [0.5])),
        config(("dropout.rates", None), ("dropout.keep_probs", [0.5])),
        config(("dataset.name", "synthetic"), ("dataset.path", "a.tar.gz")),
        config(("dataset.name", "synthetic"), ("dataset.path", None)),
        config(("dataset.name", "arrays"), ("dataset.path", "my.npz")),
        config(("dataset.name", "arrays")),
        config(("dataset.name", "arrays"), ("dataset.path", None)),
        config(("dropout.schedule", "early")),
        config(("dropout.schedule", "early"), ("dropout.schedule_epochs", None)),
        config(("dropout.schedule", "late"), ("dropout.schedule_epochs", 3)),
        config(("grid", {key: [[4]] for key in SIZES})),
        config(("grid", {"training.epochs": 3})),
        config(("grid", {"training.epochs": []})),
        config(("grid", {"training.epochs": [3, 3]})),
        config(("training", None)),
        config(("seeds", "auto")),
        config(("seeds", "Auto")),
        config(("dropout.rates", {"from": 0, "to": 0.9, "step": 0.1})),
        config(("dropout.rates", {"from": 0, "to": 0.9})),
        config(("dropout.rates", {"from": 0, "to": 1, "step": 0.1})),
        config(("dropout.rates", {"from": 0, "to": 0.9, "step": 0})),
        config(("decision", {"margin": 0.005, "max_seeds": 30})),
        config(("decision", {"margin": 0})),
        {},
    ],
    ids=str,
)
def test_keys_that_depend_on_others(content: dict[str, Any]) -> None:
    """Two keys that depend on each other are judged as by ``load``."""
    assert VALIDATOR.is_valid(content) == taken_by_load(content)
