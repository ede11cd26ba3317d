"""From a spec and a prepared folder to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_info

from dropsweep import datasets
from dropsweep.training import run
from tests.factories import make_spec

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic images."""
    return datasets.prepare(
        "synthetic",
        path=None,
        data_dir=tmp_path_factory.mktemp("data"),
        offline=True,
        on_note=lambda _: None,
        on_progress=lambda _done, _total: None,
    )


def test_blas_runs_one_thread(prepared: Path) -> None:
    """While a run trains, and only then: with two threads sums are added in another order."""
    threads: list[int] = []

    def count(_: object) -> None:
        threads.extend(
            library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
        )

    run(make_spec(0.5, epochs=1, hidden_sizes=(4,)), prepared, count)
    assert threads
    assert set(threads) == {1}


def test_a_record_says_where_its_numbers_come_from(prepared: Path) -> None:
    """Versions, BLAS and CPU are in it, and it survives its own consistency checks."""
    spec = make_spec(0.5, epochs=2, hidden_sizes=(4,))
    record = run(spec, prepared, lambda _: None)
    assert record.spec == spec
    assert record.run_id == spec.run_id
    assert record.history.epoch == spec.epochs_measured == (0, 1, 2)
    assert {"dropsweep", "python", "numpy", "blas", "cpu", "dataset_sha256"} <= set(
        record.environment
    )
    assert "openblas" in record.environment["blas"].lower() or record.environment["blas"]
