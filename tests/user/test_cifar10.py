"""The source experiment on genuine images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

CONFIG = Path(__file__).parents[2] / "configs" / "cs231n.yaml"


def runs(folder: str) -> dict[str, Any]:
    """The run files by run id, without what may differ between two machines."""
    contents = [json.loads(path.read_text()) for path in Path(folder, "runs").iterdir()]
    return {
        content["run_id"]: {
            key: value for key, value in content.items() if key not in ("seconds", "environment")
        }
        for content in contents
    }


def test_source_experiment(dropsweep: Dropsweep, sample: Path) -> None:
    """Four of the seven rates end in the published bands, with 26 points each."""
    result = dropsweep(
        "run", CONFIG, "-o", "out",
        "-s", f"dataset.path={sample / 'cifar-10-binary.tar.gz'}",
        "-s", "dropout.rates=[0, 0.75, 0.9, 0.99]", "--no-plots",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "not the full CIFAR-10" in result.stdout
    ends = {}
    for run in runs("out").values():
        history = run["history"]
        assert history["epoch"] == list(range(26))
        rate = run["spec"]["dropout"]["rate"]
        ends[rate] = (history["train_accuracy"][-1], history["val_accuracy"][-1])
    bands = {0: (0.96, 1.0), 0.75: (0.86, 0.95), 0.9: (0.7, 0.8), 0.99: (0.3, 0.4)}
    for rate, (low, high) in bands.items():
        train, val = ends[rate]
        assert low <= train <= high, rate
        assert 0.22 <= val <= 0.37, rate


def test_both_archive_formats_give_the_same_bits(dropsweep: Dropsweep, sample: Path) -> None:
    """Run ids and histories are equal to the last bit."""
    for name in ("binary", "python"):
        result = dropsweep(
            "run", CONFIG, "-o", name, "--no-plots",
            "-s", f"dataset.path={sample / f'cifar-10-{name}.tar.gz'}",
            "-s", "training.epochs=1",
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
    assert len(runs("binary")) == 7
    assert runs("binary") == runs("python")


def test_pixels_are_not_written_to_the_results(dropsweep: Dropsweep, sample: Path) -> None:
    """A results folder is small: it can be committed and mailed."""
    dropsweep(
        "run", CONFIG, "-o", "out", "-s", f"dataset.path={sample / 'cifar-10-binary.tar.gz'}",
        "-s", "training.epochs=1", "-s", "dropout.rates=[0.5]",
    )  # fmt: skip
    assert sum(path.stat().st_size for path in Path("out").rglob("*")) < 2_000_000
