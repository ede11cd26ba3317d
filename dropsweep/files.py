"""Files that appear whole or not at all, and the bytes of arrays in them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import itertools
import os
import re
import secrets
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

T = TypeVar("T")

_TEMPORARY = re.compile(r"\..+\.([0-9a-f]{16}|[^.]*\.\d+\.\d+)\.tmp")
"""Of this version; or of an earlier one, which wrote host, process and a count."""

_PIECE = 2**20
"""Bytes that are copied at once."""

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
    """True if data at ``path`` flows through: a pipe or a device, also ``/dev/stdout`` to a file.

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
    _replace(path, _twice(lambda: _write_temporary(path, [data])))


def _replace(path: Path, temporary: Path) -> None:
    try:
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_if_changed(path: Path, pieces: Iterable[bytes]) -> bool:
    """As `write_whole`, but do not write a file that holds the same already; True if written.

    The pieces are written one after another: the whole is never in memory.
    """
    rest, same = iter(pieces), 0
    with path.open("rb") if path.is_file() else io.BytesIO() as old:
        for piece in rest:
            if old.read(len(piece)) != piece:
                break
            same += len(piece)
        else:
            if path.is_file() and not old.read(1):
                return False
            piece = b""
        old.seek(0)
        begun = (old.read(min(_PIECE, same - at)) for at in range(0, same, _PIECE))
        temporary = _write_temporary(path, itertools.chain(begun, [piece], rest))
    _replace(path, temporary)
    return True


def publish_once(path: Path, data: bytes, *, sync: bool = True) -> bool:
    """Put ``data`` at ``path`` unless that name exists; True if this call put it there.

    A hard link is the one step that both appears whole and refuses to overwrite, on local disks
    and on NFS alike. False says only that the name is taken, perhaps by a link to nothing.

    Parameters
    ----------
    sync
        Whether the file survives a power cut from now on; otherwise `sync_all` does it later.
    """
    temporary = _twice(lambda: _write_temporary(path, [data], sync=sync))
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
    if sync:
        _sync_folder(path.parent)
    return True


def sync_all(folder: Path, paths: Iterable[Path]) -> None:
    """Make many new files of a folder survive a power cut: much cheaper than one by one."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    _sync_folder(folder)


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


def _write_temporary(path: Path, pieces: Iterable[bytes], *, sync: bool = True) -> Path:
    """A new temporary with the data."""
    temporary = temporary_beside(path)
    try:
        with temporary.open("xb") as file:
            file.writelines(pieces)
            file.flush()
            if sync:
                os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


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
