"""The user's own arrays: what is prepared of them, and what is refused."""

from __future__ import annotations

import os
import re
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep import errors
from dropsweep.datasets import cache, facts, open_prepared, verify
from tests.factories import prepare
from tests.unit.datasets.npz import DAMAGED, LONG, arrays, changed, npy, packed

if TYPE_CHECKING:
    from dropsweep.datasets import Dataset

FLAT = 48 << 20
"""Bytes of memory that preparing takes at most: a few blocks."""


def prepared(folder: Path, **members: Any) -> Path:
    """The prepared set of these arrays."""
    path = folder / "my.npz"
    np.savez(path, **members)
    return prepared_file(path, folder)


def prepared_file(path: Path, folder: Path) -> Path:
    """The prepared set of a file."""
    return prepare("arrays", folder / "data", path)


def opened(folder: Path, **members: Any) -> Dataset:
    """The same, memory-mapped."""
    return open_prepared(prepared(folder, **members))


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_cannot_be_used_is_refused(damage: str, tmp_path: Path) -> None:
    """With one clear message, in little memory, and without a trace in the data directory."""
    make, words = DAMAGED[damage]
    path = tmp_path / "my.npz"
    path.write_bytes(make())
    tracemalloc.start()
    with pytest.raises(errors.DataError) as raised:
        prepared_file(path, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert words in str(raised.value)
    assert str(path) in raised.value.what
    assert raised.value.remedy
    assert peak < FLAT
    assert not [each for each in (tmp_path / "data").rglob("*") if each.is_file()]
    assert not Path("/tmp/dropsweep-was-here").exists()  # noqa: S108 - as a pickle would have it


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Those of the headers together; and those of the rows, each with its first row."""
    with pytest.raises(errors.DataError, match="2 mistakes") as raised:
        prepared(tmp_path, x=np.ones((9, 2), int), y=np.ones(9))
    assert re.search(r"x is int64.*\n.*y is float64", raised.value.what)
    x = changed(50, np.nan, 60)
    x[55, 0] = np.inf
    test = {"x_test": changed(4, np.inf, 9), "y_test": np.array([0, 1, 2] * 2 + [7, 8, 9])}
    with pytest.raises(errors.DataError, match="4 mistakes") as raised:
        prepared(tmp_path, x=x, y=np.zeros(60, int), **test)
    for words in ("class 0", "nan in row 50", "inf in row 4", "class 1 in row 1"):
        assert words in raised.value.what
    assert "row 55" not in raised.value.what


@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", "float64", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_are_prepared_as_they_are(dtype: str, order: Any, tmp_path: Path) -> None:
    """Bytes stay bytes, floats stay as exact as they were, in every order and compressed or not."""
    x = np.random.default_rng(0).integers(200, size=(70, 6)).astype(dtype, order=order)
    y = np.arange(70) % 4
    data = opened(tmp_path, x=x, y=y, x_test=x[:9], y_test=y[:9])
    np.testing.assert_array_equal(data.train_images, x)
    np.testing.assert_array_equal(data.train_labels, y)
    np.testing.assert_array_equal(data.test_images, x[:9])
    stored = {"uint8": "uint8", "float16": "float32", "float32": "float32"}.get(dtype, "float64")
    assert data.train_images.dtype == stored
    assert isinstance(data.train_images, np.memmap)
    np.savez_compressed(tmp_path / "small.npz", x=x, y=y, x_test=x[:9], y_test=y[:9])
    assert open_prepared(prepared_file(tmp_path / "small.npz", tmp_path)).identity == data.identity


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["dog", "cat", "ox"]), np.array([b"dog", b"cat", b"ox"]),
        np.array([7, -3, 10**12]), np.array([2**63, 0, 2**64 - 1], np.uint64),
        np.array(["dog", "cat", "œuvre"]),
    ],
    ids=str,
)  # fmt: skip
def test_labels_are_the_places_of_sorted_classes(labels: Any, tmp_path: Path) -> None:
    """Integers and text alike; the largest class's share is the level of chance."""
    codes = np.array([0] * 5 + [1] * 3 + [2] * 2)
    folder = prepared(tmp_path, x=np.arange(20.0).reshape(10, 2), y=labels[codes])
    order = np.argsort(np.argsort(labels))
    np.testing.assert_array_equal(open_prepared(folder).train_labels, order[codes])
    found = facts("arrays", folder, Path("some/my.npz"))
    assert (found.content.classes, found.content.chance) == (3, 0.5)
    assert found.content.title == "my.npz"
    assert (found.rows.complete, found.rows.varied_end) == (9, 3)
    assert (found.train_images, found.test_images) == (10, None)


@pytest.mark.parametrize("block", [8, 64, 1 << 20])
def test_the_size_of_a_block_changes_nothing(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums, order and hash are those of the whole."""
    x = np.random.default_rng(1).integers(256, size=(90, 4), dtype=np.uint8)
    y = np.array(list("aab") * 20 + list("c") * 30)
    whole = prepared(tmp_path, x=x, y=y)
    monkeypatch.setattr("dropsweep.datasets.npz._BLOCK_BYTES", block)
    blocks = prepared_file(tmp_path / "my.npz", tmp_path / "again")
    assert cache.read_info(whole) == cache.read_info(blocks)
    data = open_prepared(blocks)
    np.testing.assert_array_equal(data.sums[0], x.sum(axis=0))
    assert cache.find_change(blocks) == ""
    rows = cache.read_info(blocks).rows
    assert (rows.complete, rows.varied_end) == (61, 31)


def test_pictures_are_stored_plane_by_plane(tmp_path: Path) -> None:
    """As CIFAR-10's are, so that the same pictures give the same numbers."""
    x = np.random.default_rng(0).integers(256, size=(12, 4, 5, 3), dtype=np.uint8)
    folder = prepared(tmp_path, x=x, y=np.arange(12) % 2)
    data, content = open_prepared(folder), facts("arrays", folder).content
    assert content.shape == content.picture == (3, 4, 5)
    for row, stored in zip(x, data.train_images, strict=True):
        np.testing.assert_array_equal(stored.reshape(3, 4, 5), row.transpose(2, 0, 1))
    grey = facts("arrays", prepared(tmp_path, x=x[..., 0], y=np.arange(12) % 2)).content
    assert grey.picture == (1, 4, 5)
    assert (
        facts("arrays", prepared(tmp_path, x=x[:, 0, 0], y=np.arange(12) % 2)).content.picture
        is None
    )


def test_the_identity_is_that_of_the_numbers(tmp_path: Path) -> None:
    """Other rows, labels, types and shapes are other data; names and compression are not."""
    x, y = np.arange(48, dtype=np.uint8).reshape(12, 4), np.arange(12) % 2
    members: list[dict[str, Any]] = [
        {"x": x, "y": y},
        {"x": x[::-1], "y": y},
        {"x": x, "y": y[::-1]},
        {"x": x.astype("f4"), "y": y},
        {"x": x.astype("f8"), "y": y},
        {"x": x.view("f4"), "y": y},
        {"x": x[:11], "y": y[:11]},
        {"x": x[:9], "y": y[:9], "x_test": x[9:], "y_test": y[9:]},
        {"x": x.reshape(12, 2, 2), "y": y},
    ]
    identities = {opened(tmp_path, **each).identity for each in members}
    assert len(identities) == len(members)
    assert all(re.fullmatch("arrays:[0-9a-f]{64}", each) for each in identities)
    assert opened(tmp_path, x=x, y=y + 5).identity in identities
    assert opened(tmp_path, x=x, y=y, notes=np.array("mine")).identity in identities


def test_a_prepared_set_is_found_and_verified(tmp_path: Path) -> None:
    """The second preparation reads the file only to hash it; `data verify` hashes it again."""
    folder = prepared(tmp_path, **arrays())
    before = (folder / "info.json").stat().st_ino
    assert prepared_file(tmp_path / "my.npz", tmp_path) == folder
    assert (folder / "info.json").stat().st_ino == before
    assert [each.ok for each in verify(path=None, data_dir=tmp_path / "data")] == [True]
    with (folder / "train_images.npy").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x7f")
    assert [each.ok for each in verify(path=None, data_dir=tmp_path / "data")] == [False]


def test_a_place_without_a_file_is_no_data(tmp_path: Path) -> None:
    """A missing file, a folder, a pipe and an address each have their sentence."""
    os.mkfifo(tmp_path / "pipe.npz")
    for name, words in (
        ("none.npz", "no such file"),
        ("", "folder"),
        ("pipe.npz", "pipe"),
    ):
        with pytest.raises(errors.DataError, match=words):
            prepared_file(tmp_path / name, tmp_path)
    with pytest.raises(errors.DataError, match="address"):
        prepared_file(Path("https://example.org/my.npz"), tmp_path)


def test_memory_is_flat(tmp_path: Path) -> None:
    """A hundred megabytes of good rows are prepared a block at a time, by row or by column."""
    x = np.random.default_rng(0).random((LONG, 190), "f4")
    for order in ("C", "F"):
        path = tmp_path / f"{order}.npz"
        path.write_bytes(packed(x=npy(np.asarray(x, order=order)), y=np.arange(LONG) % 5))
        tracemalloc.start()
        folder = prepared_file(path, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < FLAT
        np.testing.assert_array_equal(open_prepared(folder).train_images[::999], x[::999])
