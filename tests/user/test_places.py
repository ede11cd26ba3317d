"""Files of the user in dropsweep's way, and unusual places for what it reads and writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.records import RunRecord
    from tests.user.conftest import Dropsweep


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


@pytest.mark.parametrize(
    ("place", "arguments"),
    [("exp", ["-o", "exp"]), (".", ["-o", "."]), ("results/a", ["-s", "name=a"])],
)
def test_a_config_in_the_results_folder_is_kept(
    dropsweep: Dropsweep, config: Path, place: str, arguments: list[str]
) -> None:
    """A user's own config is not replaced by the resolved one: exit 5 before anything is made."""
    Path(place).mkdir(parents=True, exist_ok=True)
    mine = config.rename(Path(place, "config.yaml"))
    text, before = mine.read_text(), sorted(Path().rglob("*"))
    result = dropsweep("run", mine, *arguments)
    assert result.returncode == 5
    assert f"{mine}: was not made by dropsweep" in result.stderr
    assert "--output" in result.stderr
    assert mine.read_text() == text
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["summary.csv", "history.csv", "report.html", "plots/final_accuracy.png"]
)
def test_a_table_page_or_figure_of_the_user_stops_the_run(
    dropsweep: Dropsweep, config: Path, name: str
) -> None:
    """Before training, and before the data are looked for."""
    Path("exp", name).parent.mkdir(parents=True)
    Path("exp", name).write_text("mine")
    result = dropsweep("run", config, "-o", "exp", "--offline", "--data-dir", "nothing")
    assert result.returncode == 5
    assert f"exp/{name}: was not made by dropsweep" in result.stderr
    assert [path for path in Path("exp").rglob("*") if path.is_file()] == [Path("exp", name)]
    assert Path("exp", name).read_text() == "mine"


