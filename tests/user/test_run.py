"""``dropsweep run``, as a user sees it."""

from __future__ import annotations

import csv
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.user.survival import run_files
from tests.waiting import wait_for

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep
    from tests.user.survival import Shell

FIGURES = ("accuracy", "final_accuracy")
"""Of a sweep without a grid that measures and keeps nothing more."""


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def test_a_sweep_leaves_the_results_folder(dropsweep: Dropsweep, config: Path) -> None:
    """Run files, tables, config and figures are there; the table and the path are on stdout."""
    result = dropsweep("run", config)
    assert result.returncode == 0, result.stderr
    folder = Path("results/small")
    assert result.stdout.splitlines()[-1] == str(folder)
    assert "0.50" in result.stdout
    assert "synthetic" in result.stdout
    assert "2 runs to train" in result.stderr
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    runs = {name for name in names if name.startswith("runs/")}
    assert names - runs == {
        "config.yaml", "summary.csv", "history.csv", "report.html",
        *(f"plots/{figure}.{kind}" for figure in FIGURES for kind in ("png", "svg")),
    }  # fmt: skip
    assert len(runs) == 2


def test_tables_have_the_contract_s_columns(dropsweep: Dropsweep, config: Path) -> None:
    """Scripts read summary.csv and history.csv by these names."""
    dropsweep("run", config, "--no-plots")
    with Path("results/small/summary.csv").open() as file:
        summary = list(csv.DictReader(file))
    assert list(summary[0]) == [
        "run_id", "rate", "seed", "status", "train_accuracy", "val_accuracy", "generalization_gap",
        "best_epoch", "best_val_accuracy", "test_accuracy", "seconds",
    ]  # fmt: skip
    with Path("results/small/history.csv").open() as file:
        history = list(csv.DictReader(file))
    assert list(history[0]) == [
        "run_id", "rate", "seed", "epoch", "train_loss", "train_accuracy", "val_accuracy",
    ]  # fmt: skip
    assert [row["epoch"] for row in history] == ["0", "1", "2"] * 2
    last = [row for row in history if row["epoch"] == "2"]
    assert [row["val_accuracy"] for row in last] == [row["val_accuracy"] for row in summary]
    gap = float(summary[0]["train_accuracy"]) - float(summary[0]["val_accuracy"])
    assert float(summary[0]["generalization_gap"]) == pytest.approx(gap)


def test_a_second_run_trains_nothing(dropsweep: Dropsweep, config: Path) -> None:
    """It says so, touches no file and prints the same table."""
    first = dropsweep("run", config)
    before = stamps()
    second = dropsweep("run", config)
    assert second.returncode == 0
    assert "nothing to train" in second.stderr
    assert second.stdout == first.stdout
    assert stamps() == before


def stamps() -> dict[str, int]:
    """The time at which each file of the results was last written."""
    return {
        str(path): path.stat().st_mtime_ns for path in Path("results").rglob("*") if path.is_file()
    }


def test_one_more_rate_trains_only_that_rate(dropsweep: Dropsweep, config: Path) -> None:
    """The finished runs' files stay as they are."""
    dropsweep("run", config, "--no-plots")
    before = set(Path("results/small/runs").iterdir())
    result = dropsweep("run", config, "--no-plots", "--set", "dropout.rates=[0.9, 0, 0.5]")
    assert "1 run to train, 2 finished before" in result.stderr
    new = set(Path("results/small/runs").iterdir()) - before
    assert [path.name.split("_")[0] for path in new] == ["rate-0.90"]


def test_other_epochs_are_never_mixed_in(dropsweep: Dropsweep, config: Path) -> None:
    """Runs of the old epochs stay on disk, are counted, and are in no mean."""
    dropsweep("run", config, "--no-plots")
    dropsweep("run", config, "--no-plots", "--set", "training.epochs=3")
    assert len(list(Path("results/small/runs").iterdir())) == 4
    shown = dropsweep("show", "results/small", "--format", "json")
    assert [row["runs"] for row in json.loads(shown.stdout)] == [1, 1]
    assert "2 runs that config.yaml does not plan" in shown.stderr
    everything = json.loads(dropsweep("show", "results/small", "--all", "--format", "json").stdout)
    settings = [(row["rate"], row["training.epochs"], row["runs"]) for row in everything]
    assert sorted(settings) == [(0.0, 2, 1), (0.0, 3, 1), (0.5, 2, 1), (0.5, 3, 1)]


