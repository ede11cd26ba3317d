"""Archives of both versions are read alike, and hostile or damaged ones are refused whole."""

from __future__ import annotations

import gzip
import tarfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.datasets import archive, official
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.errors import DataError, Exit
from tests.unit.datasets.tiny import TinySet, write_archive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dropsweep.datasets.dataset import Batch


def assert_same(found: Sequence[Batch], expected: Sequence[Batch]) -> None:
    """All images and labels equal, batch by batch."""
    for left, right in zip(found, expected, strict=True):
        np.testing.assert_array_equal(left.images, right.images)
        np.testing.assert_array_equal(left.labels, right.labels)


@pytest.mark.parametrize("version", ["python", "binary"])
def test_members_are_read_in_their_own_order(tmp_path: Path, tiny: TinySet, version: str) -> None:
    """Batches come as 1 to 5 and test, whatever their order in the archive."""
    files = dict(reversed(getattr(tiny, version).items()))
    files[f"{next(iter(files))}.html"] = b"not a batch"
    assert_same(ArchiveSource(write_archive(tmp_path / "a", files)).read(), tiny.batches)


def test_binary_records_are_label_then_planes(tmp_path: Path, tiny: TinySet) -> None:
    """The first byte of a record is its label, the next 3072 its pixels."""
    raw = tiny.binary["cifar-10-batches-bin/data_batch_1.bin"]
    first = ArchiveSource(write_archive(tmp_path / "a", tiny.binary)).read()[0]
    assert first.labels[1] == raw[3073]
    assert bytes(first.images[1]) == raw[3074 : 2 * 3073]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_truncated_archive_is_refused(tmp_path: Path, tiny: TinySet, share: float) -> None:
    """A file that ends too soon is no archive, be it in the last bytes."""
    path = write_archive(tmp_path / "a.tar.gz", tiny.binary)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(DataError, match=r"a\.tar\.gz.*intact") as caught:
        ArchiveSource(path).read()
    assert caught.value.exit_code is Exit.DATA
    assert caught.value.remedy


def test_one_flipped_byte_is_noticed_anywhere(tmp_path: Path, tiny: TinySet) -> None:
    """A flipped bit anywhere in the compressed stream or its checksum is refused."""
    path = write_archive(tmp_path / "a", tiny.binary)
    raw = path.read_bytes()
    for place in [*range(20, len(raw), 997), *range(len(raw) - 8, len(raw))]:
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :])
        with pytest.raises(DataError):
            ArchiveSource(path).read()


def test_the_checksum_counts_even_for_pixels(tmp_path: Path, tiny: TinySet) -> None:
    """A pixel altered in a stored, uncompressed stream is caught by gzip's checksum."""
    plain = gzip.decompress(write_archive(tmp_path / "a", tiny.binary).read_bytes())
    stored = bytearray(gzip.compress(plain, compresslevel=0))
    stored[len(stored) // 2] ^= 1
    (tmp_path / "a").write_bytes(stored)
    with pytest.raises(DataError, match="CRC"):
        ArchiveSource(tmp_path / "a").read()


def test_the_archive_is_read_to_its_end(tmp_path: Path, tiny: TinySet) -> None:
    """A wrong checksum is noticed behind any amount of padding after the last member."""
    plain = gzip.decompress(write_archive(tmp_path / "a", tiny.binary).read_bytes())
    raw = bytearray(gzip.compress(plain + bytes(5 << 20)))
    (tmp_path / "a").write_bytes(raw)
    assert_same(ArchiveSource(tmp_path / "a").read(), tiny.batches)
    raw[-8] ^= 1
    (tmp_path / "a").write_bytes(raw)
    with pytest.raises(DataError, match="CRC"):
        ArchiveSource(tmp_path / "a").read()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "cifar-10-batches-bin/../../x", "..\\x"])
def test_a_member_that_points_out_condemns_the_archive(
    tmp_path: Path, tiny: TinySet, name: str
) -> None:
    """Absolute and climbing names are refused even beside six good batches."""
    path = write_archive(tmp_path / "a", tiny.binary, [tarfile.TarInfo(name)])
    with pytest.raises(DataError, match="points out"):
        ArchiveSource(path).read()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_a_link_under_a_wanted_name_is_refused(tmp_path: Path, tiny: TinySet, kind: bytes) -> None:
    """A batch must be a plain file."""
    files = tiny.binary
    link = tarfile.TarInfo(official.BINARY.members[0])
    link.type, link.linkname = kind, "/etc/passwd"
    del files[link.name]
    with pytest.raises(DataError, match="is a link"):
        ArchiveSource(write_archive(tmp_path / "a", files, [link])).read()


def test_missing_members_are_named(tmp_path: Path, tiny: TinySet) -> None:
    """An incomplete archive is refused with the name of what it lacks."""
    files = tiny.python
    del files["cifar-10-batches-py/test_batch"]
    with pytest.raises(DataError, match="lacks test_batch"):
        ArchiveSource(write_archive(tmp_path / "a", files)).read()


