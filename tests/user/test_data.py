"""``dropsweep data``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

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
