"""Hundreds of damaged and hostile archives: refused with a sentence, with nothing left of them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep.datasets import archive, official
from dropsweep.errors import Exit
from tests.unit.datasets.tiny import tiny_set, write_archive
from tests.user.in_process import dropsweep, listing, own_signals
from tests.user.mutations import mutate_bytes, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

EACH = 70
OWN = Path("own.tar.gz")
VERSIONS = {"binary": tiny_set().binary, "python": tiny_set().python}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that holds an earlier set, and must go on holding just that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", str(tmp_path / "data"))
    with own_signals():
        assert fetch(write_archive(OWN, tiny_set(8).binary)).exit_code == Exit.DONE
        yield tmp_path / "data"


def fetch(path: Path) -> Result:
    """Take an archive as one's own data, as `run` takes `dataset.path`."""
    return dropsweep("data", "fetch", "--path", path)


def assert_refused(content: bytes, *, accepted: bool = False) -> bool:
    """Exit 3 with a sentence that names the archive; the current folder and the cache as before.

    An altered archive may, with ``accepted``, still be a set of images; returns whether it is.
    """
    OWN.write_bytes(content)
    before = listing(Path())
    result = fetch(OWN)
    if accepted and result.exit_code == Exit.DONE:
        return True
    assert result.exit_code == Exit.DATA, result.output
    assert result.stderr.startswith(f"Error: {OWN}")
    assert len(result.stderr.splitlines()) == 2
    assert listing(Path()) == before
    return False


def packed(files: dict[str, bytes], tmp_path: Path, **extra: Any) -> bytes:
    """The bytes of a gzipped archive."""
    return write_archive(tmp_path / "packed", files, **extra).read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
def test_damage_to_the_compressed_bytes(tmp_path: Path, version: str) -> None:
    """Flipped, cut, doubled or moved bytes are noticed by gzip, whatever they mean."""
    raw, rng = packed(VERSIONS[version], tmp_path), seeded(version)
    for _ in range(EACH):
        damaged = mutate_bytes(raw, rng)
        if damaged[10:] != raw[10:]:  # gzip's checksum does not cover its own header
            assert_refused(damaged, accepted=damaged.startswith(raw))


@pytest.mark.parametrize("version", VERSIONS)
def test_damage_behind_a_right_checksum(tmp_path: Path, version: str) -> None:
    """Of an archive altered before it was packed, only what reads as images is taken."""
    plain, rng = gzip.decompress(packed(VERSIONS[version], tmp_path)), seeded(version)
    taken = 0
    for _ in range(EACH):
        block = 512 * rng.randrange(len(plain) // 512)
        near = plain[block : block + 1024]  # headers and content are hit as often
        damaged = plain[:block] + mutate_bytes(near, rng) + plain[block + 1024 :]
        taken += assert_refused(gzip.compress(damaged, 1), accepted=True)
    assert taken < EACH


@pytest.mark.parametrize("version", VERSIONS)
def test_members_that_are_not_what_they_should_be(tmp_path: Path, version: str) -> None:
    """Left out, doubled, renamed, cut, emptied or filled with noise: refused."""
    files = VERSIONS[version]
    rng = seeded(version)
    for name, content in files.items():
        others = {other: kept for other, kept in files.items() if other != name}
        folder, _, last = name.rpartition("/")
        for changed in (
            others,
            others | {f"{folder}/{last.upper()}": content},
            others | {f"./../{name}": content},
            others | {f"/{name}": content},
            others | {name: content[: rng.randrange(1, len(content) - 1)]},
            others | {name: b""},
            others | {name: rng.randbytes(500)},
            others | {name: content + b"\x0b"} if version == "binary" else others,
        ):
            assert_refused(packed(changed, tmp_path))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_members_that_are_no_files(tmp_path: Path, kind: bytes) -> None:
    """A link, a pipe or a device under a batch's name is refused, and never opened."""
    files = dict(VERSIONS["binary"])
    odd = tarfile.TarInfo(official.BINARY.members[3])
    odd.type, odd.linkname = kind, "/dev/zero"
    del files[odd.name]
    assert_refused(packed(files, tmp_path, extra=[odd]))


@pytest.mark.parametrize("size", [-512, -1, 10**9, 1 << 40, 1 << 62])
@pytest.mark.parametrize("name", [official.BINARY.members[0], "readme.html", "x" * 200])
def test_members_that_lie_about_their_size(tmp_path: Path, size: int, name: str) -> None:
    """A size that is not there ends in a refusal and not in a search; below nothing is nothing."""
    header = tarfile.TarInfo(name)
    header.size = size
    lying = header.tobuf(tarfile.GNU_FORMAT)
    content = lying + gzip.decompress(packed(VERSIONS["binary"], tmp_path))
    assert_refused(gzip.compress(content), accepted=size < 0)


def test_long_names_upon_long_names(tmp_path: Path) -> None:
    """Headers that announce headers without end are refused."""
    announcement = tarfile.TarInfo("././@LongLink")
    announcement.type, announcement.size = tarfile.GNUTYPE_LONGNAME, 2
    chain = (announcement.tobuf(tarfile.GNU_FORMAT) + b"x\0".ljust(512, b"\0")) * 5000
    assert_refused(gzip.compress(chain + gzip.decompress(packed(VERSIONS["binary"], tmp_path))))


@pytest.mark.parametrize(
    "pack",
    [bz2.compress, lzma.compress, lambda raw: gzip.compress(gzip.compress(raw))],
    ids=["bz2", "xz", "gzip in gzip"],
)
def test_another_compression(tmp_path: Path, pack: Any) -> None:
    """An archive packed in another way is refused under any name."""
    assert_refused(pack(gzip.decompress(packed(VERSIONS["python"], tmp_path))))


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_bomb(monkeypatch: pytest.MonkeyPatch, kind: bytes) -> None:
    """A small file that unpacks to very much takes no more memory than the limit on unpacking."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", 8 << 20)
    header = tarfile.TarInfo("bomb")
    header.type, header.size = kind, 64 << 20
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(64):
            file.write(bytes(1 << 20))
    tracemalloc.start()
    assert_refused(stream.getvalue())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20


@pytest.mark.parametrize(
    "content",
    [
        *(f"c{module}\n{name}\n(U\x02idtR.".encode() for module, name in (
            ("os", "system"), ("builtins", "eval"), ("numpy", "load"), ("subprocess", "Popen"),
            ("numpy.core.multiarray", "scalar"), ("numpy", "memmap"), ("copyreg", "__newobj__"),
            ("__builtin__", "getattr"), ("posix", "fork"),
        )),
        *(pickle.dumps({b"data": data, b"labels": labels}, 2) for data in (None, [1], b"x", 1.5)
          for labels in ([0] * 3, None, [300], ["a"], [-1], (0,))),
        pickle.dumps([]), pickle.dumps({}), b".", b"(" * 100_000,
        b"]" * 50_000 + b"a" * 49_999 + b".", b"\x80\x02" + b"\x8e" + b"\xff" * 7 + b"\x7f",
        b"\x80\x02T\xff\xff\xff\x7f",
        b"J\xff\xff\xff\x7fr\xff\xff\xff\x7f.",
    ],
)  # fmt: skip
def test_pickles_that_are_no_batches(tmp_path: Path, content: bytes) -> None:
    """Other globals, other types, bottomless nesting, lengths that are not there: refused."""
    assert_refused(packed(VERSIONS["python"] | {official.PYTHON.members[2]: content}, tmp_path))
