"""The work on one spec: from a prepared data folder to the record of a trained net."""

from __future__ import annotations

import contextlib
import functools
import time
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets.cache import open_prepared
from dropsweep.records import ALGORITHM, SCHEMA, RunRecord, Trained
from dropsweep.training.activity import net_arrays
from dropsweep.training.images import split
from dropsweep.training.machine import describe_environment, one_blas_thread
from dropsweep.training.session import Streams, load, save
from dropsweep.training.solver import solve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dropsweep.datasets import Dataset
    from dropsweep.records import DatasetSpec, Point, RunSpec
    from dropsweep.training.images import Split
    from dropsweep.training.session import Session

CHECKPOINT_SECONDS = 30.0
"""A shorter run is not worth a checkpoint: it is quickly trained again."""


def train_locally(
    spec: RunSpec,
    report: Callable[[RunSpec, Point], None],
    *,
    prepared: Path,
    checkpoints: Path,
) -> Trained:
    """Train a spec in a process of this machine, with a checkpoint if it takes long."""
    return train(spec, report, data=prepared, checkpoint=checkpoints / f"{spec.run_id}.npz")


def train(
    spec: RunSpec,
    on_point: Callable[[RunSpec, Point], None],
    *,
    data: Path,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Trained:
    """Train the run a spec describes; its numbers depend on nothing else.

    BLAS is held to one thread: with two it adds in another order and gives other bits.

    Parameters
    ----------
    on_point
        Called with the spec and each point of the history as it is measured.
    data
        A prepared data folder, as `datasets.prepare` returns it.
    checkpoint
        A file to go on from if it is there, and to keep the run's state in, at most every
        ``checkpoint_seconds``; None for none.

    Raises
    ------
    RunsFailedError
        If the spec asks for another version of the algorithm than this one.
    """
    if spec.algorithm != ALGORITHM:
        raise errors.algorithm_differs(spec.algorithm, ALGORITHM)
    start = None if checkpoint is None else load(checkpoint)
    clock = _Clock(0.0 if start is None else start.rest.get("seconds", 0.0))
    drawn_by = spec.seed if spec.dataset.images == "drawn" else None
    images = _split(data, spec.dataset, spec.model.dtype, drawn_by)

    def keep(session: Session) -> None:
        if checkpoint is not None and clock.since_kept() >= checkpoint_seconds:
            state = session.checkpoint(clock.seconds())
            clock.kept()
            with contextlib.suppress(OSError):  # a full disk costs the checkpoint, not the run
                save(checkpoint, state)

    with one_blas_thread():
        streams, tell = Streams.of_seed(spec.seed), functools.partial(on_point, spec)
        outcome = solve(spec, images, streams, tell, on_epoch=keep, start=start)
        keeping = spec.results.keep_parameters
        state, best = outcome.state, outcome.best_epoch
        arrays = net_arrays(spec, images, state, best) if keeping else None
    dataset = _dataset(data)
    record = RunRecord(
        schema=SCHEMA,
        run_id=spec.run_id,
        spec=spec,
        status=outcome.status,
        history=outcome.history,
        best_epoch=outcome.best_epoch,
        best_val_accuracy=outcome.best_val_accuracy,
        test_accuracy=outcome.test_accuracy,
        monte_carlo=outcome.monte_carlo,
        seconds=round(clock.seconds(), 3),
        environment={
            **describe_environment(),
            "dataset_sha256": dataset.source_sha256,
            "train_images": dataset.pool(spec.dataset.test_size),
        },
        val_accuracy=outcome.val_accuracy,
    )
    return Trained(record, arrays)


@functools.lru_cache(maxsize=1)
def _dataset(data: Path) -> Dataset:
    """The data set, with the sums of its pixels once they are computed.

    A prepared folder never changes.
    """
    return open_prepared(data)


@functools.lru_cache(maxsize=1)
def _split(data: Path, spec: DatasetSpec, dtype: str, seed: int | None) -> Split:
    """The images of a run; those of the last one are kept for the next.

    ``seed`` is None where the images do not depend on it.
    """
    streams = Streams.of_seed(seed or 0)
    return split(_dataset(data), spec, dtype, streams.images)


class _Clock:
    """Seconds of work on a run, those before its checkpoint included."""

    def __init__(self, before: float) -> None:
        self._start = self._kept = time.perf_counter()
        self._before = before

    def seconds(self) -> float:
        return self._before + time.perf_counter() - self._start

    def since_kept(self) -> float:
        return time.perf_counter() - self._kept

    def kept(self) -> None:
        self._kept = time.perf_counter()
