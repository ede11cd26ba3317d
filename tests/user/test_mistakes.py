"""Mistakes of a user: one clear message, the exit code of the table, nothing left behind."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.datasets.tiny import tiny_set, write_archive
from tests.user.conftest import SMALL

if TYPE_CHECKING:
    import subprocess

    from tests.user.conftest import Dropsweep


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def assert_refused(result: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Exit code, one message on stderr with these words, no traceback, no results."""
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ") or "\nError: " in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        ("rates: [0.5", ["c.yaml:1:", "not YAML"]),
        ("dropout: {rates: [0.5]}\ntrainning: {}", ["c.yaml:2:1", "trainning", "training"]),
        ("dropout: {rates: [0.5]}\nmodel: {hiden_sizes: [5]}", ["c.yaml:2:9", "hidden_sizes"]),
        ("dropout:\n  rates: [0, 1]", ["c.yaml:2:14", "dropout.rates[1]", "below 1"]),
        ("dropout:\n  rates: [-0.1]", ["c.yaml:2:11", "at least 0", "-0.1"]),
        ("dropout:\n  rates: [.nan]", ["c.yaml:2:11", "finite"]),
        ("dropout: {rates: [0.5]}\ntraining: {epochs: many}", ["c.yaml:2:20", "many"]),
        ("dropout: {rates: [0.5]}\ndataset: {train_size: 49001}", ["c.yaml:2:23", "49000"]),
        ("dropout: {rates: [0.5]}\nseeds: 1\nseeds: 2", ["c.yaml:3:1", "twice"]),
    ],
)  # fmt: skip
def test_config_mistakes(dropsweep: Dropsweep, text: str, words: list[str]) -> None:
    """Exit 2, with file, line and column."""
    Path("c.yaml").write_text(text)
    assert_refused(dropsweep("run", "c.yaml", "--offline"), 2, *words)
    assert sorted(os.listdir()) == ["c.yaml"]  # noqa: PTH208 hidden files count too


def test_what_has_no_effect_is_refused(dropsweep: Dropsweep) -> None:
    """No key is taken and then not obeyed."""
    Path("c.yaml").write_text(SMALL + "results: {keep_histograms: true}")
    assert_refused(dropsweep("run", "c.yaml"), 2, "keep_histograms", "unknown key")
    Path("c.yaml").write_text(SMALL + "results: {keep_parameters: 1}")
    assert_refused(dropsweep("run", "c.yaml"), 2, "results.keep_parameters", "true or false")


def test_all_mistakes_are_told_at_once(dropsweep: Dropsweep) -> None:
    """Three mistakes, three lines, in the order of the file."""
    Path("c.yaml").write_text("dropout: {rates: [2]}\ntraining: {epochs: 0}\nseed: 1\n")
    result = dropsweep("run", "c.yaml")
    assert_refused(result, 2, "3 mistakes", "did you mean seeds")
    lines = [line for line in result.stderr.splitlines() if "c.yaml:" in line]
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3"]


def test_a_missing_config(dropsweep: Dropsweep) -> None:
    """Exit 2, and the path that was asked for."""
    assert_refused(dropsweep("run", "nowhere.yaml"), 2, "nowhere.yaml", "No such file")


