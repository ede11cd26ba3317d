"""``seeds: auto``: seeds are added until the answer is sure."""

from __future__ import annotations

import csv
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from dropsweep import training
from dropsweep.collection import collect
from dropsweep.report.page import PageSource
from dropsweep.results import ResultsFolder
from tests.user.survival import age_temporaries, kill_group, numbers, run_files, strays
from tests.waiting import LONG, wait_for

if TYPE_CHECKING:
    from dropsweep.records import RunSpec
    from tests.user.conftest import Dropsweep
    from tests.user.survival import Shell

RACE = """\
dataset: {name: synthetic, train_size: 100, val_size: 1000, test_size: 50}
model: {hidden_sizes: [8]}
dropout: {rates: [0, 0.5, 0.9, 0.99]}
training: {epochs: 3, batch_size: 20, learning_rate: 1.0e-3}
evaluation: {every: 3}
seeds: auto
"""
"""Settled after the least number of seeds, 8."""

LONGER = RACE.replace("epochs: 3", "epochs: 100").replace("every: 3", "every: 100")
"""A race that is not over before a signal reaches it."""

PLAN = (
    "Seeds are added until no rate is better than the answer by 0.01 or more: at least 8 seeds, "
    "at most 100.\n"
)


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """The program in this process, with the race's config in the current folder."""
    Path("race.yaml").write_text(RACE)
    return quick


def run(dropsweep: Dropsweep, folder: str, *options: str, code: int = 0) -> str:
    """Run the race into a folder; returns stderr."""
    result = dropsweep("run", "race.yaml", "-o", folder, "--no-plots", *options)
    assert result.returncode == code, result.stderr
    return result.stderr


def answer(dropsweep: Dropsweep, folder: str) -> str:
    """The table and the answer, without the folder's name."""
    result = dropsweep("show", folder)
    assert result.returncode == 0, result.stderr
    return result.stdout.replace(f"show {folder} ", "show FOLDER ")


def rows(path: str) -> set[tuple[str, str]]:
    """Rate and seed of each row of a table."""
    with Path(path).open(newline="") as lines:
        return {(row["rate"], row["seed"]) for row in csv.DictReader(lines)}


def test_a_race_from_nothing_to_its_answer(dropsweep: Dropsweep) -> None:
    """It says what it will do, who leaves and the answer; two workers find the same one."""
    stderr = run(dropsweep, "one", "-j", "1")
    assert stderr.startswith(PLAN + "32 runs to train.\n")
    leaves = "seed 7: rate 0.99 leaves: another rate does at least as well (1 left)\n"
    assert leaves in stderr
    found = answer(dropsweep, "one")
    assert "Use rate 0.00: no rate of the list is better by 0.01 or more" in found
    assert len(run_files(Path("one"))) == 32
    run(dropsweep, "two", "-j", "2")
    assert answer(dropsweep, "two") == found
    assert numbers(Path("one")).items() <= numbers(Path("two")).items()


def test_a_settled_race_has_nothing_to_train(dropsweep: Dropsweep) -> None:
    """The same command again says so, and so does its plan."""
    run(dropsweep, "out", "-j", "1")
    assert run(dropsweep, "out") == "All 32 runs are finished: nothing to train.\n"
    result = dropsweep("run", "race.yaml", "-o", "out", "--dry-run")
    assert result.stderr == "Every race has ended: nothing to train.\n" + PLAN


