"""How many CPUs there are to use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dropsweep.executors import base

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("max 100000", None), ("150000 100000", 2), ("50000 100000", 1), ("", None), ("x y", None)],
)
def test_control_group(tmp_path: Path, text: str, cpus: int | None) -> None:
    """A quota counts as whole CPUs, rounded up; no quota is no limit."""
    (tmp_path / "cpu.max").write_text(text)
    assert base._cgroup_quota(tmp_path / "cpu.max") == cpus
    assert base._cgroup_quota(tmp_path / "absent") is None


def test_the_smallest_limit_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slurm's allocation is respected, and never exceeds what the machine has."""
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    here = base.available_cpus()
    assert 1 <= here <= (os.cpu_count() or 1)
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "1")
    assert base.available_cpus() == 1
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "100000")
    assert base.available_cpus() == here
