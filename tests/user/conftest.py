"""A user at a shell: the program in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner

from dropsweep.cli.program import program
from tests.user import survival
from tests.user.in_process import own_signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SMALL = """\
dataset: {name: synthetic, train_size: 40, val_size: 50, test_size: 20}
model: {hidden_sizes: [8]}
dropout:
  rates: [0, 0.5]
training: {epochs: 2, batch_size: 20}
"""


class Dropsweep(Protocol):
    """Runs the program and returns what a shell would see."""

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Exit code, stdout and stderr of one command."""


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the tests share, so that the synthetic set is made once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def dropsweep(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Dropsweep:
    """The program, started in the test's own folder, which is also the current one."""
    monkeypatch.chdir(tmp_path)
    usual = {
        name: value for name, value in os.environ.items() if not name.startswith("DROPSWEEP_")
    } | {"DROPSWEEP_DATA_DIR": str(data_dir)}

    def start(
        *arguments: str | Path,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dropsweep", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            env={**usual, **(environment or {})},
            check=False,
        )

    return start


@pytest.fixture
def quick(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dropsweep]:
    """The same without a process of its own, where a process adds nothing but its start.

    A module whose tests can all do with it has a fixture ``dropsweep`` that returns this one.
    """
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DROPSWEEP_")]:
        monkeypatch.delenv(name)

    def start(
        *arguments: str | Path,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        words = list(map(str, arguments))
        result = CliRunner().invoke(
            program, words, input=stdin, prog_name="dropsweep", auto_envvar_prefix="DROPSWEEP",
            env={"DROPSWEEP_DATA_DIR": str(data_dir), **(environment or {})},
        )  # fmt: skip
        return subprocess.CompletedProcess(words, result.exit_code, result.stdout, result.stderr)

    with own_signals():
        yield start


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A sweep of two rates that takes a moment."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def shell(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[survival.Shell]:
    """A shell in the test's own folder, with both configs; nothing it started is left behind."""
    monkeypatch.chdir(tmp_path)
    Path("sweep.yaml").write_text(survival.SWEEP)
    Path("endless.yaml").write_text(survival.ENDLESS)
    shell = survival.Shell(data_dir, str(tmp_path))
    yield shell
    for pid in shell.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def undisturbed(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The sweep's numbers, from one process that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "sweep.yaml").write_text(survival.SWEEP)
    arguments: list[str | Path] = ["run", folder / "sweep.yaml", "-o", folder / "out", "--no-plots"]
    result = survival.Shell(data_dir, str(folder)).run(*arguments)
    assert result.returncode == 0, result.stderr
    assert len(survival.run_files(folder / "out")) == len(survival.RATES) * survival.SEEDS
    return survival.numbers(folder / "out")
