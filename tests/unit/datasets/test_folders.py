"""Scratch folders leave nothing behind, not even those of killed processes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dropsweep
from dropsweep.datasets.folders import scratch_folder
from dropsweep.errors import DataError

_KILLED = """
import os, sys
from pathlib import Path
from dropsweep.datasets.folders import scratch_folder
with scratch_folder(Path(sys.argv[1])) as scratch:
    (scratch / "half").write_bytes(b"x")
    os._exit(9)
"""


@pytest.mark.parametrize("how", [None, KeyboardInterrupt, ValueError])
def test_it_is_gone_afterwards(tmp_path: Path, how: type[BaseException] | None) -> None:
    """At the end of the block nothing remains, whether it ends well, badly or by Ctrl-C."""
    try:
        with scratch_folder(tmp_path / "new" / "target") as scratch:
            (scratch / "file").write_bytes(b"x")
            if how is not None:
                raise how
    except (KeyboardInterrupt, ValueError):
        pass
    assert list((tmp_path / "new").iterdir()) == []


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    """The next scratch folder clears one that is over a day old, and leaves every younger one."""
    target = tmp_path / "target"
    root = str(Path(dropsweep.__file__).parents[1])
    subprocess.run([sys.executable, "-c", _KILLED, str(target)], cwd=root, check=False)
    (left,) = tmp_path.iterdir()
    os.utime(left, (time.time() - 25 * 3600,) * 2)
    with scratch_folder(target) as alive, scratch_folder(target) as second:
        assert not left.exists()
        assert alive.is_dir()
        assert second.is_dir()


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "Read-only")]
)
def test_a_failed_write_is_explained(tmp_path: Path, number: int, word: str) -> None:
    """The error of a full or read-only disk names the folder and the option that changes it."""
    with (
        pytest.raises(DataError, match=word) as caught,
        scratch_folder(tmp_path / "target"),
    ):
        raise OSError(number, "Read-only file system")
    assert str(tmp_path) in caught.value.what
    assert "--data-dir" in caught.value.remedy


def test_a_data_directory_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """If a file stands in the way of the folder, the error names --data-dir."""
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(DataError, match="cannot be written") as caught,
        scratch_folder(tmp_path / "file" / "target"),
    ):
        pass
    assert "--data-dir" in caught.value.remedy
