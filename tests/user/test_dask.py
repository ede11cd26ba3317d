"""``dropsweep run --dask``: a sweep on a cluster that somebody else has started."""

from __future__ import annotations

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.datasets.tiny import tiny_set, write_archive
from tests.unit.executors import jobs
from tests.unit.executors.clusters import local_cluster
from tests.user.survival import numbers, run_files
from tests.user.test_kept import nets
from tests.user.test_race import RACE
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.user.conftest import Dropsweep

OWN = """\
dataset: {path: own.tar.gz, train_size: 4, val_size: 5, test_size: 1}
model: {hidden_sizes: [8]}
dropout: {rates: [0, 0.5]}
training: {epochs: 1, batch_size: 2}
"""


@pytest.fixture(scope="module")
def cluster(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster whose nodes find their data as this machine does, in another folder."""
    here = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DROPSWEEP_DATA_DIR", str(data_dir))
        patch.chdir(tmp_path_factory.mktemp("node"))
        with local_cluster() as cluster:
            patch.chdir(here)
            yield cluster


def test_a_cluster_gives_the_same_bits(dropsweep: Dropsweep, config: Path, cluster: Any) -> None:
    """Run files are those of `-j 1`, stderr holds our lines alone, and the cluster goes on."""
    dropsweep("run", config, "-o", "here", "--no-plots")
    for folder in ("there", "again"):
        result = dropsweep(
            "run", config, "-o", folder, "--no-plots", "--dask", cluster.scheduler_address
        )
        assert result.returncode == 0, result.stderr
        _, sizes, done = result.stderr.splitlines()
        assert sizes == "2 runs to train."
        assert re.fullmatch(r"2 runs in \d+:\d\d", done)
        assert numbers(Path(folder)) == numbers(Path("here"))


def test_a_cluster_returns_nets_by_value(dropsweep: Dropsweep, config: Path, cluster: Any) -> None:
    """Only this machine writes, and it writes what it would have found itself."""
    keep = ("--no-plots", "--set", "results.keep_parameters=true")
    dropsweep("run", config, "-o", "here", *keep)
    result = dropsweep("run", config, "-o", "there", *keep, "--dask", cluster.scheduler_address)
    assert result.returncode == 0, result.stderr
    assert nets("there") == nets("here")
    assert len(nets("here")) == 2


def test_a_race_on_a_cluster(dropsweep: Dropsweep, cluster: Any) -> None:
    """It ends in the same answer as in one process, word for word."""
    Path("race.yaml").write_text(RACE)
    answers = []
    for options in (("-j", "1"), ("--dask", cluster.scheduler_address)):
        result = dropsweep("run", "race.yaml", "-o", "out", "--no-plots", *options)
        assert result.returncode == 0, result.stderr
        answers.append(result.stdout)
        Path("out").rename(f"out{len(answers)}")
    assert answers[0] == answers[1]
    assert "Use rate" in answers[0]


def test_a_killed_worker_costs_no_run(dropsweep: Dropsweep, config: Path, cluster: Any) -> None:
    """A node is lost in the middle of the sweep; all its runs are finished."""
    from distributed import Client

    address = cluster.scheduler_address
    with Client(address) as client:
        victim = client.submit(jobs.process_id).result()
    options = ("--no-plots", "-s", "seeds=8", "-s", "training.epochs=100", "--dask", address)
    with ThreadPoolExecutor() as user:
        sweep = user.submit(dropsweep, "run", config, *options)
        wait_for(lambda: sweep.done() or run_files(Path("results/small")))
        os.kill(victim, signal.SIGKILL)
    assert sweep.result().returncode == 0, sweep.result().stderr
    assert len(numbers(Path("results/small"))) == 16


def test_a_relative_path_is_made_absolute(dropsweep: Dropsweep, cluster: Any) -> None:
    """Workers start in another folder, and find the archive where the command was given."""
    write_archive(Path("own.tar.gz"), tiny_set(0).python)
    Path("own.yaml").write_text(OWN)
    result = dropsweep("run", "own.yaml", "--no-plots", "--dask", cluster.scheduler_address)
    assert result.returncode == 0, result.stderr
    assert f"workers look for the data at {Path('own.tar.gz').absolute()}" in result.stderr
    assert len(numbers(Path("results/own"))) == 2


def test_a_cluster_that_is_not_there_is_told(dropsweep: Dropsweep, config: Path) -> None:
    """In one message, after which the same command goes on elsewhere."""
    with local_cluster(workers=0) as cluster:
        address = cluster.scheduler_address
    result = dropsweep("run", config, "--no-plots", "--dask", address)
    assert result.returncode == 2
    assert f"--dask {address}: no scheduler answers" in result.stderr
    assert "dask scheduler" in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("results").exists()
    assert dropsweep("run", config, "--no-plots").returncode == 0
