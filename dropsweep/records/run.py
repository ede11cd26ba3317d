"""The record of a run: its history and results, or its error."""

from __future__ import annotations

import itertools
import json
from array import array
from collections.abc import Sequence  # noqa: TC003 read when a run file is checked
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

A field or a choice added to a record or a spec raises it, so that an older dropsweep says
"newer", not "damaged". 2: ``val_accuracy``.
"""


@dataclass(frozen=True)
class History:
    """The points of a run; all four columns have one entry per point.

    Numbers are kept in arrays of 8 bytes each, for a sweep may have millions of points.
    """

    epoch: tuple[int, ...] = ()
    """0 is measured after the first iteration."""
    train_loss: Sequence[float] = ()
    """Mean training-mode loss of the batches since the point before, nats."""
    train_accuracy: Sequence[float] = ()
    """Fraction right, dropout off, of the first at most 1000 training images."""
    val_accuracy: Sequence[float] = ()
    """Fraction right, dropout off, of the validation images that a point uses."""

    def __post_init__(self) -> None:
        """Turn lists and tuples into arrays."""
        for name in ("train_loss", "train_accuracy", "val_accuracy"):
            object.__setattr__(self, name, array("d", getattr(self, name)))

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
        return (json.dumps(asdict(self), indent=1, allow_nan=False, default=list) + "\n").encode()

    def fingerprint(self) -> bytes:
        """Bytes that differ if two records differ in more than test accuracy, time and machine."""
        points, samples = self.history, self.monte_carlo
        facts = (
            self.run_id,  # stands for the spec, but for the name of the user's data
            self.spec.dataset.content.title,
            self.status,
            self.best_val_accuracy,
            self.val_accuracy,
            len(points),
        )
        lists = (points.train_loss, points.train_accuracy, points.val_accuracy)
        numbers = array("d", itertools.chain(*lists, samples.val_accuracy))
        return repr(facts).encode() + numbers.tobytes()


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
