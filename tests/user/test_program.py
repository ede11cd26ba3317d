"""The ``dropsweep`` command itself, and ``dropsweep init``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep import __version__

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def test_version(dropsweep: Dropsweep) -> None:
    """The version of the package."""
    assert dropsweep("--version").stdout == f"dropsweep {__version__}\n"


def test_an_environment_variable_is_obeyed(dropsweep: Dropsweep, config: Path) -> None:
    """DROPSWEEP_RUN_OUTPUT and DROPSWEEP_RUN_QUIET do what the options do."""
    result = dropsweep(
        "run",
        config,
        "--no-plots",
        environment={"DROPSWEEP_RUN_OUTPUT": "elsewhere", "DROPSWEEP_RUN_QUIET": "1"},
    )
    assert result.stdout == "elsewhere\n"


@pytest.mark.parametrize("arguments", [["trian"], ["run"], ["run", "a", "b"], ["run", "--epochs"]])
def test_usage_mistakes(dropsweep: Dropsweep, arguments: list[str]) -> None:
    """Exit 2 and a hint, no traceback."""
    result = dropsweep(*arguments)
    assert result.returncode == 2
    assert "Usage:" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_environment_cannot_ask_for_the_version(dropsweep: Dropsweep) -> None:
    """A variable that scripts may well have is no option; --debug has its own, and tells it."""
    result = dropsweep("--help", environment={"DROPSWEEP_VERSION": "1.0"})
    assert "DROPSWEEP_DEBUG" in result.stdout


HEAVY = {"numpy", "scipy", "matplotlib", "pydantic", "yaml", "pooch", "tqdm", "threadpoolctl"}


def test_importing_for_help_is_light() -> None:
    """No heavy package is imported to print the help, and 150 modules at most."""
    imported = modules_after(
        "sys.argv = ['dropsweep', '--help']\n"
        "from dropsweep.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass"
    )
    assert "dropsweep.cli.program" in imported
    assert not HEAVY & imported
    assert len(imported - modules_after("pass")) <= 150


def test_a_worker_imports_what_training_takes() -> None:
    """The script that started it, again, and the work: neither click nor what reads configs."""
    imported = modules_after(
        "import dropsweep.__main__, dropsweep.cli, dropsweep.executors.processes"
    )
    assert not {"click", *HEAVY} & imported
    imported = modules_after("import dropsweep.training.work")
    assert {"numpy", "threadpoolctl"} <= imported
    assert not {"click", "tarfile", "logging", *HEAVY - {"numpy", "threadpoolctl"}} & imported


def modules_after(code: str) -> set[str]:
    """The modules that a fresh Python has imported when it has run the code."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.splitlines()[-1].split())


def test_init_prints_a_config_that_runs(dropsweep: Dropsweep) -> None:
    """The starter config goes to stdout, and ``run`` takes it from stdin."""
    starter = dropsweep("init").stdout
    result = dropsweep(
        "run", "-", "--no-plots", "-s", "training.epochs=1", "-s", "model.hidden_sizes=[4]",
        "-s", "decision.max_seeds=1",
        stdin=starter,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_init_never_overwrites(dropsweep: Dropsweep) -> None:
    """It writes a new file, and refuses one that exists."""
    assert dropsweep("init", "mine.yaml").returncode == 0
    written = Path("mine.yaml").read_bytes()
    Path("mine.yaml").write_text("precious")
    result = dropsweep("init", "mine.yaml")
    assert result.returncode == 2
    assert "exists already" in result.stderr
    assert Path("mine.yaml").read_text() == "precious"
    assert written == (ROOT / "dropsweep/cli/starter.yaml").read_bytes()


@pytest.mark.parametrize(
    ("path", "told"),
    [(".", "is a folder"), ("/", "is a folder"), ("", "an empty path names no file or folder")],
)
def test_init_wants_a_file(dropsweep: Dropsweep, path: str, told: str) -> None:
    """A folder is not written into, nor is a path that is empty; exit 2 says what is wrong."""
    result = dropsweep("init", path)
    assert result.returncode == 2
    assert told in result.stderr
    assert list(Path().iterdir()) == []


def test_the_starter_config_explains_every_key(dropsweep: Dropsweep) -> None:
    """Each key stands in it, be it commented out; as the help of ``init`` says."""
    from dropsweep.config.models import known_keys

    starter = dropsweep("init").stdout
    for section, keys in known_keys().items():
        for key in keys:
            if (section, key) != ("dataset", "identity"):  # written by ``run`` alone
                assert f"{key}:" in starter, key


def test_the_quick_start_is_the_starter_config() -> None:
    """configs/quickstart.yaml is what ``init`` writes."""
    starter = (ROOT / "dropsweep/cli/starter.yaml").read_bytes()
    assert (ROOT / "configs/quickstart.yaml").read_bytes() == starter