def test_a_merge_keeps_a_table_of_the_user(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 5, and nothing is brought in."""
    dropsweep("run", config, "--no-plots", "-o", "a")
    Path("b").mkdir()
    Path("b/history.csv").write_text("mine")
    result = dropsweep("merge", "a", "-o", "b")
    assert result.returncode == 5
    assert [path.name for path in Path("b").iterdir()] == ["history.csv"]


@pytest.mark.parametrize("command", ["run", "merge", "report"])
def test_an_empty_output_is_a_usage_error(dropsweep: Dropsweep, config: Path, command: str) -> None:
    """As of a variable that is not set; it does not mean the current folder."""
    dropsweep("run", config, "--no-plots", "-q")
    what = config if command == "run" else "results/small"
    before = sorted(Path().rglob("*"))
    result = dropsweep(command, what, "--output", "")
    assert result.returncode == 2
    assert "empty path" in result.stderr
    assert sorted(Path().rglob("*")) == before


def test_the_resolved_config_is_run_into_its_own_folder(dropsweep: Dropsweep, config: Path) -> None:
    """Whatever the folder is called; a new name still makes a new folder."""
    dropsweep("run", config, "-o", "results/short", "--no-plots")
    for where, arguments, expected in (
        (Path(), ["results/short/config.yaml"], "results/short"),
        (Path("results/short"), ["config.yaml"], "."),
        (Path(), ["results/short/config.yaml", "-s", "name=other"], "results/other"),
        (Path(), ["results/short/config.yaml", "-o", "there"], "there"),
    ):
        before = Path.cwd()
        os.chdir(where)
        result = dropsweep("run", *arguments, "--no-plots", "-q")
        os.chdir(before)
        assert (result.returncode, result.stdout) == (0, f"{expected}\n"), result.stderr


def test_a_tilde_in_merge_and_init(dropsweep: Dropsweep, config: Path, tmp_path: Path) -> None:
    """``~`` is the home folder in every option and argument that names a place to write."""
    dropsweep("run", config, "--no-plots", "-o", "a")
    home = {"HOME": str(tmp_path)}
    assert dropsweep("merge", "a", "--output=~/m", environment=home).stdout == f"{tmp_path}/m\n"
    assert dropsweep("init", "~/new.yaml", environment=home).stdout == f"{tmp_path}/new.yaml\n"
    assert not Path("~").exists()


def before_publishing(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[ResultsFolder], object]
) -> None:
    """Let something happen to the results folder before each run is published."""
    publish = ResultsFolder.publish

    def acted(self: ResultsFolder, record: RunRecord, kept: object = None) -> bool:
        del kept
        act(self)
        return publish(self, record)

    monkeypatch.setattr(ResultsFolder, "publish", acted)


def test_a_folder_that_vanishes_is_told_as_that(
    dropsweep: Dropsweep, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 5 and the system's reason, not an internal error at the end."""
    before_publishing(monkeypatch, lambda folder: shutil.rmtree(folder.path))
    result = dropsweep("run", config, "-o", "out", "-j", "1")
    assert result.returncode == 5, result.stderr
    assert "out: cannot be written (No such file or directory)" in result.stderr


def test_a_config_that_vanishes_is_written_again(
    dropsweep: Dropsweep, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is lost with it."""
    before_publishing(monkeypatch, lambda folder: folder.config.unlink(missing_ok=True))
    result = dropsweep("run", config, "-o", "out", "--no-plots", "-j", "1")
    assert result.returncode == 0, result.stderr
    assert "rates: [0, 0.5]" in Path("out/config.yaml").read_text().replace(".0", "")
    assert len(Path("out/summary.csv").read_text().splitlines()) == 3


def test_a_run_that_is_a_link_to_nothing_stops_the_sweep(
    dropsweep: Dropsweep, config: Path
) -> None:
    """Exit 5 names the link, before training; the run is never trained and thrown away."""
    dropsweep("run", config, "--no-plots")
    path = min(Path("results/small/runs").iterdir())
    path.unlink()
    path.symlink_to("/unmounted/run.json")
    result = dropsweep("run", config, "--no-plots")
    assert result.returncode == 5
    assert f"{path}: is a link to /unmounted/run.json" in result.stderr
    assert "1 planned run" not in result.stdout
    assert dropsweep("show", "results/small").returncode == 0


def test_a_report_goes_through_a_pipe(dropsweep: Dropsweep, config: Path) -> None:
    """To stdout as ``-``, and into a FIFO, whole and without its path among it."""
    dropsweep("run", config, "--no-plots", "-q")
    result = dropsweep("report", "results/small", "-o", "-")
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.rstrip().endswith("</html>")
    assert not Path("-").exists()
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE, text=True)  # noqa: S607
    written = dropsweep("report", "results/small", "-o", "pipe")
    read, _ = reader.communicate(timeout=30)
    assert (written.returncode, written.stdout) == (0, "")
    assert read.startswith("<!doctype html>")
    assert read.rstrip().endswith("</html>")


def test_a_config_from_a_pipe_is_called_stdin(dropsweep: Dropsweep, config: Path) -> None:
    """``run <(command)`` makes no folder called 63."""
    source, sink = os.pipe()
    os.write(sink, config.read_bytes())
    os.close(sink)
    result = dropsweep("run", f"/dev/fd/{source}", "-q", "--no-plots")
    os.close(source)
    assert result.stdout == "results/stdin\n", result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces of Linux")
def test_shards_with_one_process_number_lose_nothing(config: Path, data_dir: Path) -> None:
    """Containers share a host's name and process numbers; every shard's runs are there."""
    words = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no process namespaces here")
    shards = [
        subprocess.Popen(
            [*words, sys.executable, "-m", "dropsweep", "run", config, "--shard", f"{shard}/4",
             "-o", config.parent / "out", "-j", "1", "-q", "--no-plots",
             "--data-dir", config.parent / "d", "-s", "seeds=4"],
            stderr=subprocess.PIPE, text=True,
        )
        for shard in range(4)
    ]  # fmt: skip
    told = [shard.communicate()[1] for shard in shards]
    assert [shard.returncode for shard in shards] == [0] * 4, told
    assert told == [""] * 4
    assert len(list((config.parent / "out" / "runs").iterdir())) == 8
    assert len((config.parent / "out" / "summary.csv").read_text().splitlines()) == 9
    del data_dir
