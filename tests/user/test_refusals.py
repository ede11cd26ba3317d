"""Disks, files, memory and checkpoints that fail: a message, an exit code, nothing lost."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factories import prepare
from tests.user import survival
from tests.user.in_process import listing
from tests.user.survival import (
    FEW,
    RATES,
    Shell,
    kill_group,
    numbers,
    run_files,
    strays,
)
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="orphans are looked for in Linux's /proc"
)


def files_up_to(size: int) -> Callable[[], None]:
    """A disk that takes no larger file, to be set in the child."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_that_does_not_fit(shell: Shell) -> None:
    """Exit 5 and a message; no part of the file is left, and with more room the sweep goes on."""
    command = ["run", "sweep.yaml", "-o", "out", *FEW]
    shell.run(*command, "-s", "dropout.rates=[0]")
    before = numbers(Path("out"))
    result = shell.run(*command, limit=files_up_to(1024))
    assert result.returncode == 5, result.stderr
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr
    assert numbers(Path("out")) == before
    assert not strays(Path("out"))
    assert shell.run(*command).returncode == 0
    assert numbers(Path("out")).items() >= before.items()
    assert len(run_files(Path("out"))) == len(RATES)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that holds a few run files; mounting one is root's privilege."""
    disk, mount, umount = tmp_path / "disk", shutil.which("mount"), shutil.which("umount")
    disk.mkdir()
    command = [str(mount), "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(disk)]
    if (
        not mount
        or not umount
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    yield disk
    subprocess.run([umount, str(disk)], check=True)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk(
    shell: Shell, small_disk: Path, undisturbed: dict[str, str], jobs: str
) -> None:
    """Exit 5; what had room is whole and kept, and elsewhere the sweep goes on from it."""
    command = ["run", "sweep.yaml", "-j", jobs, "--no-plots", "-o"]
    result = shell.run(*command, small_disk)
    assert result.returncode == 5, result.stderr
    assert "the disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert 0 < len(run_files(small_disk)) < len(undisturbed)
    assert numbers(small_disk).items() <= undisturbed.items()
    assert not strays(small_disk)
    shutil.copytree(small_disk, "out")
    assert shell.run(*command, "out").returncode == 0
    assert numbers(Path("out")) == undisturbed
    assert not shell.processes()


def test_a_folder_that_cannot_be_made(shell: Shell) -> None:
    """Exit 5 before anything is trained."""
    Path("file").touch()
    result = shell.run("run", "sweep.yaml", "-o", "file/out", *FEW)
    assert result.returncode == 5
    assert "file/out: cannot be written" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(shell: Shell) -> None:
    """Exit 5, and the runs in it are kept."""
    shell.run("run", "sweep.yaml", "-o", "out", *FEW, "-s", "dropout.rates=[0]")
    before = numbers(Path("out"))
    Path("out/runs").chmod(0o500)
    result = shell.run("run", "sweep.yaml", "-o", "out", *FEW)
    Path("out/runs").chmod(0o700)
    assert result.returncode == 5
    assert "cannot be written" in result.stderr
    assert numbers(Path("out")) == before


def test_a_run_file_cut_in_half(shell: Shell) -> None:
    """It is set aside with its bytes, and that one run is trained again to the same numbers."""
    shell.run("run", "sweep.yaml", "-o", "out", *FEW)
    before, victim = numbers(Path("out")), run_files(Path("out"))[2]
    half = victim.read_bytes()[: victim.stat().st_size // 2]
    victim.write_bytes(half)
    result = shell.run("run", "sweep.yaml", "-o", "out", *FEW)
    assert result.returncode == 0
    assert "set aside" in result.stderr
    assert "1 run to train" in result.stderr
    assert victim.with_suffix(".json.damaged").read_bytes() == half
    assert numbers(Path("out")) == before


def test_a_run_file_of_a_newer_schema(shell: Shell) -> None:
    """Exit 5; it is neither set aside nor trained over, and nothing else changes."""
    shell.run("run", "sweep.yaml", "-o", "out", *FEW)
    newer = run_files(Path("out"))[2]
    newer.write_text(newer.read_text().replace('"schema": 2', '"schema": 99'))
    before = listing(Path("out"))
    result = shell.run("run", "sweep.yaml", "-o", "out", *FEW, "-s", "seeds=2")
    assert result.returncode == 5
    assert "newer dropsweep" in result.stderr
    assert listing(Path("out")) == before


def test_a_run_without_enough_memory(shell: Shell) -> None:
    """Exit 4, the failure is told and kept, the others are done; the next run tries it again."""
    Path("wide.yaml").write_text(WIDE)
    command = ["run", "wide.yaml", "-o", "out", "-j", "2", "--no-plots"]
    for _ in range(2):
        result = shell.run(*command, limit=little_memory)
        assert result.returncode == 4, result.stderr
        assert "1 run failed" in result.stderr
        (failed,) = Path("out/failed").iterdir()
        failure = json.loads(failed.read_text())
        assert failure["spec"]["dropout"]["rate"] == 0.9995
        assert "MemoryError" in failure["traceback"]
        assert failure["host"]
        assert len(run_files(Path("out"))) == 2
    result = shell.run(*command)
    assert result.returncode == 0, result.stderr
    assert "1 run to train, 2 finished before" in result.stderr
    assert len(run_files(Path("out"))) == 3
    assert not strays(Path("out"))


def test_fail_fast(shell: Shell) -> None:
    """Exit 4 at the first failure; what was not begun stays missing."""
    Path("wide.yaml").write_text(WIDE)
    command = ["run", "wide.yaml", "-o", "out", "-j", "1", "--no-plots", "--fail-fast"]
    result = shell.run(*command, "-s", "dropout.rates=[0, 0.9995, 0.5]", limit=little_memory)
    assert result.returncode == 4, result.stderr
    assert "--fail-fast stops there" in result.stderr
    assert [path.name.split("_")[0] for path in run_files(Path("out"))] == ["rate-0.00"]
    assert len(list(Path("out/failed").iterdir())) == 1


WIDE = """\
dataset: {name: synthetic, train_size: 20, val_size: 20, test_size: 0}
model: {kept_units: [20]}
dropout: {rates: [0, 0.5, 0.9995]}
training: {epochs: 1, batch_size: 20, optimizer: sgd}
"""


def little_memory() -> None:
    """Enough for a small net but not for the widest, to be set in the child."""
    resource.setrlimit(resource.RLIMIT_AS, (1200 << 20, 1200 << 20))


def test_a_long_run_goes_on_from_its_checkpoint(shell: Shell, tmp_path: Path) -> None:
    """Killed at random moments, it goes on where it was, and ends with the same bits."""
    data = prepare("synthetic", shell.data_dir)
    code = "import sys; from tests.user.survival import *; train_with_checkpoints(*sys.argv[1:])"
    whole, killed, dice = tmp_path / "whole", tmp_path / "killed", random.Random(5)  # noqa: S311 no secret
    whole.mkdir()
    killed.mkdir()
    shell.run(data, whole, code=code)
    for _ in range(5):
        process, state = shell.start(data, killed, code=code), stamp(killed / "state.npz")
        wait_for(lambda state=state: stamp(killed / "state.npz") != state)  # type: ignore[misc]
        time.sleep(dice.uniform(0, 0.05))
        kill_group(process)
    result = shell.run(data, killed, code=code)
    assert result.returncode == 0, result.stderr
    assert int((killed / "begun").read_text()) > 4
    assert survival.run_numbers(killed / "record.json") == survival.run_numbers(
        whole / "record.json"
    )


def stamp(path: Path) -> int:
    """The time at which a file was last written; 0 before it is there."""
    return path.stat().st_mtime_ns if path.exists() else 0
