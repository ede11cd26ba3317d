"""The JSON Schema of a config, by which editors complete and check what `load` will read.

It is made from the models; added is what they hold in code, as far as JSON Schema can say it. What
passes it may still be refused by `load` (a net beyond all memory, ``1.0`` for a count); what `load`
takes always passes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from dropsweep.config.grid import axes
from dropsweep.config.models import Config

Schema: TypeAlias = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest that the YAML language servers of all editors know."""

_EXAMPLES: dict[str, list[Any]] = {
    "name": ["my-sweep"],
    "dataset.path": ["cifar-10-python.tar.gz"],
    "model.hidden_sizes": [[500], [500, 100]],
    "model.kept_units": [[250]],
    "dropout.rates": [[0, 0.25, 0.5, 0.75], {"from": 0, "to": 0.9, "step": 0.1}],
    "dropout.keep_probs": [[1, 0.75, 0.5, 0.25]],
    "dropout.input_rate": [0.2],
    "dropout.layer_factors": [[1, 0.5]],
    "dropout.schedule_epochs": [10],
    "training.learning_rate": [5e-4],
    "training.learning_rate_decay": [0.95],
    "training.l2": [1e-3],
    "training.max_norm": [3],
    "evaluation.curve_images": [1000],
    "evaluation.monte_carlo_samples": [[1, 10, 100]],
    "seeds": [8, [0, 1, 7], "auto"],
    "grid": [{"dataset.train_size": [100, 500], "training.l2": [0, 1e-3]}],
}
"""Examples of keys whose type and range do not explain them."""


def json_schema() -> Schema:
    """The schema, without references but from the grid to the keys it varies."""
    made = Config.model_json_schema()
    sections = made.pop("$defs")
    keys: Schema = {key: _plain(value, sections) for key, value in made["properties"].items()}
    del keys["name"]["default"]  # it is the file's name
    for section, rules in _RULES.items():
        keys[section] |= rules
    for dotted in _WITHOUT_REPEATS:
        _list_of(_key(keys, dotted))["uniqueItems"] = True
    keys["grid"] |= _grid()
    for dotted, examples in _EXAMPLES.items():
        _key(keys, dotted)["examples"] = examples
    return {
        "$schema": _DRAFT,
        "$id": "urn:dropsweep:config",
        "title": "dropsweep config",
        "description": made.get("description", ""),  # python -OO drops docstrings
        "type": "object",
        "additionalProperties": False,
        "required": made["required"],
        "properties": keys,
    }


def _plain(schema: Any, sections: Schema) -> Any:
    """A part of pydantic's schema, with sections where they stand and without titles."""
    if isinstance(schema, list):
        return [_plain(item, sections) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:  # beside it stands a default, which its keys have as well
        return _plain(sections[schema["$ref"].rpartition("/")[2]], sections)
    return {key: _plain(value, sections) for key, value in schema.items() if key != "title"}


def _list_of(schema: Schema) -> Schema:
    """The part that is about a list, where a key can also be null, a number or a section."""
    if schema.get("type") == "array":
        return schema
    kinds = schema.get("anyOf", []) + schema.get("oneOf", [])
    return next((found for kind in kinds if (found := _list_of(kind))), {})


def _key(keys: Schema, dotted: str) -> Schema:
    section, _, key = dotted.rpartition(".")
    found: Schema = keys[section]["properties"][key] if section else keys[key]
    return found


# --- what the models hold in code ---------------------------------------------------------------


def _given(*keys: str) -> Schema:
    """Each of the keys is there, and not null."""
    return {"required": list(keys), "properties": {key: {"not": {"type": "null"}} for key in keys}}


def _named(name: str) -> Schema:
    return {"required": ["name"], "properties": {"name": {"const": name}}}


def _null(key: str) -> Schema:
    return {"required": [key], "properties": {key: {"type": "null"}}}


_WITHOUT_REPEATS = (
    "dropout.rates",
    "dropout.keep_probs",
    "evaluation.monte_carlo_samples",
    "seeds",
)

_RULES: dict[str, Schema] = {
    "dataset": {
        "allOf": [
            {"if": _named("synthetic"), "then": {"not": _given("path")}},
            {"if": _named("arrays"), "then": _given("path")},
        ]
    },
    "model": {
        "not": _given("hidden_sizes", "kept_units"),
        "if": _null("hidden_sizes"),
        "then": _given("kept_units"),
    },
    "dropout": {
        "oneOf": [_given("rates"), _given("keep_probs")],
        "if": {
            "required": ["schedule"],
            "properties": {"schedule": {"not": {"const": "constant"}}},
        },
        "then": _given("schedule_epochs"),
    },
}


def _grid() -> Schema:
    """Every key that can be varied, with a list of what it may be."""
    return {
        "properties": {axis: _axis(axis) for axis in axes()},
        "additionalProperties": False,
        "not": _given("model.hidden_sizes", "model.kept_units"),
    }


def _axis(dotted: str) -> Schema:
    values = {"$ref": f"#/properties/{dotted.replace('.', '/properties/')}"}
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": values}
