"""The architecture: imports point down."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_point_down() -> None:
    """Every module has a layer, and no import points up (the table is in pyproject.toml)."""
    linter = Path(sysconfig.get_path("scripts")) / "lint-imports"
    result = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
