"""Tiny archives in the official layouts, made on the spot."""

from __future__ import annotations

import io
import os
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.datasets import official
from dropsweep.datasets.dataset import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PER_BATCH = 3


@dataclass(frozen=True)
class TinySet:
    """Six batches of a few random images, in either version."""

    batches: tuple[Batch, ...]

    @property
    def binary(self) -> dict[str, bytes]:
        """Member name to bytes, in the binary version."""
        records = [np.column_stack([batch.labels, batch.images]) for batch in self.batches]
        return dict(zip(official.BINARY.members, map(np.ndarray.tobytes, records), strict=True))

    @property
    def python(self) -> dict[str, bytes]:
        """Member name to bytes, in the Python version."""
        pickles = [python2_pickle(batch) for batch in self.batches]
        return dict(zip(official.PYTHON.members, pickles, strict=True))


def python2_pickle(batch: Batch) -> bytes:
    """A batch as Python 2 pickled it: protocol 2, byte strings, ``align=0`` in the dtype."""
    raw = batch.images.tobytes()
    labels = b"".join(b"K" + bytes([label]) for label in batch.labels.tolist())
    return b"".join(
        [
            b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\n",
            b"cnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01",
            b"J" + len(batch.images).to_bytes(4, "little") + b"M\x00\x0c\x86",
            b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff",
            b"K\x00tb\x89T" + len(raw).to_bytes(4, "little") + raw + b"tb",
            b"U\x06labels](" + labels + b"eu.",
        ]
    )


def write_archive(
    path: Path, files: Mapping[str, bytes], extra: Sequence[tarfile.TarInfo] = ()
) -> Path:
    """A gzipped tar archive of ``files``, after ``extra`` members without content."""
    with tarfile.open(path, "w:gz") as tar:
        for member in extra:
            tar.addfile(member)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def write_folder(parent: Path, files: Mapping[str, bytes]) -> Path:
    """The same files extracted below ``parent``; the folder that holds them."""
    for name, content in files.items():
        (parent / name).parent.mkdir(parents=True, exist_ok=True)
        (parent / name).write_bytes(content)
    return (parent / next(iter(files))).parent


def tiny_set(seed: int = 7) -> TinySet:
    """Five training batches and a test batch of three images each."""
    rng = np.random.default_rng(seed)
    batches = [
        Batch(
            rng.integers(256, size=(PER_BATCH, 3072), dtype=np.uint8),
            rng.integers(10, size=PER_BATCH, dtype=np.uint8),
        )
        for _ in range(6)
    ]
    return TinySet(tuple(batches))


@contextmanager
def forbidden(folder: Path) -> Iterator[None]:
    """A folder that may not be searched; root, who may do so anyway, is another user meanwhile."""
    import mmap  # now, for another user may not be able to read Python's own files

    assert mmap
    is_root = os.geteuid() == 0
    folder.chmod(0)
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)
