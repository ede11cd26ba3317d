"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from dropsweep import files

if TYPE_CHECKING:
    from pathlib import Path


def test_write_whole_replaces(tmp_path: Path) -> None:
    """The new content stands alone in the folder."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    files.write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_publish_once_never_overwrites(tmp_path: Path) -> None:
    """The first writer wins and is told so; the second is told that it lost."""
    path = tmp_path / "a.txt"
    assert files.publish_once(path, b"first")
    assert not files.publish_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_publish_once_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system has no links, the promise is the same."""

    def no_links(*_: Any) -> NoReturn:
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    test_publish_once_never_overwrites(tmp_path)


@pytest.mark.parametrize("write", [files.write_whole, files.publish_once])
def test_a_failed_write_leaves_nothing(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk fills up, the old file stays and no temporary is left."""

    def full(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "a.txt", b"data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="folders cannot be synced there")
@pytest.mark.parametrize("write", [files.write_whole, files.publish_once])
def test_a_new_name_survives_a_power_cut(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content is synced before the name appears, and the folder after it."""
    synced: list[tuple[bool, bool]] = []
    real = os.fsync

    def note(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append((folder, (tmp_path / "a.txt").exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    write(tmp_path / "a.txt", b"data")
    assert synced == [(False, False), (True, True)]


def test_write_if_changed_leaves_equal_files_alone(tmp_path: Path) -> None:
    """An equal file keeps its time stamp; a different one is replaced."""
    path = tmp_path / "a.txt"
    assert files.write_if_changed(path, b"one")
    os.utime(path, (1, 1))
    assert not files.write_if_changed(path, b"one")
    assert path.stat().st_mtime == 1
    assert files.write_if_changed(path, b"two")


def test_stale_temporaries_are_those_of_the_dead_and_the_old(tmp_path: Path) -> None:
    """A living process's file stays; a dead one's, or one a day old, is stale."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = socket.gethostname().replace(".", "-")
    living = tmp_path / f".a.json.{host}.{os.getpid()}.0.tmp"
    killed = tmp_path / f".a.json.{host}.{dead.pid}.0.tmp"
    elsewhere = tmp_path / ".a.json.another-host.1.0.tmp"
    ancient = tmp_path / ".b.json.another-host.1.0.tmp"
    foreign = tmp_path / ".editor.tmp"
    for path in (living, killed, elsewhere, ancient, foreign):
        path.touch()
    os.utime(ancient, (1, 1))
    assert sorted(files.stale_temporaries(tmp_path)) == sorted([killed, ancient])


def test_own_temporaries_are_recognised(tmp_path: Path) -> None:
    """The name that a writer makes is one that the cleaner understands."""
    temporary = files.temporary_beside(tmp_path / "rate-0.50_seed-0_0123456789.json")
    temporary.touch()
    os.utime(temporary, (1, 1))
    assert files.stale_temporaries(tmp_path) == [temporary]


def test_sha256_of_file(tmp_path: Path) -> None:
    """The digest of no bytes is the published one."""
    path = tmp_path / "empty"
    path.touch()
    assert files.sha256_of_file(path).startswith("e3b0c44298fc1c149afbf4c8996fb924")
