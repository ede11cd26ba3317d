"""Fixtures of several parts of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_folder

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.results import ResultsFolder


@pytest.fixture
def folder(tmp_path: Path) -> ResultsFolder:
    """A new, empty results folder."""
    return make_folder(tmp_path / "sweep")