def test_a_results_folder_for_a_config(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 2, and the remedy can be followed."""
    assert dropsweep("run", config, "-o", "done", "--no-plots").returncode == 0
    result = dropsweep("run", "done")
    assert_refused(result, 2, "done: the config cannot be read", "done/config.yaml")
    again = result.stderr.rpartition(": ")[2].strip()
    assert dropsweep("run", again, "-o", "done", "--no-plots").returncode == 0


def test_a_default_test_size_beyond_the_test_images(dropsweep: Dropsweep) -> None:
    """A key that was not written is named, with how many images there are."""
    write_archive(Path("own.tar.gz"), tiny_set().binary)
    Path("c.yaml").write_text(
        "dataset: {path: own.tar.gz, train_size: 9, val_size: 5}\ndropout: {rates: [0]}\n"
    )
    result = dropsweep("run", "c.yaml")
    assert_refused(
        result,
        2,
        "dataset.test_size: 1000 is beyond the test batch: it has 3 images; lower it to at most 3",
    )


@pytest.mark.parametrize("kind", ["inverted", "vanilla", "binomial", "shared", "gaussian"])
def test_a_keep_probability_whose_inverse_overflows(
    dropsweep: Dropsweep, config: Path, kind: str
) -> None:
    """The run diverges or learns nothing; figures, report and answer are made all the same."""
    result = dropsweep(
        "run", config, "-j", "1", "-s", f"dropout.kind={kind}", "-o", "r",
        "-s", "dropout={keep_probs: [1, 1.0e-300]}", "-s", "evaluation.monte_carlo_samples=[2]",
        "-s", "results.keep_parameters=true",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "Warning" not in result.stderr
    assert Path("r/report.html").exists()
    runs = json.loads(dropsweep("show", "r", "--runs", "--format", "json").stdout)
    (tiny,) = (run for run in runs if run["rate"] == 1)
    assert tiny["status"] == "diverged" or tiny["train_accuracy"] < 0.5


def test_a_keep_probability_that_makes_a_layer_too_wide(dropsweep: Dropsweep) -> None:
    """Exit 2 before anything is trained."""
    Path("c.yaml").write_text(
        "dataset: {name: synthetic}\nmodel: {kept_units: [3]}\ndropout: {keep_probs: [1.0e-300]}"
    )
    assert_refused(dropsweep("run", "c.yaml"), 2, "c.yaml:2:", "parameters; use fewer units")


def test_a_mistake_in_set(dropsweep: Dropsweep, config: Path) -> None:
    """It is located as the --set it stands in."""
    result = dropsweep("run", config, "--set", "training.epoch=3")
    assert_refused(result, 2, "--set training.epoch=3", "did you mean epochs")


def test_an_unwritable_output_folder(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 5, before a minute is spent on training."""
    Path("file").touch()
    result = dropsweep("run", config, "-o", "file/out")
    assert_refused(result, 5, "file/out", "cannot be written", "--output")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_output_folder(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 5 where the permission is missing."""
    Path("locked").mkdir(mode=0o500)
    assert_refused(dropsweep("run", config, "-o", "locked/out"), 5, "Permission denied")


def cut_short(archive: Path) -> None:
    """As an aborted download leaves it."""
    archive.write_bytes(archive.read_bytes()[:-1000])


def flip_a_byte(archive: Path) -> None:
    """As a bad disk leaves it."""
    raw = bytearray(archive.read_bytes())
    raw[len(raw) // 2] ^= 1
    archive.write_bytes(raw)


@pytest.mark.parametrize("damage", [cut_short, flip_a_byte])
def test_a_damaged_archive_of_ones_own(dropsweep: Dropsweep, config: Path, damage: Any) -> None:
    """Exit 3; the cache stays as it was."""
    archive = write_archive(Path("own.tar.gz"), tiny_set().binary)
    damage(archive)
    assert_refused(run_on(dropsweep, config, archive), 3, "own.tar.gz", "not an intact")


def run_on(dropsweep: Dropsweep, config: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    """Run on an archive of one's own, with an empty data folder that must stay empty."""
    data = Path("data-dir")
    result = dropsweep(
        "run", config, "--data-dir", data, "-s", "dataset.name=cifar10",
        "-s", f"dataset.path={archive}", "-s", "dataset.train_size=5", "-s", "dataset.val_size=5",
        "-s", "dataset.test_size=1",
    )  # fmt: skip
    assert result.returncode == 0 or not [path for path in data.rglob("*") if path.is_file()]
    return result


def test_an_altered_archive_under_an_official_name(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 3 with both hashes; it is neither used nor overwritten by a download."""
    data = Path("data-dir")
    data.mkdir()
    archive = write_archive(data / "cifar-10-python.tar.gz", tiny_set().python)
    before = archive.read_bytes()
    result = dropsweep("run", config, "--data-dir", data, "-s", "dataset.name=cifar10")
    assert_refused(result, 3, "cifar-10-python.tar.gz", "6d958be074577803", "dataset.path")
    assert archive.read_bytes() == before


def test_an_archive_that_points_out(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 3, and nothing is written outside."""
    archive = write_archive(Path("own.tar.gz"), {"../x": b"out", **tiny_set().binary})
    assert_refused(run_on(dropsweep, config, archive), 3, "../x")
    assert not Path("../x").exists()


class Attack:
    """A pickle that runs a command when it is loaded."""

    def __reduce__(self) -> Any:
        return os.system, ("touch hacked",)


def test_a_pickle_that_runs_a_command(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 3, and the command is not run."""
    files = tiny_set().python
    name = next(name for name in files if name.endswith("data_batch_1"))
    archive = write_archive(Path("own.tar.gz"), {**files, name: pickle.dumps(Attack(), 2)})
    assert_refused(run_on(dropsweep, config, archive), 3, "data_batch_1", "system")
    assert not Path("hacked").exists()


def test_the_same_archive_unharmed_is_accepted(dropsweep: Dropsweep, config: Path) -> None:
    """An undamaged archive is accepted: those above are refused only for their damage."""
    archive = write_archive(Path("own.tar.gz"), tiny_set().python)
    result = run_on(dropsweep, config, archive)
    assert result.returncode == 0, result.stderr
    shutil.rmtree("results")


def test_no_network_and_no_cache(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 3, each mirror with its reason, and how to get the file by other means."""
    result = dropsweep(
        "run", config, "--data-dir", "d", "-s", "dataset.name=cifar10",
        environment={"https_proxy": "http://127.0.0.1:9", "no_proxy": ""},
    )  # fmt: skip
    assert_refused(result, 3, "www.cs.toronto.edu", "zenodo.org", "cifar-10-python.tar.gz")
    assert list(Path("d").iterdir()) == []


def test_offline_and_no_cache(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 3 without a single attempt."""
    result = dropsweep("run", config, "--data-dir", "d", "-s", "dataset.name=cifar10", "--offline")
    assert_refused(result, 3, "--offline", "cifar-10-python.tar.gz", "dataset.path")
    assert not Path("d").exists()


def test_a_broken_results_config(dropsweep: Dropsweep, config: Path) -> None:
    """A results folder whose config.yaml was edited badly is told, not guessed at."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    Path("out/config.yaml").write_text("dropout: {rates: [3]}")
    result = dropsweep("show", "out")
    assert_refused(result, 5, "out/config.yaml:1:", "--all")
    assert "nothing was started" not in result.stderr
    assert dropsweep("show", "out", "--all").returncode == 0


def test_plot_goes_on_after_a_broken_sweep(dropsweep: Dropsweep, config: Path) -> None:
    """The sweeps beside it are drawn, and the exit code and the message tell of the bad ones."""
    for name in ("a", "b", "c"):
        dropsweep("run", config, "-o", f"sweeps/{name}", "--no-plots")
    for name in ("a", "b"):
        Path(f"sweeps/{name}/config.yaml").write_text("dropout: {rates: [3]}")
    result = dropsweep("plot", "sweeps")
    assert result.returncode == 5
    assert {Path(line).parent for line in result.stdout.splitlines()} == {Path("sweeps/c/plots")}
    assert "2 sweeps were left out" in result.stderr
    assert "sweeps/a/config.yaml:1:" in result.stderr
    assert "sweeps/b/config.yaml:1:" in result.stderr


def test_sizes_are_told_with_the_other_mistakes(dropsweep: Dropsweep) -> None:
    """The number of images of a named set is known before the set is loaded."""
    Path("c.yaml").write_text(
        "dataset: {name: synthetic, train_size: 4001}\ndropout: {rates: [2]}\n"
        "model: {hidden_sizes: [1000000]}\n"
    )
    assert_refused(dropsweep("run", "c.yaml"), 2, "3 mistakes", "c.yaml:1:40", "3,083,000,010")


def test_a_list_without_brackets_in_set(dropsweep: Dropsweep, config: Path) -> None:
    """The message has what to write, quotes included, for a shell takes brackets for its own."""
    result = dropsweep("run", config, "-s", "dropout.rates=0,0.5")
    assert_refused(result, 2, "write dropout.rates=[0, 0.5] in quotes")


@pytest.mark.parametrize("command", [["show", "."], ["plot", "."]])
def test_a_folder_without_results(dropsweep: Dropsweep, command: list[str]) -> None:
    """Exit 5, and how to make some."""
    assert_refused(dropsweep(*command), 5, "no results here")


def test_debug_shows_the_traceback(dropsweep: Dropsweep) -> None:
    """With --debug before the command, and the same exit code."""
    result = dropsweep("--debug", "run", "nowhere.yaml")
    assert result.returncode == 2
    assert "Traceback" in result.stderr
