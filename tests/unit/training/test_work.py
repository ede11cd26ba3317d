"""From a spec and a prepared folder to a record."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from dropsweep.errors import RunsFailedError
from dropsweep.records.spec import ALGORITHM
from dropsweep.training import train
from dropsweep.training.machine import one_blas_thread
from tests.factories import make_spec, varied

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import Point


def test_blas_runs_one_thread(prepared: Path) -> None:
    """While a run trains, and only then: with two threads sums are added in another order."""
    threads: list[int] = []

    def count(*_: object) -> None:
        threads.extend(
            library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
        )

    train(make_spec(0.5, epochs=1, hidden_sizes=(4,)), count, data=prepared)
    assert threads
    assert set(threads) == {1}


def test_runs_that_share_a_process_share_the_one_thread() -> None:
    """A run that ends while another is trained does not give BLAS its threads back."""
    before, seen = blas_threads(), []
    begun, ended = threading.Event(), threading.Event()

    def short() -> None:
        with one_blas_thread():
            begun.wait()
        ended.set()

    def long() -> None:
        with one_blas_thread():
            begun.set()
            ended.wait()
            seen.append(blas_threads())

    with threadpool_limits(2, user_api="blas"), ThreadPoolExecutor() as pool:
        for future in [pool.submit(short), pool.submit(long)]:
            future.result()
        assert seen == [{1}]
        assert blas_threads() == {2}
    assert blas_threads() == before


def blas_threads() -> set[int]:
    """Of the BLAS libraries in this process."""
    return {
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    }


def test_a_spec_of_another_algorithm_is_refused(prepared: Path) -> None:
    """Its numbers would be stored as others; the error has both versions."""
    spec = replace(make_spec(epochs=1), algorithm=ALGORITHM + 1)
    with pytest.raises(RunsFailedError, match=rf"version {ALGORITHM + 1} .* version {ALGORITHM}\."):
        train(spec, lambda *_: None, data=prepared)


def test_a_record_says_where_its_numbers_come_from(prepared: Path) -> None:
    """Versions, BLAS and CPU are in it, and it survives its own consistency checks."""
    spec = make_spec(0.5, epochs=2, hidden_sizes=(4,))
    record = train(spec, lambda *_: None, data=prepared).record
    assert record.spec == spec
    assert record.run_id == spec.run_id
    assert record.history.epoch == spec.epochs_measured == (0, 1, 2)
    assert {"dropsweep", "python", "numpy", "blas", "cpu", "dataset_sha256"} <= set(
        record.environment
    )
    assert "openblas" in record.environment["blas"].lower() or record.environment["blas"]


def test_a_run_does_not_depend_on_the_one_before(prepared: Path) -> None:
    """A worker has the last run's images at hand, and takes them for an equal split alone."""
    first = make_spec(0.5, epochs=1, hidden_sizes=(4,))
    other = varied(first, {"dataset.val_size": 500, "dataset.preprocessing": "none"})
    precise = varied(first, {"model.dtype": "float64"})
    before = [train(spec, lambda *_: None, data=prepared) for spec in (first, other, precise)]
    again = [train(spec, lambda *_: None, data=prepared) for spec in (precise, first, first, other)]
    numbers = [trained.record.history for trained in again]
    assert numbers == [before[at].record.history for at in (2, 0, 0, 1)]
    assert len({tuple(each.train_loss) for each in numbers}) == 3


def test_a_run_that_was_left_goes_on_and_gives_the_same_bits(
    prepared: Path, tmp_path: Path
) -> None:
    """Its checkpoint is written at epoch ends, and its time is counted from the beginning."""
    spec, file = make_spec(0.5, epochs=4, hidden_sizes=(4,)), tmp_path / "deep" / "state.npz"
    whole = train(spec, lambda *_: None, data=prepared).record

    def leave(_: object, point: Point) -> None:
        if point.epoch == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train(spec, leave, data=prepared, checkpoint=file, checkpoint_seconds=0)
    told: list[int] = []
    resumed = train(spec, lambda _, point: told.append(point.epoch), data=prepared, checkpoint=file)
    assert told == [3, 4]
    assert replace(resumed.record, seconds=0) == replace(whole, seconds=0)


def test_a_short_run_writes_no_checkpoint(prepared: Path, tmp_path: Path) -> None:
    """Half a minute is not worth a file."""
    spec = make_spec(0.5, epochs=2, hidden_sizes=(4,))
    train(spec, lambda *_: None, data=prepared, checkpoint=tmp_path / "state.npz")
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_that_cannot_be_written_costs_nothing(prepared: Path, tmp_path: Path) -> None:
    """The run goes on without it."""
    (tmp_path / "file").touch()
    spec = make_spec(0.5, epochs=2, hidden_sizes=(4,))
    record = train(
        spec,
        lambda *_: None,
        data=prepared,
        checkpoint=tmp_path / "file" / "state.npz",
        checkpoint_seconds=0,
    ).record
    assert record.status == "done"
