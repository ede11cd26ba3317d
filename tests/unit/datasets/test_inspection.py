"""``data info`` shows what a sweep would use; ``data verify`` notices any altered byte of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dropsweep.datasets import describe, official, verify
from dropsweep.datasets.inspection import Description
from dropsweep.errors import DataError
from tests.factories import prepare
from tests.unit.datasets.tiny import TinySet, forbidden, tiny_set, write_archive, write_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "identity", "train", "test"),
    [("cifar10", "cifar10", 50_000, 10_000), ("synthetic", "synthetic-1", 5000, 1000)],
)
def test_absent_data(tmp_path: Path, name: str, identity: str, train: int, test: int) -> None:
    """Before anything is there, what would come and where; the folder is not even made."""
    data_dir = tmp_path / "data"
    expected = Description(data_dir, "absent", identity, train, test, None, 0)
    assert describe(name, path=None, data_dir=data_dir) == expected
    assert not data_dir.exists()


def test_a_found_archive(published: Path, tmp_path: Path) -> None:
    """An official archive is described by its published facts, without being prepared."""
    archive = official.PYTHON_ARCHIVE
    path = tmp_path / archive.name
    shutil.copy(published / archive.name, path)
    assert describe("cifar10", path=None, data_dir=tmp_path) == Description(
        path, "archive", "cifar10", 50_000, 10_000, archive.sha256, archive.bytes
    )
    assert list(tmp_path.iterdir()) == [path]


def test_a_given_folder_before_and_after(tmp_path: Path, tiny: TinySet) -> None:
    """Someone's own set is a folder of unknown identity first, and a prepared set then."""
    path = write_folder(tmp_path, tiny.binary)
    before = describe("cifar10", path=path, data_dir=tmp_path / "data")
    assert (before.form, before.identity, before.train_images) == ("folder", None, None)
    assert before.bytes == 18 * 3073
    folder = prepare("cifar10", tmp_path / "data", path)
    after = describe("cifar10", path=path, data_dir=tmp_path / "data")
    assert (after.where, after.form, after.train_images, after.test_images) == (
        folder,
        "prepared",
        15,
        3,
    )
    assert (after.sha256, str(after.identity)[:7]) == (before.sha256, "sha256:")


def test_altered_data_are_told(tmp_path: Path, tiny: TinySet) -> None:
    """A file with nothing official but its name is an error here as in a run."""
    write_archive(tmp_path / official.PYTHON_ARCHIVE.name, tiny.python)
    with pytest.raises(DataError, match="not CIFAR-10"):
        describe("cifar10", path=None, data_dir=tmp_path)


def _flip_last_byte(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def test_everything_is_checked(published: Path, tmp_path: Path, tiny: TinySet) -> None:
    """The prepared set, an archive, a folder and a given path: all good, then all altered."""
    archive = tmp_path / official.BINARY_ARCHIVE.name
    shutil.copy(published / archive.name, archive)
    prepared = prepare("cifar10", tmp_path)
    folder = write_folder(tmp_path, tiny.python)
    own = write_archive(tmp_path / "own", tiny_set(seed=8).binary)

    checks = verify(path=own, data_dir=tmp_path)
    assert [check.what for check in checks] == [prepared, folder, archive, own]
    assert all(check.ok for check in checks)
    assert "not the full CIFAR-10" in checks[-1].detail

    for file in (prepared / "test_labels.npy", folder / "data_batch_4", archive, own):
        _flip_last_byte(file)
    checks = verify(path=own, data_dir=tmp_path)
    assert [check.ok for check in checks] == [False] * 4
    assert all(check.remedy.startswith("delete it") for check in checks[:3])
    assert "download it again" in checks[3].remedy


def test_a_damaged_prepared_set_is_a_finding(tmp_path: Path) -> None:
    """A prepared folder without its files is reported, not raised."""
    (tmp_path / "dropsweep-cache" / "cifar10").mkdir(parents=True)
    (check,) = verify(path=None, data_dir=tmp_path)
    assert not check.ok
    assert "damaged" in check.detail


def test_nothing_there_is_nothing_to_check(tmp_path: Path) -> None:
    """An absent data directory gives no checks."""
    assert verify(path=None, data_dir=tmp_path / "absent") == []


def test_batches_packed_again_are_as_published(
    published: Path, tmp_path: Path, tiny: TinySet
) -> None:
    """The official members in another archive are not called less than the full set."""
    own = write_archive(tmp_path / "own", tiny.binary | {"extra": b""})
    (check,) = verify(path=own, data_dir=published / "absent")
    assert check.ok
    assert "as published" in check.detail


def test_altered_sums_are_noticed(published: Path, tmp_path: Path) -> None:
    """The sums beside the images are computed again, for a net would be trained with them."""
    shutil.copy(published / official.BINARY_ARCHIVE.name, tmp_path)
    prepared = prepare("cifar10", tmp_path)
    _flip_last_byte(prepared / "train_sums.npy")
    check = verify(path=None, data_dir=tmp_path)[0]
    assert not check.ok
    assert "sums" in check.detail
    assert "delete it" in check.remedy


def test_unreadable_data_are_not_absent(open_folder: Path, tiny: TinySet) -> None:
    """A cache or a set that may not be read is reported as that, with a remedy of its own."""
    own = write_archive(open_folder / "own", tiny.binary)
    prepared = prepare("cifar10", open_folder, own)
    with forbidden(prepared):
        (check,) = verify(path=None, data_dir=open_folder)
    assert not check.ok
    assert "Permission denied" in check.detail
    assert check.remedy.startswith("make it readable")
    with forbidden(prepared.parent), pytest.raises(DataError, match="Permission denied"):
        verify(path=None, data_dir=open_folder)
