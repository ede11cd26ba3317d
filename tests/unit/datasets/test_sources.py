"""Extracted folders are read like archives, and are official only by their files' hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.datasets import sources
from dropsweep.datasets.sources import source_at
from dropsweep.errors import DataError
from tests.unit.datasets.tiny import TinySet, write_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("version", ["python", "binary"])
@pytest.mark.parametrize("parent", [True, False])
def test_a_folder_or_its_parent_will_do(
    tmp_path: Path, tiny: TinySet, version: str, parent: bool
) -> None:
    """Both the folder of the batches and the one it lies in lead to the six batches."""
    folder = write_folder(tmp_path, getattr(tiny, version))
    batches = source_at(tmp_path if parent else folder).read()
    for found, expected in zip(batches, tiny.batches, strict=True):
        np.testing.assert_array_equal(found.images, expected.images)
        np.testing.assert_array_equal(found.labels, expected.labels)


def test_the_complete_version_is_preferred(tmp_path: Path, tiny: TinySet) -> None:
    """Beside an incomplete Python version, a complete binary one is found."""
    (write_folder(tmp_path, tiny.python) / "test_batch").unlink()
    binary = write_folder(tmp_path, tiny.binary)
    assert source_at(tmp_path).path == binary


def test_missing_files_are_named(tmp_path: Path, tiny: TinySet) -> None:
    """An incomplete folder is refused with the names of what it lacks."""
    folder = write_folder(tmp_path, tiny.binary)
    (folder / "test_batch.bin").unlink()
    with pytest.raises(DataError, match=r"lacks test_batch\.bin"):
        source_at(folder).read()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("version", ["python", "binary"])
def test_a_folder_is_official_if_all_its_files_are(
    tmp_path: Path, tiny: TinySet, version: str
) -> None:
    """One altered or missing file is named with its hash and the published one."""
    folder = write_folder(tmp_path, getattr(tiny, version))
    assert source_at(folder).difference is None
    file = sorted(folder.iterdir())[3]
    file.write_bytes(file.read_bytes() + b"x")
    difference = source_at(folder).difference
    assert difference is not None
    assert difference.path == file
    file.unlink()
    assert "missing" in str(source_at(folder).difference)


def test_the_hash_covers_every_file(tmp_path: Path, tiny: TinySet) -> None:
    """A change in any of the six files changes the folder's hash."""
    folder = write_folder(tmp_path, tiny.binary)
    hashes = {source_at(folder).sha256}
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes() + b"x")
        hashes.add(source_at(folder).sha256)
    assert len(hashes) == 7


def test_huge_files_are_refused(
    tmp_path: Path, tiny: TinySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch file over the limit is not read into memory."""
    monkeypatch.setattr(sources, "MAX_BYTES", 3 * 3073 - 1)
    with pytest.raises(DataError, match="more than"):
        source_at(write_folder(tmp_path, tiny.binary)).read()
