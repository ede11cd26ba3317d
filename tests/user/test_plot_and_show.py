"""``dropsweep plot`` and ``dropsweep show``."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factories import RATES, make_folder, make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def write_sweep(folder: str, seeds: int = 1) -> None:
    """A results folder of finished runs, as ``merge``d by hand: only run files."""
    make_folder(folder, make_sweep(seeds=seeds))


def test_two_sweeps_below_a_folder_are_drawn_again(dropsweep: Dropsweep, config: Path) -> None:
    """Deleted figures of every sweep come back, and their paths are printed."""
    for name in ("a", "b"):
        assert dropsweep("run", config, "-o", f"results/{name}").returncode == 0
        shutil.rmtree(f"results/{name}/plots")
    result = dropsweep("plot", "results/")
    assert result.returncode == 0
    printed = [Path(line) for line in result.stdout.splitlines()]
    assert len(printed) == 8
    assert {path.parent for path in printed} == {Path("results/a/plots"), Path("results/b/plots")}
    assert all(path.stat().st_size > 1000 for path in printed)


def test_plotting_again_rewrites_nothing(dropsweep: Dropsweep) -> None:
    """Figures that are up to date keep their bytes and times."""
    write_sweep("out")
    dropsweep("plot", "out")
    before = {path: path.stat().st_mtime_ns for path in Path("out/plots").iterdir()}
    assert len(before) == 4
    dropsweep("plot", "out")
    assert {path: path.stat().st_mtime_ns for path in Path("out/plots").iterdir()} == before


@pytest.mark.parametrize("table_format", ["table", "csv", "json", "markdown", "latex"])
def test_every_format_has_a_row_a_rate(dropsweep: Dropsweep, table_format: str) -> None:
    """All rates are in the table, whatever its format."""
    write_sweep("out", seeds=3)
    result = dropsweep("show", "out", "--format", table_format)
    assert result.returncode == 0
    if table_format == "json":
        found = [row["rate"] for row in json.loads(result.stdout)]
    elif table_format == "csv":
        found = [float(row["rate"]) for row in csv.DictReader(io.StringIO(result.stdout))]
    else:
        rows = result.stdout.split("\n\n")[0].splitlines()
        cells = [re.split(r"[ {}]+", row.removeprefix("\\textbf").strip("| {"))[0] for row in rows]
        found = [float(cell) for cell in cells if re.fullmatch(r"0\.\d\d", cell)]
    assert found == list(RATES)


def test_the_table_says_what_was_chosen_and_how_sure_that_is(dropsweep: Dropsweep) -> None:
    """The sentences under the table of ``run`` stand under that of ``show`` too."""
    write_sweep("out")
    assert "Next" not in dropsweep("show", "out").stdout  # there is no config to run again
    Path("out/config.yaml").write_text("dropout: {rates: [0]}\n")
    shown = dropsweep("show", "out", "--all").stdout
    assert "Answer  Not settled: 1 seed cannot show any difference" in shown
    assert "highest validation accuracy" in shown
    command = "dropsweep run out/config.yaml -o out -s seeds=auto"
    assert command in shown


def test_a_row_a_run(dropsweep: Dropsweep) -> None:
    """``--runs`` shows what summary.csv holds, with all digits in csv."""
    write_sweep("out", seeds=2)
    rows = list(
        csv.DictReader(io.StringIO(dropsweep("show", "out", "--runs", "--format", "csv").stdout))
    )
    expected = {record.run_id: record for record in make_sweep(seeds=2)}
    assert len(rows) == 14
    for row in rows:
        record = expected[row["run_id"]]
        assert float(row["val_accuracy"]) == record.history.val_accuracy[-1]


def test_a_damaged_run_is_left_out_and_told(dropsweep: Dropsweep) -> None:
    """Reading commands change nothing: the file stays, the others are shown."""
    write_sweep("out")
    path = min(Path("out/runs").iterdir())
    path.write_text("{")
    result = dropsweep("show", "out", "--format", "json")
    assert result.returncode == 0
    assert path.stem in result.stderr
    assert len(json.loads(result.stdout)) == 6
    assert path.read_text() == "{"


def test_a_missing_config_is_told(dropsweep: Dropsweep) -> None:
    """Without a plan all runs are shown, and the reader knows it."""
    write_sweep("out")
    assert "config.yaml is missing: all runs are shown" in dropsweep("show", "out").stderr


def test_one_missing_run_is_one_run(dropsweep: Dropsweep, config: Path) -> None:
    """The note counts in the singular too."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    min(Path("out/runs").iterdir()).unlink()
    assert "1 planned run is missing" in dropsweep("show", "out").stderr


def test_nothing_to_draw_is_told(dropsweep: Dropsweep, config: Path) -> None:
    """No figure and no word would look like a failure."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    runs = Path("out", "runs")
    for path in runs.iterdir():
        path.unlink()
    assert "out: nothing to draw: no finished runs" in dropsweep("plot", "out").stderr
    Path("out", "config.yaml").unlink()
    make_folder("out", [make_record(make_spec(seed=seed), points=0) for seed in (0, 1)])
    assert "out: nothing to draw: all 2 runs diverged" in dropsweep("plot", "out").stderr


@pytest.mark.parametrize("table_format", ["table", "csv", "json", "markdown", "latex"])
@pytest.mark.parametrize("runs", [[], ["--runs"]])
def test_the_data_are_named_everywhere(
    dropsweep: Dropsweep, table_format: str, runs: list[str]
) -> None:
    """Under what people read; beside what programs read, which stays theirs."""
    write_sweep("out")
    result = dropsweep("show", "out", "--format", table_format, *runs)
    told = result.stdout if table_format in ("table", "markdown") else result.stderr
    assert "Data: CIFAR-10; 500 training and 1,000 validation images." in told


def test_show_above_the_sweeps_names_them(dropsweep: Dropsweep) -> None:
    """Exit 5, with the folders that could be meant."""
    for name in ("a", "b"):
        write_sweep(f"results/{name}")
    result = dropsweep("show", "results")
    assert result.returncode == 5
    assert "below it are results/a, results/b.\nName one" in result.stderr


def test_a_newer_run_file(dropsweep: Dropsweep) -> None:
    """Exit 5, and what to do."""
    write_sweep("out")
    path = min(Path("out/runs").iterdir())
    path.write_text(path.read_text().replace('"schema": 2', '"schema": 99'))
    result = dropsweep("show", "out")
    assert result.returncode == 5
    assert "newer dropsweep" in result.stderr
