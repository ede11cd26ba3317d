"""The nets that are kept beside their run files."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from dropsweep import files
from dropsweep.errors import ResultsError
from dropsweep.files import encode_arrays as encode
from tests.factories import make_record, make_spec

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.results import ResultsFolder

RECORD = make_record(make_spec(0.5, keep_parameters=True))
KEPT = {"W1": np.arange(6, dtype=np.float32).reshape(2, 3), "activation1.zero": np.array(0.25)}
OTHER = {"W1": np.zeros((2, 3), np.float32)}


def npz(folder: ResultsFolder) -> Path:
    """The path of the run's parameters, by the design."""
    return folder.path / "parameters" / f"{RECORD.run_id}.npz"


def assert_kept(folder: ResultsFolder, expected: dict[str, Any]) -> None:
    """The run's arrays are these, in every bit."""
    found = folder.read_parameters(RECORD)
    assert found is not None
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def refuse_to_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Die where the run file would be written."""

    def die(*_: Any, **__: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "publish_once", die)


def test_what_is_kept_is_read_back(folder: ResultsFolder) -> None:
    """Names, shapes, types and bits survive, and NumPy alone can read the file."""
    folder.publish(RECORD, KEPT)
    assert_kept(folder, KEPT)
    with np.load(npz(folder), allow_pickle=False) as content:
        assert content.files == list(KEPT)


def test_equal_arrays_are_equal_bytes() -> None:
    """No date is in the file, so that a run tried again leaves what the first try left."""
    content = encode(KEPT)
    assert content == encode(dict(KEPT))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_they_are_there_before_their_run_is(
    folder: ResultsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash in between leaves no run without them; the repeated run replaces what it left."""
    with monkeypatch.context() as context:
        refuse_to_publish(context)
        with pytest.raises(KeyboardInterrupt):
            folder.publish(RECORD, OTHER)
    assert npz(folder).exists()
    assert folder.run_ids() == []
    folder.publish(RECORD, KEPT)
    assert_kept(folder, KEPT)


def test_those_of_a_finished_run_stay(folder: ResultsFolder) -> None:
    """A second writer, perhaps on a machine that rounds differently, replaces nothing."""
    folder.publish(RECORD, KEPT)
    assert not folder.publish(RECORD, OTHER)
    assert_kept(folder, KEPT)


def test_those_that_were_lost_are_put_back(folder: ResultsFolder) -> None:
    """A finished run gets its parameters again if they are missing or damaged."""
    folder.publish(RECORD, KEPT)
    npz(folder).unlink()
    folder.publish(RECORD, KEPT)
    assert_kept(folder, KEPT)
    npz(folder).write_bytes(b"damaged")
    folder.publish(RECORD, KEPT)
    assert_kept(folder, KEPT)


def damage_cut(content: bytes) -> bytes:
    """Half a file."""
    return content[: len(content) // 2]


def damage_bit(content: bytes) -> bytes:
    """One bit of the first array is another."""
    at = content.index(KEPT["W1"].tobytes())
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def damage_pickle(_: bytes) -> bytes:
    """Objects, which would run code when they are read."""
    buffer = io.BytesIO()
    np.savez(buffer, W1=np.array([{"code": 1}], dtype=object))
    return buffer.getvalue()


def damage_empty(_: bytes) -> bytes:
    """No bytes."""
    return b""


@pytest.mark.parametrize("damage", [damage_cut, damage_bit, damage_pickle, damage_empty])
def test_damage_is_as_if_nothing_was_kept(folder: ResultsFolder, damage: Any) -> None:
    """No array is believed of a file that is not what was written, and none of its code runs."""
    folder.publish(RECORD, KEPT)
    npz(folder).write_bytes(damage(npz(folder).read_bytes()))
    assert folder.read_parameters(RECORD) is None


def test_a_run_that_does_not_ask_leaves_nothing(folder: ResultsFolder) -> None:
    """Neither a file nor a folder."""
    plain = make_record(make_spec(0.5))
    folder.publish(plain)
    assert folder.read_parameters(plain) is None
    assert not (folder.path / "parameters").exists()


def test_a_full_disk_leaves_neither(folder: ResultsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write that is refused is told, and the run stays missing."""

    def refuse(*_: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ResultsError, match="disk is full"):
        folder.publish(RECORD, KEPT)
    assert [path for path in folder.path.rglob("*") if path.is_file()] == []


def test_what_the_dead_left_is_cleared_away(folder: ResultsFolder) -> None:
    """Old temporaries go; what is whole stays."""
    folder.publish(RECORD, KEPT)
    leftover = npz(folder).with_name(".a.npz.gone.1.0.tmp")
    leftover.touch()
    os.utime(leftover, (1, 1))
    folder.create()
    assert [path.name for path in npz(folder).parent.iterdir()] == [npz(folder).name]
