"""The environment that a run's record names."""

from __future__ import annotations

import subprocess
import sys


def test_the_blas_is_numpys_whatever_else_is_imported() -> None:
    """A process that loaded SciPy, with a BLAS of its own, records the same environment."""
    code = "from dropsweep.training import machine; print(machine.describe_environment())"
    plain, with_scipy = (
        subprocess.run(
            [sys.executable, "-c", before + code], capture_output=True, text=True, check=True
        ).stdout
        for before in ("", "import scipy.linalg; ")
    )
    assert "blas" in plain
    assert with_scipy == plain
