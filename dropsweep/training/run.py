"""A spec and a prepared data folder in, a record out: the function that workers call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from dropsweep.datasets import open_prepared
from dropsweep.records import SCHEMA, RunRecord
from dropsweep.training.environment import environment
from dropsweep.training.solver import solve
from dropsweep.training.split import split
from dropsweep.training.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dropsweep.records import Point, RunSpec


def run(spec: RunSpec, data: Path, on_point: Callable[[Point], None]) -> RunRecord:
    """Train the run a spec describes; its numbers depend on nothing else.

    BLAS is held to one thread: with two it adds in another order and gives other bits.

    Parameters
    ----------
    data
        A prepared data folder, as `datasets.prepare` returns it.
    on_point
        Told each point of the history as it is measured.
    """
    start = time.perf_counter()
    dataset = open_prepared(data)
    with threadpool_limits(limits=1, user_api="blas"):
        images = split(dataset, spec.dataset, spec.model.dtype)
        outcome = solve(spec, images, Streams.of_seed(spec.seed), on_point)
    return RunRecord(
        schema=SCHEMA,
        run_id=spec.run_id,
        spec=spec,
        status=outcome.status,
        history=outcome.history,
        best_epoch=outcome.best_epoch,
        best_val_accuracy=outcome.best_val_accuracy,
        test_accuracy=outcome.test_accuracy,
        monte_carlo=outcome.monte_carlo,
        seconds=round(time.perf_counter() - start, 3),
        environment=environment() | {"dataset_sha256": dataset.source_sha256},
    )
