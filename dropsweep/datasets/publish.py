"""Writing a prepared set, so that it appears whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from dropsweep.datasets.cache import ARRAYS, Info, is_prepared
from dropsweep.datasets.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch, Bytes

_OCCUPIED = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)


def publish(
    folder: Path,
    train: Sequence[Batch],
    test: Sequence[Batch],
    *,
    identity: str | None,
    source: str,
    source_sha256: str | None,
) -> None:
    """Write a prepared set; where another process was quicker, leave its one.

    ``identity`` None stands for ``sha256:`` and the hash of the contents, which is the same for
    both versions of one set.
    """
    with scratch_folder(folder) as scratch:
        finished = scratch / "finished"
        finished.mkdir()
        content = _write_arrays(finished, train, test)
        info = Info(
            identity=identity or f"sha256:{content}",
            train=_count(train),
            test=_count(test),
            source=source,
            source_sha256=source_sha256,
            content_sha256=content,
        )
        _write_info(finished / "info.json", info)
        _install(finished, folder, aside=scratch / "damaged")


def _write_arrays(folder: Path, train: Sequence[Batch], test: Sequence[Batch]) -> str:
    """Write the four arrays block by block; the hash of their contents."""
    contents = [
        [batch.images for batch in train],
        [batch.labels for batch in train],
        [batch.images for batch in test],
        [batch.labels for batch in test],
    ]
    digest = hashlib.sha256()
    for name, blocks in zip(ARRAYS, contents, strict=True):
        with (folder / f"{name}.npy").open("xb") as file:
            _write_array(file, blocks, digest)
            _sync(file)
    return digest.hexdigest()


def _write_array(file: BinaryIO, blocks: Sequence[Bytes], digest: hashlib._Hash) -> None:
    """Write blocks as one ``.npy`` without joining them in memory."""
    shape = (sum(map(len, blocks)), *blocks[0].shape[1:])
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    for block in blocks:
        whole = np.ascontiguousarray(block).data
        digest.update(whole)
        file.write(whole)


def _write_info(path: Path, info: Info) -> None:
    with path.open("xb") as file:
        file.write(json.dumps(asdict(info), indent=1).encode())
        _sync(file)


def _install(finished: Path, folder: Path, aside: Path) -> None:
    """Rename ``finished`` to ``folder``; a damaged set that stands there goes to ``aside``."""
    while True:
        try:
            finished.rename(folder)
        except OSError as cause:
            if cause.errno not in _OCCUPIED:
                raise
        else:
            return
        if is_prepared(folder):
            return
        with suppress(FileNotFoundError):  # another process has just moved it
            folder.rename(aside)


def _count(batches: Sequence[Batch]) -> int:
    return sum(len(batch.labels) for batch in batches)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