def test_a_plan_says_what_is_next_and_the_most_it_takes(dropsweep: Dropsweep) -> None:
    """The runs that no race ends without are listed; nothing is trained."""
    result = dropsweep("run", "race.yaml", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 1 + 32
    assert result.stderr == "32 runs to train first, 400 at most.\n" + PLAN
    run(dropsweep, "out", "-s", "seeds=3", "-j", "1")
    result = dropsweep("run", "race.yaml", "-o", "out", "--dry-run")
    assert result.stdout.count(" done") == 12
    assert result.stderr.startswith("20 runs to train first, 388 at most.\n")


def test_a_race_and_a_fixed_number_share_their_runs(dropsweep: Dropsweep) -> None:
    """Finished runs count, later seeds stay out of the answer, and nothing is trained again."""
    run(dropsweep, "race", "-j", "1")
    run(dropsweep, "fixed", "-s", "seeds=10", "-j", "1")
    trained = {path: path.stat().st_mtime_ns for path in run_files(Path("fixed"))}
    stderr = run(dropsweep, "fixed", "-s", "seeds=auto")
    assert stderr == "All 40 runs are finished: nothing to train.\n"
    assert answer(dropsweep, "fixed") == answer(dropsweep, "race")
    note = "8 runs of later seeds are not part of the answer\n"
    for options, said in (((), ""), (("--runs",), note), (("--all",), note)):
        assert dropsweep("show", "fixed", *options).stderr == said
    for table in ("summary.csv", "history.csv"):
        assert rows(f"fixed/{table}") == rows(f"race/{table}")
        assert len(rows(f"fixed/{table}")) == 32
    run(dropsweep, "fixed", "-s", "seeds=8")
    assert {path: path.stat().st_mtime_ns for path in run_files(Path("fixed"))} == trained
    run(dropsweep, "eight", "-s", "seeds=8", "-j", "1")
    assert answer(dropsweep, "fixed") == answer(dropsweep, "eight")
    assert len(rows("fixed/summary.csv")) == 32


def test_figures_and_report_are_about_the_answer(dropsweep: Dropsweep) -> None:
    """A run of a later seed is in no table and changes no figure; the report does not list it."""
    found = []
    for folder, options in (("race", ()), ("more", ("-s", "seeds=9"))):
        run(dropsweep, folder, *options, "-j", "1")
        run(dropsweep, folder)
        assert dropsweep("plot", folder, "--figure", "final_accuracy").returncode == 0
        runs = dropsweep("show", folder, "--runs", "--format", "csv").stdout
        made = ResultsFolder(Path(folder))
        page = PageSource.of(made, collect(made), Path(folder, "report.html"))
        figure = Path(folder, "plots/final_accuracy.png").read_bytes()
        found.append((figure, {line.split(",")[0] for line in runs.splitlines()}))
        assert len(page.records) == 32
    assert len(run_files(Path("more"))) == 36
    assert found[0] == found[1]


def test_a_failed_run_stops_the_race_before_its_seed(
    dropsweep: Dropsweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never skipped; the same command tries it again, and ends in the same answer."""
    run(dropsweep, "whole", "-j", "1")
    real = training.train_locally

    def fails(spec: RunSpec, *rest: Any, **options: Any) -> Any:
        return broken() if (spec.rate, spec.seed) == (0.5, 2) else real(spec, *rest, **options)

    def broken() -> NoReturn:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(training, "train_locally", fails)
        run(dropsweep, "out", "-j", "1", code=4)
    result = dropsweep("show", "out")
    assert "Not settled after 2 seeds: seed 2 of rate 0.50 failed." in " ".join(
        result.stdout.split()
    )
    assert "1 planned run has failed, for the reasons in failed/" in result.stderr
    run(dropsweep, "out", "-j", "1")
    assert answer(dropsweep, "out") == answer(dropsweep, "whole")
    assert not strays(Path("out"))


def test_a_race_that_needs_no_more_is_not_missing_runs(dropsweep: Dropsweep) -> None:
    """Of the 400 runs that it may ask for, the ones of its next seed are missing; then none."""
    run(dropsweep, "out", "-s", "seeds=3", "-j", "1")
    run(dropsweep, "done", "-j", "1")
    Path("out/config.yaml").write_bytes(Path("done/config.yaml").read_bytes())
    assert collect(ResultsFolder(Path("out"))).missing == 4
    assert collect(ResultsFolder(Path("done"))).missing == 0
    assert "missing" not in dropsweep("show", "done").stderr


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Linux's list of processes")
def test_a_race_killed_five_times(shell: Shell, quick: Dropsweep) -> None:
    """By SIGKILL, on two workers: the answer is that of one process that nobody killed."""
    Path("race.yaml").write_text(LONGER)
    for kills in range(5):
        process = shell.start("run", "race.yaml", "-o", "out", "-j", "2", "--no-plots")
        before = len(run_files(Path("out")))
        wait_for(lambda: len(run_files(Path("out"))) > before + 2)  # noqa: B023 called at once
        assert process.poll() is None, kills
        kill_group(process)
    age_temporaries(Path("out"))
    run(quick, "out", "-j", "2")
    run(quick, "whole", "-j", "1")
    assert answer(quick, "out") == answer(quick, "whole")
    assert not strays(Path("out"))


def test_an_interrupt_keeps_what_is_finished(shell: Shell, quick: Dropsweep) -> None:
    """Exit 130, and the same command goes on."""
    Path("race.yaml").write_text(LONGER)
    process = shell.start("run", "race.yaml", "-o", "out", "-j", "2", "--no-plots")
    wait_for(lambda: len(run_files(Path("out"))) > 4)
    os.kill(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=LONG)
    assert process.returncode == 130, stderr
    assert "To go on:" in stderr
    kept = numbers(Path("out"))
    run(quick, "out", "-j", "1")
    assert kept.items() <= numbers(Path("out")).items()
    assert "Use rate 0.00" in answer(quick, "out")
