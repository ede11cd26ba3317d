"""The values that cross a process or a disk: what a run is to do, and what it did."""

from __future__ import annotations

from dropsweep.records.decision import FIXED, Decision
from dropsweep.records.run import (
    SCHEMA,
    FailureRecord,
    History,
    MonteCarlo,
    NetArrays,
    Point,
    RunRecord,
    Trained,
)
from dropsweep.records.spec import (
    ALGORITHM,
    CIFAR10_IDENTITY,
    IDENTITIES,
    SYNTHETIC_IDENTITY,
    DatasetSpec,
    DropoutSpec,
    EvaluationSpec,
    ModelSpec,
    ResultsSpec,
    RunSpec,
    TrainingSpec,
    flatten,
    format_rate,
    iterations_per_epoch,
    varying_keys,
)

__all__ = [
    "ALGORITHM",
    "CIFAR10_IDENTITY",
    "FIXED",
    "IDENTITIES",
    "SCHEMA",
    "SYNTHETIC_IDENTITY",
    "DatasetSpec",
    "Decision",
    "DropoutSpec",
    "EvaluationSpec",
    "FailureRecord",
    "History",
    "ModelSpec",
    "MonteCarlo",
    "NetArrays",
    "Point",
    "ResultsSpec",
    "RunRecord",
    "RunSpec",
    "Trained",
    "TrainingSpec",
    "flatten",
    "format_rate",
    "iterations_per_epoch",
    "varying_keys",
]
