"""Plans, parts and unions of sweeps, as a user asks for them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

RATES = "dropout.rates=[0, 0.1, 0.2, 0.5, 0.9]"
REVERSED = "dropout.rates=[0.9, 0.5, 0.2, 0.1, 0]"


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def runs(folder: str) -> set[str]:
    """Names of the run files."""
    return {path.name for path in Path(folder, "runs").iterdir()}


def states(stdout: str) -> list[str]:
    """The last column of a printed plan."""
    return [line.split()[-1] for line in stdout.splitlines()[1:]]


def test_a_plan_trains_and_writes_nothing(dropsweep: Dropsweep, config: Path) -> None:
    """Run ids and states are on stdout; their number, and what they can show, on stderr."""
    result = dropsweep("run", config, "--dry-run")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0].split() == ["run_id", "rate", "seed", "state"]
    assert states(result.stdout) == ["missing", "missing"]
    assert result.stderr == (
        "2 of 2 runs to train here.\n"
        "1 seed cannot show any difference between rates: use 6 or more, or `seeds: auto`.\n"
    )
    assert os.listdir() == [config.name]  # noqa: PTH208 hidden files count too


def test_a_plan_needs_no_data(dropsweep: Dropsweep) -> None:
    """The size of CIFAR-10 is known before it is downloaded."""
    Path("c.yaml").write_text("dropout: {rates: [0, 0.5]}")
    empty = {"DROPSWEEP_DATA_DIR": "nothing-here"}
    result = dropsweep("run", "c.yaml", "--dry-run", "--offline", environment=empty)
    assert states(result.stdout) == ["missing", "missing"]
    assert os.listdir() == ["c.yaml"]  # noqa: PTH208 hidden files count too


def test_a_plan_names_the_state_of_each_run(dropsweep: Dropsweep, config: Path) -> None:
    """Done, failed before, another shard's; the ids are the run files' names."""
    rates = ("-s", "dropout.rates=[0, 0.1, 0.5]")
    dropsweep("run", config, "--no-plots")
    planned = dropsweep("run", config, *rates, "--dry-run")
    assert states(planned.stdout) == ["done", "missing", "done"]
    ids = [line.split()[0] for line in planned.stdout.splitlines()[1:]]
    assert {f"{ids[0]}.json", f"{ids[2]}.json"} == runs("results/small")
    failed = Path("results/small/failed")
    failed.mkdir()
    (failed / f"{ids[1]}.json").write_text("{}")
    again = dropsweep("run", config, *rates, "--dry-run")
    assert states(again.stdout) == ["done", "failed", "done"]
    shards = [dropsweep("run", config, *rates, "--dry-run", "--shard", f"{i}/2") for i in (0, 1)]
    told = [states(shard.stdout)[1] for shard in shards]
    assert sorted(told) == ["elsewhere", "failed"]


def test_shards_share_a_sweep(dropsweep: Dropsweep, config: Path) -> None:
    """Each run is in one of them, whatever the order of the rates, and together they are all."""
    for index, rates in enumerate((RATES, REVERSED)):
        shard = ("--shard", f"{index}/2", "-o", f"shard-{index}")
        result = dropsweep("run", config, "-s", rates, *shard, "--no-plots")
        assert result.returncode == 0, result.stderr
    dropsweep("run", config, "-s", RATES, "-o", "whole", "--no-plots")
    assert not runs("shard-0") & runs("shard-1")
    assert runs("shard-0") | runs("shard-1") == runs("whole")


def test_shards_may_share_a_folder(dropsweep: Dropsweep, config: Path) -> None:
    """The second completes what the first began, and shows it all."""
    for index in range(2):
        result = dropsweep("run", config, "-s", RATES, "--shard", f"{index}/2", "--no-plots")
        assert result.returncode == 0, result.stderr
    assert len(runs("results/small")) == 5
    assert "0.90" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("-j", "0"), ("-j", "-1"), ("-j", "two"), ("-j", "1.5"), ("-j", ""), ("-j", "99999"),
        ("--shard", "2/2"), ("--shard", "0/0"), ("--shard", "-1/2"), ("--shard", "1"),
        ("--shard", "a/b"), ("--shard", "0/2/3"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_bad_option_is_a_usage_error(
    dropsweep: Dropsweep, config: Path, arguments: tuple[str, str]
) -> None:
    """Exit 2, with the value that was given; nothing is started."""
    result = dropsweep("run", config, *arguments)
    assert result.returncode == 2
    assert repr(arguments[1]) in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("results").exists()


def test_auto_takes_the_cpus_there_are(dropsweep: Dropsweep, config: Path) -> None:
    """As Slurm has allotted them, for instance."""
    environment = {"SLURM_CPUS_PER_TASK": "1"}
    result = dropsweep("run", config, "-j", "auto", "--no-plots", environment=environment)
    assert result.returncode == 0, result.stderr
    assert len(runs("results/small")) == 2


def two_halves(dropsweep: Dropsweep, config: Path) -> None:
    """Shards of one sweep in folders a and b."""
    for index, folder in enumerate("ab"):
        dropsweep("run", config, "--shard", f"{index}/2", "-o", folder, "--no-plots")


def test_merged_shards_are_the_sweep(dropsweep: Dropsweep, config: Path) -> None:
    """The path is on stdout, and nothing is left to train in the union."""
    two_halves(dropsweep, config)
    merged = dropsweep("merge", "a", "b", "-o", "c")
    assert (merged.returncode, merged.stdout, merged.stderr) == (0, "c\n", "")
    assert runs("c") == runs("a") | runs("b")
    after = dropsweep("run", config, "-o", "c", "--no-plots")
    assert "nothing to train" in after.stderr
    assert dropsweep("show", "c").returncode == 0


def other_numbers(folder: str) -> str:
    """Change a number of the folder's first run; returns its file's name."""
    path = min(Path(folder, "runs").iterdir())
    record = json.loads(path.read_text())
    record["history"]["train_loss"][0] += 1
    path.write_text(json.dumps(record))
    return path.name


def test_a_conflict_stops_a_merge(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 5 with both files, and no folder; `--keep first` takes the first one's numbers."""
    for folder in "ab":
        dropsweep("run", config, "-o", folder, "--no-plots")
    name = other_numbers("b")
    refused = dropsweep("merge", "a", "b", "-o", "c")
    assert refused.returncode == 5
    assert f"a/runs/{name} and b/runs/{name} have different numbers" in refused.stderr
    assert "--keep first" in refused.stderr
    assert not Path("c").exists()
    kept = dropsweep("merge", "a", "b", "-o", "c", "--keep", "first")
    assert (kept.returncode, kept.stdout) == (0, "c\n")
    assert Path("c/runs", name).read_bytes() == Path("a/runs", name).read_bytes()


def test_a_merge_of_what_is_no_results_folder_is_told(dropsweep: Dropsweep, config: Path) -> None:
    """A folder that is not there is a usage error, one without runs a results error."""
    two_halves(dropsweep, config)
    assert dropsweep("merge", "a", "absent", "-o", "c").returncode == 2
    Path("empty").mkdir()
    assert dropsweep("merge", "a", "empty", "-o", "c").returncode == 5
    assert dropsweep("merge", "a").returncode == 2
    assert not Path("c").exists()


def test_a_sweep_that_adds_seeds_cannot_be_sharded(dropsweep: Dropsweep) -> None:
    """The next seed depends on the runs of all rates, which the parts do not see."""
    Path("auto.yaml").write_text("dropout: {rates: [0, 0.5]}\nseeds: auto\n")
    result = dropsweep("run", "auto.yaml", "--shard", "0/2")
    assert result.returncode == 2
    assert "--shard cannot be used with seeds: auto" in result.stderr
    assert not Path("results").exists()
