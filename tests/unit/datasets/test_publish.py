"""A prepared set appears whole, and one process's set is not spoilt by another's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from dropsweep.datasets import cache
from dropsweep.datasets import publish as module
from dropsweep.datasets.publish import publish
from tests.unit.datasets.tiny import TinySet, tiny_set

if TYPE_CHECKING:
    from pathlib import Path


def _publish(folder: Path, tiny: TinySet) -> None:
    *train, test = tiny.batches
    publish(folder, train, [test], identity=None, source="a", source_sha256="0")


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

    monkeypatch.setattr(module, "_write_info", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _publish(tmp_path / "set", tiny)
    assert list(tmp_path.iterdir()) == []