@pytest.mark.parametrize("prefix", ["./cifar-10-batches-bin/", "", "./", "mine/deeper/"])
def test_folders_in_an_archive_do_not_matter(tmp_path: Path, tiny: TinySet, prefix: str) -> None:
    """Batches packed with ``./`` in front, in another folder or in none are found by name."""
    files = {prefix + name.rpartition("/")[2]: raw for name, raw in tiny.binary.items()}
    assert_same(ArchiveSource(write_archive(tmp_path / "a", files)).read(), tiny.batches)


def test_an_archive_without_batches_says_what_is_in_it(tmp_path: Path, tiny: TinySet) -> None:
    """No member of either version is called missing where none is there."""
    assert tiny
    with pytest.raises(DataError, match="none of CIFAR-10's batches") as caught:
        ArchiveSource(write_archive(tmp_path / "a", {"cifar-100-python/train": b"x"})).read()
    assert "cifar-100-python/train" in caught.value.what
    assert "data_batch" not in caught.value.what


def test_an_incomplete_binary_archive_lacks_binary_members(tmp_path: Path, tiny: TinySet) -> None:
    """The version that is there decides which names are missing."""
    one = dict([*tiny.binary.items()][:1])
    with pytest.raises(DataError, match=r"lacks data_batch_2\.bin"):
        ArchiveSource(write_archive(tmp_path / "a", one)).read()


def test_a_plain_tar_is_read(tmp_path: Path, tiny: TinySet) -> None:
    """An archive that a browser has unzipped is read alike, and refused if it is cut."""
    plain = gzip.decompress(write_archive(tmp_path / "a", tiny.python).read_bytes())
    path = tmp_path / "cifar-10-python.tar"
    path.write_bytes(plain)
    assert_same(ArchiveSource(path).read(), tiny.batches)
    for share in (0.1, 0.5, 0.8):
        path.write_bytes(plain[: int(len(plain) * share)])
        with pytest.raises(DataError, match=r"intact|lacks"):
            ArchiveSource(path).read()


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"BZh9", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\x80\x04\x95", "single batch"),
        (b"\n<!doctype html>", "web page"),
        (b"\x06\x3b\x2c", "unknown kind"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(
    tmp_path: Path, start: bytes, kind: str
) -> None:
    """The error names the kind of file and what is accepted instead."""
    (tmp_path / "a").write_bytes(start + bytes(3072))
    with pytest.raises(DataError, match=kind) as caught:
        ArchiveSource(tmp_path / "a").read()
    assert ".tar.gz" in caught.value.remedy
    assert "folder" in caught.value.remedy


def test_a_member_twice_is_refused(tmp_path: Path, tiny: TinySet) -> None:
    """Two members of one name leave open which is meant."""
    twin = tarfile.TarInfo(official.BINARY.members[0])
    with pytest.raises(DataError, match="twice"):
        ArchiveSource(write_archive(tmp_path / "a", tiny.binary, [twin])).read()


@pytest.mark.parametrize("content", [b"", b"x", b"\x0a" + bytes(3072), bytes(3074)])
def test_wrong_sizes_and_labels_are_refused(tmp_path: Path, tiny: TinySet, content: bytes) -> None:
    """A batch that is empty, cut inside a record, or has a label over 9 is refused by name."""
    name = official.BINARY.members[2]
    path = write_archive(tmp_path / "a", tiny.binary | {name: content})
    with pytest.raises(DataError, match=r"data_batch_3\.bin"):
        ArchiveSource(path).read()


def test_a_hostile_pickle_is_refused_by_name(tmp_path: Path, tiny: TinySet) -> None:
    """A pickle that asks for ``os.system`` gives an error that names the member and the call."""
    name = official.PYTHON.members[1]
    files = tiny.python | {name: b"cos\nsystem\n(U\x04trueE\x85R."}
    with pytest.raises(DataError, match=r"data_batch_2.*os\.system"):
        ArchiveSource(write_archive(tmp_path / "a", files)).read()


def test_bombs_are_refused_before_they_unpack(
    tmp_path: Path, tiny: TinySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member or an archive that unpacks beyond its limit is refused."""
    big = tiny.binary | {official.BINARY.members[0]: bytes(100_000)}
    path = write_archive(tmp_path / "a", big)
    monkeypatch.setattr(archive, "MAX_BYTES", 99_999)
    with pytest.raises(DataError, match="unpacks to more"):
        ArchiveSource(path).read()
    monkeypatch.setattr(archive, "MAX_BYTES", 100_000)
    monkeypatch.setattr(archive, "MAX_UNPACKED", 99_999)
    with pytest.raises(DataError, match="unpacks to more"):
        ArchiveSource(path).read()


def test_only_published_bytes_are_official(published: Path) -> None:
    """An archive is official only by its SHA-256; one more byte makes it different."""
    path = published / official.BINARY_ARCHIVE.name
    assert ArchiveSource(path).difference is None
    path.write_bytes(path.read_bytes() + b"\0")
    difference = ArchiveSource(path).difference
    assert difference is not None
    assert official.BINARY_ARCHIVE.sha256 in difference.expected


def test_genuine_archives_agree(sample: Path) -> None:
    """The binary and the Python version of real images hold equal arrays."""
    python, binary = (ArchiveSource(sample / each.name).read() for each in official.ARCHIVES)
    assert_same(binary, python)
