"""Kill anything at any time: the same command again trains exactly what is missing."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep.executors import Processes
from dropsweep.records import FailureRecord, RunRecord
from dropsweep.sweep import InOrder, execute
from tests.factories import make_spec
from tests.user import survival
from tests.user.survival import (
    RATES,
    SEEDS,
    Shell,
    age_temporaries,
    kill_group,
    numbers,
    run_files,
    strays,
)
from tests.waiting import LONG, wait_for

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="orphans are looked for in Linux's /proc"
)


def test_no_dropout_and_next_to_none_are_the_same(undisturbed: dict[str, str]) -> None:
    """A rate of 1e-9 drops no unit: its histories are those of rate 0, seed for seed."""
    histories: dict[tuple[float, int], str] = {}
    for text in undisturbed.values():
        run = json.loads(text)
        histories[run["spec"]["dropout"]["rate"], run["spec"]["seed"]] = run["history"]
    for seed in range(SEEDS):
        assert histories[0, seed] == histories[1e-9, seed]
        assert histories[0, seed] != histories[0.5, seed]


@pytest.mark.parametrize(
    "options",
    [["-j", "2"], ["-s", f"dropout.rates={RATES[::-1]}"]],
    ids=["two workers", "reversed rates"],
)
def test_how_a_sweep_is_run_changes_no_number(
    shell: Shell, undisturbed: dict[str, str], options: list[str]
) -> None:
    """The run files are the same but for the seconds and the environment."""
    result = shell.run("run", "sweep.yaml", "-o", "out", "--no-plots", *options)
    assert result.returncode == 0, result.stderr
    assert numbers(Path("out")) == undisturbed


def test_shards_merge_into_the_same_sweep(shell: Shell, undisturbed: dict[str, str]) -> None:
    """Two halves, each with runs of its own, are the whole."""
    for shard in "01":
        shell.run("run", "sweep.yaml", "-o", shard, "--shard", f"{shard}/2", "--no-plots")
    assert not numbers(Path("0")).keys() & numbers(Path("1")).keys()
    result = shell.run("merge", "0", "1", "-o", "out")
    assert result.returncode == 0, result.stderr
    assert numbers(Path("out")) == undisturbed


def test_a_sweep_killed_twenty_times(shell: Shell, undisturbed: dict[str, str]) -> None:
    """SIGKILL to everything at random moments: in the end every run is there, once, and right."""
    dice, out = random.Random(20), Path("out")  # noqa: S311 no secret
    for life in range(20):
        process = shell.start("run", "sweep.yaml", "-o", "out", "-j", str(1 + life % 2))
        goal = len(run_files(out)) + dice.randint(0, 4)
        moment = time.monotonic() + dice.choice([dice.uniform(0, 1), 3])
        while len(run_files(out)) < goal and time.monotonic() < moment and process.poll() is None:
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.1))
        kill_group(process)
        assert numbers(out).items() <= undisturbed.items()  # at any time, what is there is right
    age_temporaries(out)
    result = shell.run("run", "sweep.yaml", "-o", "out", "-j", "2")
    assert result.returncode == 0, result.stderr
    assert numbers(out) == undisturbed
    assert not strays(out)
    assert len(Path("out/summary.csv").read_text().splitlines()) == len(undisturbed) + 1
    assert not shell.processes()


def test_a_killed_parent_leaves_no_orphan(shell: Shell) -> None:
    """Workers on runs without end go when the process that started them is gone."""
    process = start_endless(shell)
    process.kill()
    wait_for(lambda: not shell.processes())
    process.communicate()


def start_endless(shell: Shell) -> subprocess.Popen[str]:
    """Three short runs, and then two workers that train on for hours."""
    process = shell.start("run", "endless.yaml", "-o", "out", "-j", "2")
    wait_for(lambda: len(run_files(Path("out"))) == 3 or process.poll() is not None)
    assert process.poll() is None, process.communicate()[1]
    assert len(shell.workers()) == 2
    return process


def test_a_killed_worker_costs_nothing(shell: Shell, undisturbed: dict[str, str]) -> None:
    """Its run is tried again in a new process, and the sweep is complete."""
    process = shell.start("run", "sweep.yaml", "-o", "out", "-j", "2", "--no-plots")
    wait_for(shell.workers)
    victim, *_ = shell.workers()
    wait_for(lambda: run_files(Path("out")))
    os.kill(victim, signal.SIGKILL)
    _, stderr = process.communicate(timeout=LONG)
    assert process.returncode == 0, stderr
    assert numbers(Path("out")) == undisturbed


def test_a_run_that_always_kills_its_worker(tmp_path: Path) -> None:
    """It is given up after two tries; all others are done."""
    specs = [make_spec(rate) for rate in (0.1, 0.2, survival.DEADLY_RATE, 0.4, 0.5)]
    work = partial(survival.deadly, log=tmp_path / "log")
    with Processes(2) as executor:
        outcomes = list(execute(InOrder(specs), executor, work, lambda *_: None))
    (failure,) = (each for each in outcomes if isinstance(each, FailureRecord))
    assert failure.spec == specs[2]
    assert (tmp_path / "log").read_text() == "xx"
    done = {each.run_id for each in outcomes if isinstance(each, RunRecord)}
    assert done == {spec.run_id for spec in specs} - {failure.run_id}


def test_two_sweeps_at_once_on_one_folder(shell: Shell, undisturbed: dict[str, str]) -> None:
    """They may do the same work; both end well, and every run file is right."""
    command = ["run", "sweep.yaml", "-o", "out"]
    both = [shell.start(*command), shell.start(*command, "-j", "2")]
    errors = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert numbers(Path("out")) == undisturbed
    assert not strays(Path("out"))


@pytest.mark.parametrize("to_group", [False, True], ids=["parent", "group"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_under_two_workers(
    shell: Shell, number: signal.Signals, code: int, times: int, to_group: bool
) -> None:
    """Finished runs are kept, nobody trains on; the first tells how, the second need not."""
    process = start_endless(shell)
    for _ in range(times):
        if process.poll() is None:
            (os.killpg if to_group else os.kill)(process.pid, number)
        time.sleep(0.02)
    _, stderr = process.communicate(timeout=LONG)
    # a second one may meet a process that has all but left: -number is 128 + number in a shell
    assert process.returncode in ({code} if times == 1 else {code, -number}), stderr
    assert "Traceback" not in stderr
    if times == 1:
        assert "To go on:" in stderr
        assert len(Path("out/summary.csv").read_text().splitlines()) == 3 + 1
    wait_for(lambda: not shell.processes())
    plan = shell.run("run", "endless.yaml", "-o", "out", "--dry-run")
    assert "3 of 6 runs to train here" in plan.stderr
