"""The environment that a run's record names."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dropsweep.training import machine

if TYPE_CHECKING:
    from pathlib import Path

AVX512 = "fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl"


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


@pytest.mark.parametrize(
    ("blas", "flags", "told", "unused"),
    [
        ("openblas 0.3.31 Haswell", AVX512, None, True),
        ("openblas 0.3.31 Zen", AVX512, None, True),
        ("openblas 0.3.31 SkylakeX", AVX512, None, False),
        ("openblas 0.3.31 Haswell", "fpu avx2", None, False),
        ("openblas 0.3.31 Haswell", AVX512, "Haswell", False),
        ("accelerate", AVX512, None, False),
    ],
)
def test_a_cpu_that_openblas_does_not_know_is_noticed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    blas: str,
    flags: str,
    told: str | None,
    unused: bool,
) -> None:
    """Only where it has AVX-512, OpenBLAS leaves it idle, and nobody has asked for that."""
    info = tmp_path / "cpuinfo"
    info.write_text(f"processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: {flags}\n")
    monkeypatch.setattr(machine, "_CPU_INFO", info)
    monkeypatch.setattr(machine, "_blas", lambda: blas)
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if told:
        monkeypatch.setenv("OPENBLAS_CORETYPE", told)
    assert machine.has_unused_avx512() == unused
