"""Files that appear whole or not at all, and the bytes of arrays in them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import secrets
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

T = TypeVar("T")

_TEMPORARY = re.compile(r"\..+\.([0-9a-f]{16}|[^.]*\.\d+\.\d+)\.tmp")
"""Of this version; or of an earlier one, which wrote host, process and a count."""

_DAY = 24 * 3600.0

_PASSING = {errno.EIO, errno.ESTALE}
"""Errors of network file systems that are often over at the next try."""

_NO_FOLDER_SYNC = {
    errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF, errno.EACCES,
    errno.EPERM, errno.EISDIR,
}  # fmt: skip
"""Answers of file systems that cannot sync a folder: old CIFS, VirtualBox, some FUSE."""


def at_home(path: Path) -> Path:
    """``~`` and ``~user`` expanded as a shell would; one that nobody is called stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def is_stream(path: Path) -> bool:
    """Whether data at ``path`` flows through: a pipe or a device, also ``/dev/stdout`` to a file.

    Nothing there can be read twice, looked at before it is written, or replaced.
    """
    if path.parts[:2] in {("/", "dev"), ("/", "proc")}:
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def head(path: Path) -> bytes:
    """The first 1000 bytes of a regular file, where its mark stands; empty of anything else."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(1000)


def read_whole(path: Path) -> bytes:
    """A file's bytes; an error that network file systems get over is met with a second try."""
    return _twice(path.read_bytes)


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
    """Put ``data`` at ``path`` unless that name exists; True if this call put it there.

    A hard link is the one step that both appears whole and refuses to overwrite, on local disks
    and on NFS alike. False says only that the name is taken, perhaps by a link to nothing.
    """
    temporary = _write_temporary(path, data)
    try:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                return False
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def encode_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays by name as an ``.npz`` file: equal bytes for equal arrays, as NumPy adds no date."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, **dict[str, Any](arrays))
    return buffer.getvalue()


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays of an ``.npz`` file; None if there is none, or if it is not whole."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            return {name: content[name] for name in content.files}
    except Exception:  # zip and npy have a dozen ways to be damaged, and none matters
        return None


def temporary_beside(path: Path) -> Path:
    """A random name in ``path``'s folder: what is there belongs to the process that made it."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")


def stale_temporaries(folder: Path) -> list[Path]:
    """Temporaries in ``folder`` that nobody has written to for a day.

    Neither a host's name nor a process number proves that a writer is dead: containers share both.
    """
    return [path for path in folder.glob(".*.tmp") if _is_stale(path)]


def _is_stale(path: Path) -> bool:
    if _TEMPORARY.fullmatch(path.name) is None:
        return False
    with contextlib.suppress(FileNotFoundError):
        return time.time() - path.lstat().st_mtime > _DAY
    return False


def _write_temporary(path: Path, data: bytes) -> Path:
    """A new temporary with the data; a second one is made where the first met a passing error."""

    def write() -> Path:
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

    return _twice(write)


def _twice(action: Callable[[], T]) -> T:
    try:
        return action()
    except OSError as error:
        if error.errno not in _PASSING:
            raise
    return action()


def _sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power cut, where the system can (not Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
