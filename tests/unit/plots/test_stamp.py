"""What a file says of itself."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from dropsweep.plots import FORMATS, drawings, stamp
from tests.factories import make_sweep


def sealed(file_format: str) -> bytes:
    """A drawn file."""
    (drawing,) = drawings(make_sweep([0.0, 0.5], epochs=1), names=["gap"])
    content = drawing.content(file_format)
    assert content is not None
    return content


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_byte_more_less_or_other_breaks_the_seal(file_format: str) -> None:
    """Wherever it is, also behind the seal."""
    content = sealed(file_format)
    assert stamp.is_whole(content, file_format)
    middle = len(content) // 2
    for damaged in (
        content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        content[:middle] + content[middle + 1 :],
        content[:middle],
        content[:-20],
        content + b" ",
        b"",
    ):
        assert not stamp.is_whole(damaged, file_format)


def test_a_sealed_png_is_sound() -> None:
    """Every chunk has its checksum, and nothing stands behind the last."""
    content = sealed("png")
    assert content.endswith(b"IEND\xaeB`\x82")
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert str(image.info["Comment"]).startswith("dropsweep-seal:")


def test_a_file_of_somebody_else_has_no_stamp() -> None:
    """Nor has one that only looks alike."""
    assert stamp.read(b"a picture of my own") is None
    assert stamp.read(f"{stamp.MARK}{'0' * 63}:gap;".encode()) is None
    assert not stamp.is_ours(b"a picture of my own")
