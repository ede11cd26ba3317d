"""A prepared set is opened as it was written, or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.datasets import cache
from dropsweep.datasets.publish import publish
from dropsweep.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.datasets.tiny import TinySet


@pytest.fixture
def folder(tmp_path: Path, tiny: TinySet) -> Path:
    """A prepared tiny set."""
    folder = cache.prepared_folder(tmp_path, "tiny")
    *train, test = tiny.batches
    publish(folder, train, [test], identity="tiny", source="a.tar.gz", source_sha256="abc")
    return folder


def test_arrays_come_back_mapped(folder: Path, tiny: TinySet) -> None:
    """Training batches are joined in order; arrays are uint8, mapped and read-only."""
    data = cache.open_prepared(folder)
    train = np.concatenate([batch.images for batch in tiny.batches[:5]])
    np.testing.assert_array_equal(data.train_images, train)
    np.testing.assert_array_equal(data.test_images, tiny.batches[5].images)
    np.testing.assert_array_equal(data.test_labels, tiny.batches[5].labels)
    assert data.train_labels[3] == tiny.batches[1].labels[0]
    assert (data.identity, data.source_sha256) == ("tiny", "abc")
    assert isinstance(data.train_images, np.memmap)
    assert not data.train_images.flags.writeable


@pytest.mark.parametrize("name", [*cache.ARRAYS, "info"])
@pytest.mark.parametrize("change", ["cut", "longer", "empty", "gone"])
def test_a_file_of_another_size_is_noticed(folder: Path, name: str, change: str) -> None:
    """A cut, grown, emptied or missing file makes the set count as not prepared."""
    file = next(folder.glob(f"{name}.*"))
    raw = file.read_bytes()
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": raw[:-1], "longer": raw + b"x", "empty": b""}[change])
    assert not cache.is_prepared(folder)
    with pytest.raises(DataError, match="damaged"):
        cache.open_prepared(folder)


def test_an_array_of_another_shape_is_noticed(folder: Path) -> None:
    """A whole file with one label more than ``info.json`` counts does not pass."""
    np.save(folder / "test_labels.npy", np.zeros(4, np.uint8))
    assert not cache.is_prepared(folder)


def test_another_layout_is_not_opened(folder: Path) -> None:
    """A set of another layout version is prepared again rather than misread."""
    info = json.loads((folder / "info.json").read_text())
    (folder / "info.json").write_text(json.dumps(info | {"layout": cache.LAYOUT + 1}))
    assert not cache.is_prepared(folder)


def test_the_content_hash_covers_labels_and_pixels(folder: Path) -> None:
    """Any altered byte of the four arrays changes the hash that verify compares."""
    before = cache.content_sha256(folder)
    assert before == cache.read_info(folder).content_sha256
    for name in cache.ARRAYS:
        file = folder / f"{name}.npy"
        raw = file.read_bytes()
        file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
        assert cache.content_sha256(folder) != before
        file.write_bytes(raw)


def test_unreadable_is_not_damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that may not be read is reported, never prepared over."""

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(DataError, match="Permission denied"):
        cache.is_prepared(folder)
