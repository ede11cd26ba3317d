"""``data info`` tells what a sweep would use, and changes nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dropsweep.datasets import describe, official, prepare
from dropsweep.datasets.description import Description
from dropsweep.errors import DataError
from tests.unit.datasets.tiny import TinySet, write_archive, write_folder

if TYPE_CHECKING:
    from pathlib import Path


def _prepare(data_dir: Path, path: Path | None = None) -> Path:
    return prepare(
        "cifar10",
        path=path,
        data_dir=data_dir,
        offline=True,
        on_note=lambda _note: None,
        on_progress=lambda _done, _total: None,
    )


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
    folder = _prepare(tmp_path / "data", path)
    after = describe("cifar10", path=path, data_dir=tmp_path / "data")
    assert (after.where, after.form, after.train_images, after.test_images) == (
        folder,
        "prepared",
        15,
        3,
    )
    assert (after.sha256, str(after.identity)[:7]) == (before.sha256, "sha256:")


def test_altered_data_are_told(tmp_path: Path, tiny: TinySet) -> None:
    """What only has an official name is an error here as in a run."""
    write_archive(tmp_path / official.PYTHON_ARCHIVE.name, tiny.python)
    with pytest.raises(DataError, match="not CIFAR-10"):
        describe("cifar10", path=None, data_dir=tmp_path)
