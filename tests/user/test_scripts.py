"""The worked examples in scripts/, run as they stand on sweeps that take a moment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.factories import make_folder, make_sweep
from tests.user.commands import with_dropsweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.user.conftest import Dropsweep

    Script = Callable[..., subprocess.CompletedProcess[str]]

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Runs an example in the test's own folder, with ``dropsweep`` on its PATH."""
    monkeypatch.chdir(tmp_path)
    path = f"{with_dropsweep(tmp_path)}:{os.environ['PATH']}"

    def start(name: str, *words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        usual = {"PATH": path, "DROPSWEEP_DATA_DIR": str(data_dir)}
        return subprocess.run(
            [str(SCRIPTS / name), *map(str, words)],
            capture_output=True, text=True, check=False, env={**os.environ, **usual, **variables},
        )  # fmt: skip

    return start


EXAMPLES = ["best_rate.sh", "compare_sweeps.sh", "learning_rates.sh", "shards.sh"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_without_arguments_says_how_it_is_used(script: Script, name: str) -> None:
    """One line, and a failure; no variable is taken for empty."""
    result = script(name)
    assert result.returncode != 0
    assert "Usage:" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_stops_at_the_first_mistake(name: str) -> None:
    """``set -euo pipefail`` in each."""
    assert "\nset -euo pipefail\n" in (SCRIPTS / name).read_text()


def test_a_loop_over_learning_rates(script: Script, config: Path) -> None:
    """A sweep and a table each, and options go on to ``run``."""
    result = script(
        "learning_rates.sh", config, "--no-plots", "-s", "dropout.rates=[0.5]",
        LEARNING_RATES="1e-3 2e-2",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    for rate, value in (("1e-3", 0.001), ("2e-2", 0.02)):
        folder = Path("results/learning_rates", rate)
        assert f"learning rate {rate}, {folder}:\nrate  runs" in result.stdout
        (run,) = map(json.loads, (path.read_text() for path in (folder / "runs").iterdir()))
        assert run["spec"]["training"]["learning_rate"] == value


def test_shards_are_merged(script: Script, config: Path) -> None:
    """Each part trains its own runs, together all, and the end trains none again."""
    result = script("shards.sh", config, "--no-plots", SHARDS="2")
    assert result.returncode == 0, result.stderr
    first, second, merged = (Path("results/shards", part) for part in ("0", "1", "all"))
    assert len(names(first)) == len(names(second)) == 1
    assert names(first) | names(second) == names(merged)
    assert "nothing to train" in result.stderr
    assert result.stdout.startswith("rate  runs")
    assert result.stdout.endswith(f"{merged}\n")


def names(folder: Path) -> set[str]:
    """Of its run files."""
    return {path.name for path in (folder / "runs").iterdir()}


def test_a_shard_that_fails_fails_the_script(script: Script, config: Path) -> None:
    """Its exit code is not lost in the background, and nothing is merged."""
    result = script("shards.sh", config, "-s", "training.epoch=1")
    assert result.returncode == 2
    assert "did you mean epochs?" in result.stderr
    assert "results/shards" not in result.stderr


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_the_best_rate(script: Script) -> None:
    """The rate that ``show`` marks as selected, alone on stdout."""
    make_folder("results/sweep", make_sweep(seeds=3))
    result = script("best_rate.sh", "results/sweep")
    assert (result.returncode, float(result.stdout)) == (0, 0.75), result.stderr
    assert "validation 0.32" in result.stderr


def test_two_sweeps_are_compared(script: Script, dropsweep: Dropsweep, config: Path) -> None:
    """Both are trained, and overlaid under their names."""
    if "--compare" not in dropsweep("plot", "--help").stdout:
        pytest.skip("plot does not compare yet")
    other = config.with_name("other.yaml")
    other.write_text(config.read_text() + "name: other\n")
    result = script("compare_sweeps.sh", config, other, "--no-plots")
    assert result.returncode == 0, result.stderr
    figures = list(map(Path, result.stdout.splitlines()))
    assert figures
    assert all(figure.is_relative_to("results/comparison") for figure in figures)
    drawing = next(figure for figure in figures if figure.suffix == ".svg").read_text()
    assert "other" in drawing
    assert "small" in drawing


def test_the_hooks_are_the_checks_of_the_test_script() -> None:
    """A commit is checked by the commands of scripts/test.sh, without the tests."""
    hooks = yaml.safe_load((SCRIPTS.parent / ".pre-commit-config.yaml").read_text())
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    lines = (SCRIPTS / "test.sh").read_text().partition("\n\n")[2].splitlines()
    assert entries == lines[:-1]
    assert lines[-1] == 'python -m pytest --numprocesses auto "$@"'


def test_the_readme_s_figure_is_light_and_dark(script: Script, tmp_path: Path) -> None:
    """Two files, and the HTML that names both, with the numbers in words."""
    make_folder(tmp_path / "sweep", make_sweep([0.0, 0.5], 2, epochs=1))
    result = script("readme_figure.py", "sweep", "-o", "made")
    assert (result.returncode, result.stderr) == (0, "")
    light, dark = (f"made/final_accuracy{end}.svg" for end in ("", "_dark"))
    assert b"fill: #ffffff" in Path(light).read_bytes()
    assert b"fill: #0d1117" in Path(dark).read_bytes()
    assert f'srcset="{dark}"' in result.stdout
    assert f'src="{light}"' in result.stdout
    assert "rate 0.50: training" in result.stdout
