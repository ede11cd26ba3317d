"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from dropsweep import files


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
    """The promise is the same on a file system without links."""

    def no_links(*_: Any) -> NoReturn:
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    test_publish_once_never_overwrites(tmp_path)


@pytest.mark.parametrize("write", [files.write_whole, files.publish_once])
def test_a_failed_write_leaves_nothing(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves the old file and no temporary."""

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
    assert files.write_if_changed(path, [b"one"])
    os.utime(path, (1, 1))
    assert not files.write_if_changed(path, [b"one"])
    assert path.stat().st_mtime == 1
    assert files.write_if_changed(path, [b"two"])


@pytest.mark.parametrize("before", [b"", b"ab", b"abcd", b"abXd", b"abcdef", b"Xbcd"])
def test_pieces_become_the_whole_file(tmp_path: Path, before: bytes) -> None:
    """Pieces that are made once give their whole, however much of it was there before."""
    path = tmp_path / "a.txt"
    path.write_bytes(before)
    assert files.write_if_changed(path, iter([b"ab", b"cd"])) == (before != b"abcd")
    assert path.read_bytes() == b"abcd"
    assert list(tmp_path.iterdir()) == [path]


def test_temporaries_are_stale_after_a_day(tmp_path: Path) -> None:
    """Age decides, whoever made them: a host's name and a process number prove nothing."""
    new, old = (files.temporary_beside(tmp_path / name) for name in ("a.json", "b.json"))
    earlier_version, foreign = tmp_path / ".a.json.a-host.1.0.tmp", tmp_path / ".editor.tmp"
    for path in (new, old, earlier_version, foreign):
        path.touch()
    for path in (old, earlier_version, foreign):
        os.utime(path, (1, 1))
    assert sorted(files.stale_temporaries(tmp_path)) == sorted([old, earlier_version])


def test_a_temporary_name_is_of_this_call_only(tmp_path: Path) -> None:
    """Two processes of one number, as containers have, never make one name: it is random."""
    path = tmp_path / "rate-0.50_seed-0_0123456789.json"
    assert len({files.temporary_beside(path) for _ in range(1000)}) == 1000
    assert files.temporary_beside(path).parent == tmp_path


def test_a_link_to_nothing_takes_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never overwritten, with hard links or without."""
    path = tmp_path / "a.txt"
    path.symlink_to(tmp_path / "unmounted" / "a.txt")
    assert not files.publish_once(path, b"data")

    def no_links(*_: Any) -> NoReturn:
        raise OSError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert not files.publish_once(path, b"data")
    assert path.is_symlink()


@pytest.mark.parametrize("write", [files.write_whole, files.publish_once])
@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE])
def test_a_passing_error_is_met_with_one_more_try(
    write: Any, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One EIO or ESTALE of a network file system loses nothing; a second one is reported."""
    refusals = [number]
    real = os.fsync

    def refuse(handle: int) -> None:
        if refusals:
            raise OSError(refusals.pop(), "passing")
        real(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    write(tmp_path / "a.txt", b"data")
    assert files.read_whole(tmp_path / "a.txt") == b"data"
    refusals += [number, number]
    with pytest.raises(OSError, match="passing"):
        write(tmp_path / "b.txt", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_streams_are_told_from_files(tmp_path: Path) -> None:
    """Pipes and all that is below /dev; not files, folders, or names that are free."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    streams = [tmp_path / "pipe", Path("/dev/stdout"), Path("/dev/fd/63"), Path("/dev/null")]
    others = [tmp_path, tmp_path / "file", tmp_path / "absent"]
    assert [files.is_stream(path) for path in streams + others] == [True] * 4 + [False] * 3


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
int fsync(int fd) {
    static int (*f)(int);
    struct stat s;
    if (!f) f = dlsym(RTLD_NEXT, "fsync");
    char *refusal = getenv("SHIM_FSYNC");
    if (refusal && !fstat(fd, &s) && S_ISDIR(s.st_mode)) { errno = atoi(refusal); return -1; }
    return f(fd);
}
int link(const char *a, const char *b) {
    static int (*f)(const char *, const char *);
    if (!f) f = dlsym(RTLD_NEXT, "link");
    char *refusal = getenv("SHIM_LINK");
    if (refusal) { errno = atoi(refusal); return -1; }
    return f(a, b);
}
int linkat(int x, const char *a, int y, const char *b, int flags) {
    static int (*f)(int, const char *, int, const char *, int);
    if (!f) f = dlsym(RTLD_NEXT, "linkat");
    char *refusal = getenv("SHIM_LINK");
    if (refusal) { errno = atoi(refusal); return -1; }
    return f(x, a, y, b, flags);
}
"""
"""A file system that refuses to sync folders, and to make links: old CIFS, vboxsf, some FUSE."""


@pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD of Linux")
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")
@pytest.mark.parametrize("number", [errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM])
def test_file_systems_that_refuse_folder_syncs_and_links(tmp_path: Path, number: int) -> None:
    """Both ways of writing work there, and the promise not to overwrite holds."""
    source, shim = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)  # noqa: S607
    code = (
        "import os, pathlib, sys\n"
        "from dropsweep import files\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "for refused in (lambda: os.link(sys.argv[2], folder / 'x'),\n"
        "                lambda: os.fsync(os.open(folder, os.O_RDONLY))):\n"
        "    try: refused()\n"
        "    except OSError: continue\n"
        "    raise SystemExit('the shim does not work')\n"
        "files.write_whole(folder / 'a', b'old'); files.write_whole(folder / 'a', b'new')\n"
        "assert files.publish_once(folder / 'b', b'first')\n"
        "assert not files.publish_once(folder / 'b', b'second')\n"
    )
    (tmp_path / "out").mkdir()
    shimmed = os.environ | {
        "LD_PRELOAD": str(shim), "SHIM_FSYNC": str(number), "SHIM_LINK": str(number)
    }  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "out", source],
        env=shimmed, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    found = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert found == {"a": "new", "b": "first"}


def test_sha256_of_file(tmp_path: Path) -> None:
    """The digest of no bytes is the published one."""
    path = tmp_path / "empty"
    path.touch()
    assert files.sha256_of_file(path).startswith("e3b0c44298fc1c149afbf4c8996fb924")
