"""The published facts are complete and well formed."""

from __future__ import annotations

import re

import pytest

from dropsweep.datasets import official


@pytest.mark.parametrize(("layout", "digits"), [(official.PYTHON, 32), (official.BINARY, 64)])
def test_every_batch_has_a_digest_of_its_algorithm(layout: official.Layout, digits: int) -> None:
    """Five training batches in order, then the test batch, each with a whole digest."""
    assert [re.sub(r"\D", "", name) for name in layout.digests] == ["1", "2", "3", "4", "5", ""]
    assert list(layout.digests)[-1].startswith("test_batch")
    assert all(re.fullmatch(f"[0-9a-f]{{{digits}}}", value) for value in layout.digests.values())
    assert len(set(layout.digests.values())) == 6


@pytest.mark.parametrize("archive", official.ARCHIVES)
def test_the_university_s_host_is_asked_last(archive: official.Archive) -> None:
    """Mirrors come first, all over https, and every URL is of the archive's own file."""
    assert archive.urls[-1] == f"https://www.cs.toronto.edu/~kriz/{archive.name}"
    assert all(url.startswith("https://") and archive.name in url for url in archive.urls)
    assert re.fullmatch("[0-9a-f]{64}", archive.sha256)
