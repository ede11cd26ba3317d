"""A prepared set appears whole, and is opened as it was written or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.datasets import cache, dataset
from dropsweep.datasets.folders import prepared_folder
from dropsweep.errors import DataError
from tests.unit.datasets.tiny import TinySet, tiny_set

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, tiny: TinySet) -> Path:
    """A prepared tiny set."""
    folder = prepared_folder(tmp_path, "tiny")
    *train, test = tiny.batches
    cache.publish(folder, train, [test], identity="tiny", source="a.tar.gz", source_sha256="abc")
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
    assert cache.find_change(folder) == ""
    for name in cache.ARRAYS:
        file = folder / f"{name}.npy"
        raw = file.read_bytes()
        file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
        assert cache.read_info(folder).content_sha256 in cache.find_change(folder)
        file.write_bytes(raw)


def test_sums_of_all_training_images_are_stored(
    folder: Path, tiny: TinySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exact integers, read without the images; in an older set without them, they are computed."""
    train = np.concatenate([batch.images for batch in tiny.batches[:5]]).astype(int)
    older = folder.parent / "older"
    shutil.copytree(folder, older)
    (older / cache.SUMS).unlink()
    assert cache.is_prepared(older)
    for place in (older, folder):
        data = cache.open_prepared(place)
        np.testing.assert_array_equal(data.sums[0], train.sum(axis=0))
        np.testing.assert_array_equal(data.sums[1], (train**2).sum(axis=0))
        assert data.sums.dtype == np.int64
        monkeypatch.setattr(dataset, "pixel_sums", None)  # read, and not computed, the second time


def test_sums_of_another_size_are_noticed(folder: Path) -> None:
    """A cut file of sums makes the set count as not prepared."""
    file = folder / cache.SUMS
    file.write_bytes(file.read_bytes()[:-1])
    assert not cache.is_prepared(folder)


def test_sums_of_some_images_and_the_others_make_all() -> None:
    """Over more images than a block holds, chosen or not, in any order, without rounding."""
    rng = np.random.default_rng(3)
    images = rng.integers(256, size=(2345, 7), dtype=np.uint8)
    images[:, 0] = 255
    chosen = rng.permutation(len(images))
    sums = dataset.pixel_sums(images)
    np.testing.assert_array_equal(sums[0], images.astype(object).sum(axis=0).astype(int))
    np.testing.assert_array_equal(sums[1], (images.astype(object) ** 2).sum(axis=0).astype(int))
    parts = dataset.pixel_sums(images, chosen[:1500]) + dataset.pixel_sums(images, chosen[1500:])
    np.testing.assert_array_equal(parts, sums)


def test_unreadable_is_not_damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that may not be read is reported, never prepared over."""

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(DataError, match="Permission denied"):
        cache.is_prepared(folder)


def _publish(folder: Path, tiny: TinySet) -> None:
    *train, test = tiny.batches
    cache.publish(folder, train, [test], identity=None, source="a", source_sha256="0")


def test_identity_is_the_hash_of_pixels_and_labels(tmp_path: Path, tiny: TinySet) -> None:
    """Training pixels, training labels, test pixels, test labels, in this order."""
    _publish(tmp_path / "set", tiny)
    *train, test = tiny.batches
    parts = [b.images for b in train] + [b.labels for b in train] + [test.images, test.labels]
    expected = hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()
    assert cache.open_prepared(tmp_path / "set").identity == f"sha256:{expected}"


def test_nothing_but_the_set_is_left(tmp_path: Path, tiny: TinySet) -> None:
    """Beside the finished folder there is no temporary one."""
    _publish(tmp_path / "cache" / "set", tiny)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["set"]


def test_the_first_of_two_wins(tmp_path: Path, tiny: TinySet) -> None:
    """A set that is there and whole is left as it is."""
    _publish(tmp_path / "set", tiny)
    before = cache.read_info(tmp_path / "set")
    _publish(tmp_path / "set", tiny_set(seed=8))
    assert cache.read_info(tmp_path / "set") == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_damaged_set_is_replaced(tmp_path: Path, tiny: TinySet) -> None:
    """A set with a cut file gives way, and leaves nothing behind."""
    _publish(tmp_path / "set", tiny)
    (tmp_path / "set" / "train_images.npy").write_bytes(b"")
    _publish(tmp_path / "set", tiny)
    assert cache.is_prepared(tmp_path / "set")
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, tiny: TinySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle leaves neither a set nor a temporary folder."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cache, "write_info", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _publish(tmp_path / "set", tiny)
    assert list(tmp_path.iterdir()) == []
