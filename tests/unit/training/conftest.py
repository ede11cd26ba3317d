"""Data for whole runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dropsweep import datasets

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic images."""
    return datasets.prepare(
        "synthetic",
        path=None,
        data_dir=tmp_path_factory.mktemp("data"),
        offline=True,
        on_note=lambda _: None,
        on_progress=lambda _done, _total: None,
    )
