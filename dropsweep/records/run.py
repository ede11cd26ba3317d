"""The record of a run: its history and results, or its error."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from dropsweep.records.spec import RunSpec  # noqa: TC001 read when a run file is checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NetArrays: TypeAlias = "Mapping[str, NDArray[Any]]"
"""Arrays of a trained net by name."""

SCHEMA = 2
"""Version of the run file's shape; a reader refuses files of a newer one.

A field added to a record or a spec raises it, so that an older dropsweep knows what it does not
know. 2: ``val_accuracy``.
"""


@dataclass(frozen=True)
class History:
    """The points of a run; all four lists have one entry per point."""

    epoch: tuple[int, ...] = ()
    """0 is measured after the first iteration."""
    train_loss: tuple[float, ...] = ()
    """Mean training-mode loss of the batches since the point before, nats."""
    train_accuracy: tuple[float, ...] = ()
    """Fraction right, dropout off, of the first at most 1000 training images."""
    val_accuracy: tuple[float, ...] = ()
    """Fraction right, dropout off, of the validation images that a point uses."""

    def __len__(self) -> int:
        return len(self.epoch)

    def with_point(self, point: Point) -> History:
        """The history with one more point at its end."""
        return History(
            (*self.epoch, point.epoch),
            (*self.train_loss, point.train_loss),
            (*self.train_accuracy, point.train_accuracy),
            (*self.val_accuracy, point.val_accuracy),
        )


@dataclass(frozen=True)
class Point:
    """One entry of a `History`."""

    epoch: int
    train_loss: float
    train_accuracy: float
    val_accuracy: float


@dataclass(frozen=True)
class MonteCarlo:
    """Validation accuracy of averaged masked passes; both lists have one entry per count."""

    samples: tuple[int, ...] = ()
    """Masked passes whose class probabilities are averaged."""
    val_accuracy: tuple[float, ...] = ()
    """Fraction right of all validation images; weight scaling has ``best_val_accuracy``."""


@dataclass(frozen=True)
class RunRecord:
    """One finished run: the content of its file."""

    schema: int
    run_id: str
    spec: RunSpec
    status: Literal["done", "diverged"]
    """``diverged``: the loss stopped being a finite number, and the history ends before."""
    history: History
    best_epoch: int | None
    """The first epoch with the highest validation accuracy; None if no point was reached."""
    best_val_accuracy: float | None
    test_accuracy: float | None
    """With the parameters of ``best_epoch``; None without test images or without a point."""
    monte_carlo: MonteCarlo
    """With the parameters of ``best_epoch``; empty unless the spec asks for it."""
    seconds: float
    """Wall time of the run."""
    environment: dict[str, Any]
    """Versions, BLAS, CPU and the data file's SHA-256: where the numbers came from."""
    val_accuracy: float | None = None
    """Of all validation images after the last epoch; None if the run diverged."""

    def to_json(self) -> bytes:
        """The run file's bytes."""
        return (json.dumps(asdict(self), indent=1, allow_nan=False) + "\n").encode()


@dataclass(frozen=True)
class Trained:
    """The result of a worker: the record, and the arrays to keep beside it."""

    record: RunRecord
    kept: NetArrays | None = None
    """None unless the spec asks for it, or if no point was reached."""


@dataclass(frozen=True)
class FailureRecord:
    """A run that ended in an error: the content of its file in ``failed/``."""

    run_id: str
    spec: RunSpec
    error: str
    """Type and message."""
    traceback: str
    """As Python prints it; that of a killed process is the parent's."""
    host: str

    def to_json(self) -> bytes:
        """The file's bytes."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()
