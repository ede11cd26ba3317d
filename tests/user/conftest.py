"""A user at a shell: the program in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
def config(tmp_path: Path) -> Path:
    """A sweep of two rates that takes a moment."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path
