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
    "constant_width": {"model.hidden_sizes": None, "model.kept_units": [4]},
    "cs231n": {"dropout.kind": "inverted", "training.optimizer": "adam"},
    "gaussian": {"dropout.kind": "gaussian"},
    "input_dropout": {"dropout.input_rate": 0.2},
    "l2": {"training.l2": 1.0},
    "max_norm": {"training.max_norm": 0.25},
    "monte_carlo": {"evaluation.monte_carlo_samples": [1, 2]},
    "quickstart": {"dropout.kind": "inverted"},
    "sigmoid": {"model.activation": "sigmoid", "model.hidden_sizes": [4, 4]},
    "vanilla": {"dropout.kind": "vanilla", "training.optimizer": "momentum", "dropout.rate": None},
}
"""What makes each config the study it is, as its run files say it once it is shortened."""


def shortened(config: Path) -> list[str]:
    """Overrides that leave a study what it is, with small nets and a single epoch and seed."""
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    overrides: dict[str, Any] = {"training.epochs": 1, "seeds": 1}
    model = content.get("model", {})
    key = "kept_units" if "kept_units" in model else "hidden_sizes"
    overrides[f"model.{key}"] = [4 for _ in model.get(key, [500])]
    if content.get("evaluation", {}).get("monte_carlo_samples"):
        overrides["evaluation.monte_carlo_samples"] = [1, 2]
    return [word for key, value in overrides.items() for word in ("-s", f"{key}={value}")]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_config_runs(dropsweep: Dropsweep, sample: Path, config: Path) -> None:
    """Shortened, each config runs to its end on genuine images, and is the study it says it is."""
    result = dropsweep(
        "run", config, "-o", "out", "-s", "dataset.name=cifar10",
        "-s", f"dataset.path={sample / 'cifar-10-binary.tar.gz'}", *shortened(config),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    runs = [json.loads(path.read_text()) for path in Path("out/runs").iterdir()]
    assert len(runs) > 1
    assert {run["status"] for run in runs} == {"done"}
    for run in runs:
        for key, value in ABOUT[config.stem].items():
            section, name = key.split(".")
            assert run["spec"][section][name] == value
    averaged = config.stem == "monte_carlo"
    assert Path("out/plots/monte_carlo.png").exists() == averaged


def test_every_study_has_a_promise() -> None:
    """A new config says here what it is about, and one that is gone says nothing."""
    assert [config.stem for config in CONFIGS] == sorted(ABOUT)
