"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TEMPORARY = re.compile(r"\..+\.(?P<host>[^.]*)\.(?P<pid>\d+)\.\d+\.tmp")
_DAY = 24 * 3600.0
_counter = itertools.count()


def at_home(path: Path) -> Path:
    """``~`` and ``~user`` expanded as a shell would; one that nobody is called stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, replacing what is there; a reader sees the old or the new file."""
    temporary = _write_temporary(path, data)
    try:
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_if_changed(path: Path, data: bytes) -> bool:
    """As `write_whole`, but leave a file alone that holds ``data`` already; True if written."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return False
    write_whole(path, data)
    return True


def publish_once(path: Path, data: bytes) -> bool:
    """Put ``data`` at ``path`` unless something is there; True if this call put it there.

    A hard link is the one step that both appears whole and refuses to overwrite, on local disks
    and on NFS alike.
    """
    temporary = _write_temporary(path, data)
    try:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if path.exists():
                return False
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def temporary_beside(path: Path) -> Path:
    """A name in ``path``'s folder that tells its host and process, and that no one else uses."""
    host = socket.gethostname().replace(".", "-")
    return path.with_name(f".{path.name}.{host}.{os.getpid()}.{next(_counter)}.tmp")


def stale_temporaries(folder: Path) -> list[Path]:
    """What writers left in ``folder`` that died on this host, or began over a day ago."""
    return [path for path in folder.glob(".*.tmp") if _is_stale(path)]


def _is_stale(path: Path) -> bool:
    match = _TEMPORARY.fullmatch(path.name)
    if match is None:
        return False
    here = match["host"] == socket.gethostname().replace(".", "-")
    if here and os.name == "posix" and not _is_alive(int(match["pid"])):
        return True
    with contextlib.suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > _DAY
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # someone else's process, or no pid of this system: leave it to its age
    return True


def _write_temporary(path: Path, data: bytes) -> Path:
    temporary = temporary_beside(path)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power cut, where the system can (not Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