@pytest.mark.parametrize("option", ["", "--no-plots"])
def test_no_outdated_figure_is_left(dropsweep: Dropsweep, config: Path, option: str) -> None:
    """Figures of an earlier config go, also when none are drawn in their place."""
    dropsweep("run", config)
    before = {path.name: path.read_bytes() for path in Path("results/small/plots").iterdir()}
    dropsweep("run", config, "-s", "training.epochs=3", *([option] if option else []))
    after = {path.name: path.read_bytes() for path in Path("results/small/plots").iterdir()}
    assert len(before) == 2 * len(FIGURES)
    assert len(after) == (0 if option else 2 * len(FIGURES))
    assert not set(before.values()) & set(after.values())


def test_a_config_from_stdin(dropsweep: Dropsweep, config: Path) -> None:
    """``-`` reads the config from stdin; -o says where results go."""
    result = dropsweep("run", "-", "-o", "here", "--no-plots", stdin=config.read_text())
    assert result.returncode == 0, result.stderr
    assert len(list(Path("here/runs").iterdir())) == 2


def test_quiet_prints_the_path_alone(dropsweep: Dropsweep, config: Path) -> None:
    """Nothing on stderr, one line on stdout."""
    result = dropsweep("run", config, "--quiet")
    assert result.stdout == "results/small\n"
    assert result.stderr == ""


def test_quiet_still_warns(dropsweep: Dropsweep, config: Path) -> None:
    """Progress alone is silenced: a diverged run and runs of other settings are told."""
    dropsweep("run", config, "-q", "--no-plots")
    result = dropsweep("run", config, "-q", "--no-plots", "-s", "training.learning_rate=1e30")
    assert "diverged" in result.stderr
    assert "2 runs that config.yaml does not plan" in result.stderr
    assert "to train" not in result.stderr


def test_a_tilde_in_an_option(dropsweep: Dropsweep, config: Path, tmp_path: Path) -> None:
    """``--output=~/x`` is below the home folder, though no shell expands it there."""
    result = dropsweep("run", config, "--output=~/x", "-q", environment={"HOME": str(tmp_path)})
    assert result.stdout == f"{tmp_path / 'x'}\n"


def test_the_resolved_config_runs_again(dropsweep: Dropsweep, config: Path) -> None:
    """The config in the results folder gives the same runs."""
    dropsweep("run", config, "--no-plots")
    result = dropsweep("run", "results/small/config.yaml", "--no-plots")
    assert "All 2 runs are finished" in result.stderr


def test_a_damaged_run_is_trained_again(dropsweep: Dropsweep, config: Path) -> None:
    """It is named, set aside, and the same bytes come out but for the seconds."""
    dropsweep("run", config, "--no-plots")
    path = min(Path("results/small/runs").iterdir())
    original = json.loads(path.read_text())
    path.write_text(path.read_text()[:100])
    result = dropsweep("run", config, "--no-plots")
    assert "set aside" in result.stderr
    assert path.with_suffix(".json.damaged").exists()
    again = json.loads(path.read_text())
    assert {**again, "seconds": 0} == {**original, "seconds": 0}


def test_a_diverged_run_is_a_result(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 0, one warning line, status in the tables."""
    result = dropsweep("run", config, "-s", "training.learning_rate=1e30")
    assert result.returncode == 0, result.stderr
    assert "diverged" in result.stderr
    assert "RuntimeWarning" not in result.stderr
    summary = Path("results/small/summary.csv").read_text()
    assert "diverged" in summary


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_keeps_finished_runs(
    shell: Shell, config: Path, number: int, code: int
) -> None:
    """The exit code tells the signal, the message the command to go on; nothing is lost."""
    shell.run("run", config, "--no-plots", "-o", "warm")  # the data set is there
    rates = [0, *(i / 1000 for i in range(1, 400))]
    process = shell.start("run", config, "-o", "out", "-s", f"dropout.rates={rates}")
    wait_for(lambda: run_files(Path("out")) or process.poll() is not None)
    assert process.poll() is None
    process.send_signal(number)
    _, stderr = process.communicate()
    assert process.returncode == code
    assert "To go on:" in stderr
    assert "dropsweep run" in stderr
    assert "Traceback" not in stderr
    kept = list(Path("out/runs").iterdir())
    assert kept
    assert all(json.loads(path.read_text())["status"] == "done" for path in kept)
    rows = Path("out/summary.csv").read_text().splitlines()
    assert len(rows) == len(kept) + 1
