"""``data verify`` notices any altered byte of what is there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from dropsweep.datasets import official, prepare, verify
from tests.unit.datasets.tiny import TinySet, tiny_set, write_archive, write_folder

if TYPE_CHECKING:
    from pathlib import Path


def _flip_last_byte(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def test_everything_is_checked(published: Path, tmp_path: Path, tiny: TinySet) -> None:
    """The prepared set, an archive, a folder and a given path: all good, then all altered."""
    archive = tmp_path / official.BINARY_ARCHIVE.name
    shutil.copy(published / archive.name, archive)
    prepared = prepare(
        "cifar10",
        path=None,
        data_dir=tmp_path,
        offline=True,
        on_note=lambda _note: None,
        on_progress=lambda _done, _total: None,
    )
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
    remedies = [check.remedy.split(";")[0] for check in checks]
    assert remedies == ["delete it", "delete it", "delete it", "get it afresh from where it came"]


def test_a_damaged_prepared_set_is_a_finding(tmp_path: Path) -> None:
    """A prepared folder without its files is reported, not raised."""
    (tmp_path / "dropsweep-cache" / "cifar10").mkdir(parents=True)
    (check,) = verify(path=None, data_dir=tmp_path)
    assert not check.ok
    assert "damaged" in check.detail


def test_nothing_there_is_nothing_to_check(tmp_path: Path) -> None:
    """An absent data directory gives no checks."""
    assert verify(path=None, data_dir=tmp_path / "absent") == []


def test_batches_packed_anew_are_as_published(
    published: Path, tmp_path: Path, tiny: TinySet
) -> None:
    """The official members in another archive are not called less than the full set."""
    own = write_archive(tmp_path / "own", tiny.binary | {"extra": b""})
    (check,) = verify(path=own, data_dir=published / "absent")
    assert check.ok
    assert "as published" in check.detail
