"""The work on one spec for a process of this machine, which imports no more than a run takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.training.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dropsweep.records import Point, RunSpec, Trained


def train_locally(
    spec: RunSpec,
    report: Callable[[RunSpec, Point], None],
    *,
    prepared: Path,
    checkpoints: Path,
) -> Trained:
    """Train it: the data are prepared, and a long run keeps its state among the checkpoints."""
    return run(spec, report, data=prepared, checkpoint=checkpoints / f"{spec.run_id}.npz")
