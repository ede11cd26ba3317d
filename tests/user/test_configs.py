"""The configs that come with the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))

ABOUT: dict[str, dict[str, Any]] = {
    "batch_norm": {"model.batch_norm": True},
    "constant_width": {},
    "cs231n": {"dropout.kind": "inverted", "training.optimizer": "adam"},
    "gaussian": {"dropout.kind": "gaussian"},
    "input_dropout": {"dropout.input_rate": 0.2},
    "l2": {"training.l2": 1.0},
    "layer_factors": {"model.hidden_sizes": [4, 4]},
    "max_norm": {"training.max_norm": 0.25},
    "monte_carlo": {"evaluation.monte_carlo_samples": [1, 2]},
    "quickstart": {"dataset.images": "drawn", "evaluation.every": 2},
    "regularizers": {"dropout.kind": "inverted"},
    "schedules": {"dropout.kind": "inverted"},
    "sigmoid": {"model.activation": "sigmoid", "model.hidden_sizes": [4, 4]},
    "training_size": {"dropout.kind": "inverted"},
    "underfitting": {"dropout.kind": "inverted"},
    "vanilla": {"dropout.kind": "vanilla", "training.optimizer": "momentum", "dropout.rate": None},
    "which_rate": {"dataset.images": "drawn", "evaluation.every": 5},
}
"""The values that make each config its study, as the run files of the shortened config say them."""

AXES: dict[str, dict[tuple[str, ...], list[tuple[Any, ...]]]] = {
    "constant_width": {("model.hidden_sizes", "model.kept_units"): [([4], None), (None, [4])]},
    "layer_factors": {("dropout.layer_factors",): [([1.0, 1.0],), ([1.0, 0.5],), ([0.5, 1.0],)]},
    "regularizers": {
        ("training.l2", "training.max_norm"): [(0.0, None), (0.0, 0.25), (1.0, None), (1.0, 0.25)]
    },
    "schedules": {
        ("dropout.schedule", "dropout.schedule_epochs"): [
            ("constant", None),
            ("early", 1),
            ("late", 1),
            ("decreasing", 1),
            ("increasing", 1),
        ]
    },
    "training_size": {("dataset.train_size",): [(20,), (40,)]},
    "underfitting": {
        ("dropout.schedule", "dropout.schedule_epochs"): [("constant", None), ("early", 1)]
    },
}
"""Of the grids, what is combined with every rate."""

DRAWN = {
    "cs231n": "final_accuracy",
    "monte_carlo": "monte_carlo",
    "training_size": "heat_map_dataset.train_size",
}
"""The figure that a study is about; the others are not drawn here."""


def shortened(config: Path) -> list[str]:
    """Overrides that leave a study what it is, with small nets and a single epoch and seed."""
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    overrides: dict[str, Any] = {"training.epochs": 1, "seeds": 1}
    grid = content.get("grid", {})
    overrides |= {"dataset.val_size": 60, "dataset.test_size": 20, "evaluation.curve_images": 30}
    if "dataset.train_size" in grid:
        overrides["grid.dataset.train_size"] = [20, 40]
    else:
        overrides["dataset.train_size"] = 40
    if "schedule_epochs" in content["dropout"]:
        overrides |= {"training.epochs": 2, "dropout.schedule_epochs": 1}
    if "model.kept_units" in grid:
        overrides["grid.model.kept_units"] = "[null, [4]]"
    model = content.get("model", {})
    key = "kept_units" if "kept_units" in model else "hidden_sizes"
    overrides[f"model.{key}"] = [4 for _ in model.get(key, [500])]
    if content.get("evaluation", {}).get("monte_carlo_samples"):
        overrides["evaluation.monte_carlo_samples"] = [1, 2]
    return [word for key, value in overrides.items() for word in ("-s", f"{key}={value}")]


def value_of(run: dict[str, Any], key: str) -> Any:
    """The value at a dotted key of a run file's spec."""
    section, name = key.split(".")
    return run["spec"][section][name]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_config_runs(quick: Dropsweep, sample: Path, config: Path) -> None:
    """Shortened, each config runs to its end on genuine images, and is the study it says it is.

    Those that promise a figure get it.
    """
    drawing = () if config.stem in DRAWN else ("--no-plots",)
    result = quick(
        "run", config, "-o", "out", "-j", "1", "-s", "dataset.name=cifar10",
        "-s", f"dataset.path={sample / 'cifar-10-binary.tar.gz'}", *shortened(config), *drawing,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    runs = [json.loads(path.read_text()) for path in Path("out/runs").iterdir()]
    assert len(runs) > 1
    assert {run["status"] for run in runs} == {"done"}
    for run in runs:
        for key, value in ABOUT[config.stem].items():
            assert value_of(run, key) == value
    for keys, expected in AXES.get(config.stem, {}).items():
        found: dict[float, list[tuple[Any, ...]]] = {}
        for run in runs:
            values = tuple(value_of(run, key) for key in keys)
            found.setdefault(run["spec"]["dropout"]["rate"], []).append(values)
        assert len(found) > 1
        assert {str(sorted(settings, key=str)) for settings in found.values()} == {
            str(sorted(expected, key=str))
        }
    if config.stem in DRAWN:
        figures = {path.stem for path in Path("out/plots").iterdir()}
        assert DRAWN[config.stem] in figures
        assert "monte_carlo" not in figures - {config.stem}


def test_every_study_has_a_promise() -> None:
    """A new config says here what it is about, and one that is gone says nothing."""
    assert [config.stem for config in CONFIGS] == sorted(ABOUT)
    assert set(AXES) == {
        config.stem
        for config in CONFIGS
        if yaml.safe_load(config.read_text(encoding="utf-8")).get("grid")
    }
