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


TRAIN = """
import sys
from dropsweep.cli import main
sys.argv = ["dropsweep", "run", "small.yaml", "-j", "1", "--no-plots"]
main()
"""

PLAN = """
from click.testing import CliRunner
from dropsweep.cli.program import program
for value in (None, 3, 4):
    options = [] if value is None else ["-s", f"evaluation.added={value}"]
    result = CliRunner().invoke(program, ["run", "small.yaml", "--dry-run", *options])
    print(result.stderr.splitlines()[0])
"""


def test_an_added_key_orphans_no_finished_run(tmp_path: Path) -> None:
    """Its default, left out or written, gives the old ids; another value trains other runs."""
    package = tmp_path / "dropsweep"
    shutil.copytree(Path(dropsweep.__file__).parent, package)
    (tmp_path / "small.yaml").write_text(SMALL)
    python(tmp_path, TRAIN)
    insert(package / "records/spec.py", "    added: int = 3\n", before="    every: int = 1\n")
    insert(package / "config/models.py", "    added: int = 3\n", before="    every: Count = 1\n")
    assert python(tmp_path, PLAN).splitlines() == [
        "0 of 2 runs to train here.",
        "0 of 2 runs to train here.",
        "2 of 2 runs to train here.",
    ]


def insert(path: Path, addition: str, before: str) -> None:
    """Put a field in front of another."""
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, addition + before))


def python(folder: Path, code: str) -> str:
    """Stdout of code that imports the copy in this folder."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, check=True, capture_output=True,
        text=True,
    ).stdout  # fmt: skip
