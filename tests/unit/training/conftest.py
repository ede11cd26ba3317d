"""Data for whole runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import prepare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic images."""
    return prepare("synthetic", tmp_path_factory.mktemp("data"))
