"""A spec and a prepared data folder in, a trained net's record out: what workers call."""

from __future__ import annotations

import contextlib
import functools
import time
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from dropsweep.datasets.cache import open_prepared
from dropsweep.records import SCHEMA, RunRecord, Trained
from dropsweep.training.checkpoint import load, save
from dropsweep.training.environment import environment
from dropsweep.training.kept import kept
from dropsweep.training.solver import solve
from dropsweep.training.split import split
from dropsweep.training.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dropsweep.records import DatasetSpec, Point, RunSpec
    from dropsweep.training.session import Session
    from dropsweep.training.split import Split

CHECKPOINT_SECONDS = 30.0
"""A shorter run is not worth a checkpoint: it is quickly trained again."""


def run(
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
        Told the spec with each point of the history as it is measured.
    data
        A prepared data folder, as `datasets.prepare` returns it.
    checkpoint
        A file to go on from if it is there, and to keep the run's state in, at most every
        ``checkpoint_seconds``; None for none.
    """
    start = None if checkpoint is None else load(checkpoint)
    clock = _Clock(0.0 if start is None else start.rest.get("seconds", 0.0))
    images, dataset_sha256 = _images(data, spec.dataset, spec.model.dtype)

    def keep(session: Session) -> None:
        if checkpoint is not None and clock.since_kept() >= checkpoint_seconds:
            state = session.checkpoint()
            clock.kept()
            with contextlib.suppress(OSError):  # a full disk costs the checkpoint, not the run
                save(checkpoint, state.with_seconds(clock.seconds()))

    with threadpool_limits(limits=1, user_api="blas"):
        streams, tell = Streams.of_seed(spec.seed), functools.partial(on_point, spec)
        outcome = solve(spec, images, streams, tell, on_epoch=keep, start=start)
        arrays = kept(spec, images, outcome.state) if spec.results.keep_parameters else None
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
        environment=environment() | {"dataset_sha256": dataset_sha256},
        val_accuracy=outcome.history.val_accuracy[-1] if outcome.status == "done" else None,
    )
    return Trained(record, arrays)


@functools.lru_cache(maxsize=1)
def _images(data: Path, spec: DatasetSpec, dtype: str) -> tuple[Split, str | None]:
    """The images of a run, with the hash of their source; the last ones are at hand for the next.

    A prepared folder never changes. The mean image reads all of it: 0.05 s on 50,000 images.
    """
    dataset = open_prepared(data)
    return split(dataset, spec, dtype), dataset.source_sha256


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
