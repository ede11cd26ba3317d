"""``dropsweep data``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.unit.datasets.tiny import tiny_set, write_archive

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def test_info_of_nothing(dropsweep: Dropsweep) -> None:
    """Absent data are described, not fetched."""
    result = dropsweep("data", "info", "--data-dir", "d", "--format", "json")
    assert result.returncode == 0
    cifar10, synthetic = json.loads(result.stdout)
    assert (cifar10["name"], cifar10["form"], cifar10["train_images"]) == (
        "cifar10",
        "absent",
        50_000,
    )
    assert (synthetic["name"], synthetic["train_images"]) == ("synthetic", 5_000)
    assert not Path("d").exists()


def test_fetch_info_and_verify_of_ones_own_archive(dropsweep: Dropsweep) -> None:
    """An archive is prepared once, described, and found intact; later damage is found too."""
    archive = write_archive(Path("own.tar.gz"), tiny_set().binary)
    arguments = ["--data-dir", "d", "--path", str(archive)]
    fetched = dropsweep("data", "fetch", *arguments)
    assert fetched.returncode == 0, fetched.stderr
    assert "not the full CIFAR-10" in fetched.stderr
    prepared = Path(fetched.stdout.strip())
    [info] = json.loads(dropsweep("data", "info", *arguments, "--format", "json").stdout)
    assert (info["train_images"], info["test_images"], info["form"]) == (15, 3, "prepared")
    assert Path(info["where"]) == prepared
    assert dropsweep("data", "verify", *arguments).returncode == 0

    images = prepared / "train_images.npy"
    raw = bytearray(images.read_bytes())
    raw[-1] ^= 1
    images.chmod(0o644)
    images.write_bytes(raw)
    result = dropsweep("data", "verify", *arguments)
    assert result.returncode == 3
    assert str(prepared) in result.stderr
    assert "it is made again when it is needed" in result.stderr
    assert "False" in result.stdout or "no" in result.stdout


def test_fetch_offline(dropsweep: Dropsweep) -> None:
    """Exit 3 with the remedy."""
    result = dropsweep("data", "fetch", "--offline", "--data-dir", "d")
    assert result.returncode == 3
    assert "cifar-10-python.tar.gz" in result.stderr


def test_verify_of_nothing(dropsweep: Dropsweep) -> None:
    """Exit 3 and a sentence: nothing that was checked is not everything that is right."""
    result = dropsweep("data", "verify", "--data-dir", "d")
    assert result.returncode == 3
    assert "there are no data to check" in result.stderr
    assert result.stdout == ""


def test_info_for_people_has_a_line_a_value(dropsweep: Dropsweep) -> None:
    """A table of eight columns breaks at every terminal's edge."""
    lines = dropsweep("data", "info", "--data-dir", "d").stdout.splitlines()
    assert lines[0].split() == ["name", "cifar10"]
    assert lines[4].split() == ["train_images", "50000"]


def own_arrays(name: str, **changes: object) -> None:
    """A file of 60 pictures in three classes, with these arrays in place of its own."""
    pictures = np.random.default_rng(0).integers(256, size=(60, 4, 5, 3), dtype=np.uint8)
    arrays = {"x": pictures, "y": np.array(list("abc"))[np.arange(60) % 3]}
    np.savez(name, **dict[str, Any](arrays | changes))


def test_info_and_verify_of_own_arrays(dropsweep: Dropsweep) -> None:
    """They are read and told, before and after they are prepared, and nothing is kept of them."""
    own_arrays("my.npz")
    arguments = ["--data-dir", "d", "--path", "my.npz"]
    [info] = json.loads(dropsweep("data", "info", *arguments, "--format", "json").stdout)
    assert (info["name"], info["form"], info["where"]) == ("arrays", "file", "my.npz")
    assert (info["train_images"], info["test_images"], info["classes"]) == (60, 0, 3)
    assert info["shape"] == "3 x 4 x 5"
    assert info["identity"].startswith("arrays:")
    assert info["bytes"] == Path("my.npz").stat().st_size
    result = dropsweep("data", "verify", *arguments)
    assert result.returncode == 0, result.stderr
    assert "intact: 60 rows of 3 x 4 x 5 values, 3 classes" in result.stdout
    assert not Path("d").exists()

    config = "dataset: {name: arrays, path: my.npz, train_size: 20, val_size: 9, test_size: 9}"
    Path("c.yaml").write_text(f"{config}\ndropout: {{rates: [0]}}\ntraining: {{epochs: 1}}\n")
    assert dropsweep("run", "c.yaml", "--data-dir", "d", "--no-plots").returncode == 0
    [again] = json.loads(dropsweep("data", "info", *arguments, "--format", "json").stdout)
    assert (again["identity"], again["form"]) == (info["identity"], "prepared")
    assert dropsweep("data", "verify", *arguments).returncode == 0


def test_mistakes_of_own_arrays_are_told(dropsweep: Dropsweep) -> None:
    """By both commands, all of them, with what to do."""
    own_arrays("my.npz", x=np.ones((60, 2), int), y=np.ones(60))
    for command in ("info", "verify"):
        result = dropsweep("data", command, "--data-dir", "d", "--path", "my.npz")
        told = result.stdout + result.stderr
        assert result.returncode == 3
        assert "x is int64; it must be uint8 or float" in told
        assert "y is float64; labels must be integers" in told
        assert "Correct the arrays, and save them again with np.savez." in told
    own_arrays("my.npz", y=np.zeros(60, int))
    result = dropsweep("data", "verify", "--data-dir", "d", "--path", "my.npz")
    assert (result.returncode, "y has only the class 0" in result.stdout) == (3, True)
    Path("my.npz").write_bytes(Path("my.npz").read_bytes()[:-9])
    result = dropsweep("data", "info", "--data-dir", "d", "--path", "my.npz")
    assert (result.returncode, "not an intact .npz file" in result.stderr) == (3, True)


def test_own_arrays_are_not_fetched(dropsweep: Dropsweep) -> None:
    """Exit 2 and what to do instead; a file that is not there is told as that."""
    own_arrays("my.npz")
    result = dropsweep("data", "fetch", "--data-dir", "d", "--path", "my.npz")
    assert result.returncode == 2
    assert "there is nothing to fetch" in result.stderr
    assert "dropsweep data verify --path my.npz" in result.stderr
    for command in ("fetch", "info", "verify"):
        result = dropsweep("data", command, "--data-dir", "d", "--path", "none.npz")
        assert (result.returncode, "no such file" in result.stderr) == (3, True)
    assert not Path("d").exists()
