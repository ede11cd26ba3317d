"""A request to run a config."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from dropsweep.api.request import Request
from tests.unit.api.test_sweep import CONFIG


def test_a_config_as_a_mapping_is_the_file(tmp_path: Path) -> None:
    """The same runs, whether keys stand in a file, in a mapping, or in the overrides."""
    path = tmp_path / "tiny.yaml"
    path.write_text(json.dumps(CONFIG))
    overrides = {
        "seeds": range(2),
        "dropout.rates": np.array([0.25, 0.75]),
        "training.epochs": np.int64(1),
        "model.hidden_sizes": (4,),
        "dataset.path": None,
    }
    words = ["seeds=[0,1]", "dropout.rates=[0.25,0.75]", "training.epochs=1",
             "model.hidden_sizes=[4]", "dataset.path="]  # fmt: skip
    configs = [
        Request.of(path, overrides),
        Request.of(str(path), words),
        Request.of(CONFIG, overrides),
        Request.of({**CONFIG, "model": {"hidden_sizes": (4,)}}, overrides),
    ]
    assert all(each.loaded.config == configs[0].loaded.config for each in configs)
    assert configs[0].loaded.config.dropout.rates == (0.25, 0.75)
    assert CONFIG["model"] == {"hidden_sizes": [8]}
    unnamed = {key: value for key, value in CONFIG.items() if key != "name"}
    assert Request.of(unnamed).folder.path == Path("results/sweep")
