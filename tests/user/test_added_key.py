"""A key that is added as the code says: two files are edited, and finished runs are found again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dropsweep

SMALL = """\
name: small
dataset: {name: synthetic, train_size: 40, val_size: 20, test_size: 10}
model: {hidden_sizes: [4]}
dropout: {rates: [0, 0.5]}
training: {epochs: 1, batch_size: 20}
"""


def test_an_added_key_orphans_no_finished_run(tmp_path: Path) -> None:
    """Its default gives the old ids; another value trains other runs."""
    package = tmp_path / "dropsweep"
    shutil.copytree(Path(dropsweep.__file__).parent, package)
    config = tmp_path / "small.yaml"
    config.write_text(SMALL)
    assert trained(tmp_path) == "2 of 2 runs"
    run(tmp_path)
    assert trained(tmp_path) == "0 of 2 runs"
    insert(package / "records/spec.py", "    added: int = 3\n", before="    every: int = 1\n")
    insert(package / "config/models.py", "    added: int = 3\n", before="    every: Count = 1\n")
    assert trained(tmp_path) == "0 of 2 runs"
    assert trained(tmp_path, "-s", "evaluation.added=3") == "0 of 2 runs"
    assert trained(tmp_path, "-s", "evaluation.added=4") == "2 of 2 runs"


def insert(path: Path, addition: str, before: str) -> None:
    """Put a field in front of another."""
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, addition + before))


def trained(folder: Path, *options: str) -> str:
    """The number of runs that are missing, as a dry run says."""
    return run(folder, "--dry-run", *options).stderr.partition(" to train")[0].splitlines()[-1]


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The copy's command, in the folder of the copy."""
    return subprocess.run(
        [sys.executable, "-m", "dropsweep", "run", "small.yaml", "-j", "1", "--no-plots", *options],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
