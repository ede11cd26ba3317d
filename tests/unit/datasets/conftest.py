"""Fixtures of the data tests."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dropsweep.datasets import official
from tests.unit.datasets.tiny import TinySet, tiny_set, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def tiny() -> TinySet:
    """A data set of 15 training and 3 test images."""
    return tiny_set()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A new folder in which every user of this machine may write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def published(
    tiny: TinySet, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with both archives of the tiny set, which pass for the official ones here."""
    folder = tmp_path_factory.mktemp("published")
    archives = []
    for kind, files in ("PYTHON", tiny.python), ("BINARY", tiny.binary):
        archive = getattr(official, f"{kind}_ARCHIVE")
        raw = write_archive(folder / archive.name, files).read_bytes()
        archive = replace(archive, bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest())
        monkeypatch.setattr(official, f"{kind}_ARCHIVE", archive)
        archives.append(archive)
        layout = getattr(official, kind)
        for name, content in files.items():
            digest = hashlib.new(layout.hash_name, content).hexdigest()
            monkeypatch.setitem(layout.digests, Path(name).name, digest)
    monkeypatch.setattr(official, "ARCHIVES", tuple(archives))
    return folder
