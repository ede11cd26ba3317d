"""One batch file of either version, from its bytes to checked arrays."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from dropsweep import errors
from dropsweep.datasets import official
from dropsweep.datasets.dataset import CLASSES, PIXELS, Batch
from dropsweep.datasets.unpickler import Refused, read_pickled_batch

MAX_BYTES = 64 << 20
"""Of one file: twice what an official one has."""


def parse(layout: official.Layout, name: str, raw: bytes, where: str) -> Batch:
    """The images and labels in the bytes of batch ``name``; ``where`` is for an error."""
    read = _read_python if layout is official.PYTHON else _read_binary
    batch = _checked(read(raw, where), where)
    digest = hashlib.new(layout.hash_name, raw).hexdigest()
    return replace(batch, published=digest == layout.digests[name])


def _read_python(raw: bytes, where: str) -> Batch:
    try:
        return read_pickled_batch(raw)
    except Refused as cause:
        raise errors.batch_malformed(where, f"this pickle is refused: {cause}") from cause


def _read_binary(raw: bytes, where: str) -> Batch:
    """Records of a label byte and 3072 pixel bytes."""
    if len(raw) % (1 + PIXELS):
        raise errors.batch_malformed(where, f"{len(raw)} bytes are no whole number of records")
    records = np.frombuffer(raw, np.uint8).reshape(-1, 1 + PIXELS)
    return Batch(images=records[:, 1:], labels=records[:, 0])


def _checked(batch: Batch, where: str) -> Batch:
    if not 0 < len(batch.labels) == len(batch.images):
        counts = f"{len(batch.images)} images, {len(batch.labels)} labels"
        raise errors.batch_malformed(where, counts)
    if (largest := int(batch.labels.max())) >= CLASSES:
        raise errors.batch_malformed(where, f"a label is {largest}, the largest class is 9")
    return batch
