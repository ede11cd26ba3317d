"""Fixtures and settings of all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dropsweep", deadline=None)  # a loaded machine is no mistake
settings.load_profile("dropsweep")


@pytest.fixture(scope="session")
def sample() -> Path:
    """A folder with a genuine part of CIFAR-10 in both archive versions."""
    folder = os.environ.get("DROPSWEEP_TEST_DATA")
    if not folder:
        pytest.skip("DROPSWEEP_TEST_DATA names no folder with archives of genuine images")
    return Path(folder)
