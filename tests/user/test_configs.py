"""The configs that come with the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_config_runs(dropsweep: Dropsweep, sample: Path, config: Path) -> None:
    """Shortened to an epoch of small nets, each config runs to its end on genuine images."""
    result = dropsweep(
        "run", config, "-o", "out", "-s", "dataset.name=cifar10",
        "-s", f"dataset.path={sample / 'cifar-10-binary.tar.gz'}",
        "-s", "training.epochs=1", "-s", "model.hidden_sizes=[8]",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    runs = [json.loads(path.read_text()) for path in Path("out/runs").iterdir()]
    assert runs
    assert {run["status"] for run in runs} == {"done"}
