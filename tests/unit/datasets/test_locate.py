"""A name leads to a prepared folder: found before fetched, checked before used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dropsweep
from dropsweep.datasets import (
    default_data_dir,
    describe,
    folders,
    locate,
    official,
    open_prepared,
    synthetic,
    verify,
)
from dropsweep.datasets.archive import ArchiveSource
from dropsweep.errors import DataError, Exit
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY
from tests.unit.datasets.tiny import TinySet, forbidden, tiny_set, write_archive, write_folder

_PREPARE = """
import sys
from pathlib import Path
from dropsweep.datasets import prepare
archive, data_dir = map(Path, sys.argv[1:])
print("ready", flush=True)
sys.stdin.readline()
print(prepare("cifar10", path=archive, data_dir=data_dir, offline=True,
              on_note=lambda note: None, on_progress=lambda done, total: None))
"""


class Listener:
    """Remembers the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def prepare(
        self, data_dir: Path, path: Path | None = None, name: str = "cifar10", offline: bool = True
    ) -> Path:
        """`locate.prepare` with this listener."""
        return locate.prepare(
            name,
            path=path,
            data_dir=data_dir,
            offline=offline,
            on_note=self.notes.append,
            on_progress=lambda _done, _total: None,
        )


@pytest.fixture
def listener() -> Listener:
    """One that has heard nothing yet."""
    return Listener()


def _put(published: Path, data_dir: Path, tiny: TinySet, what: str) -> None:
    """Place the official data in one of the forms that loaders leave."""
    if what.endswith(("gz", "_archive")):
        data_dir.mkdir(exist_ok=True)
        version = "binary" if "binary" in what else "python"
        shutil.copy(published / f"cifar-10-{version}.tar.gz", data_dir / what)
    else:
        files = tiny.binary if "bin" in what else tiny.python
        write_folder((data_dir / what).parent, files)


@pytest.mark.parametrize("given", ["data directory", "path"])
@pytest.mark.parametrize(
    "what",
    [
        "cifar-10-batches-py",
        "cifar-10-batches-bin",
        "cifar-10-batches-py/cifar-10-batches-py",  # Keras 3.5
        "cifar-10-batches-py-target/cifar-10-batches-py",  # Keras since 3.6
        "cifar-10-python/cifar-10-batches-py",  # archive managers
        "CIFAR10/cifar-10-batches-bin",
        "cifar-10-python.tar.gz",
        "cifar-10-binary.tar.gz",
        "cifar-10-batches-py.tar.gz",  # Keras 2
        "cifar-10-batches-py_archive",
        "cifar-10-batches-py-target_archive",
        "cifar-10-python.tgz",
        "cifar-10-python (1).tar.gz",
        "cifar-10-binary.tar (1).gz",
    ],
)
def test_every_form_that_loaders_leave_is_found(
    published: Path, tmp_path: Path, tiny: TinySet, what: str, given: str
) -> None:
    """Official folders and archives are used where they are, without a download or a note."""
    place = tmp_path / "place"
    _put(published, place, tiny, what)
    path = place if given == "path" else None
    data_dir = tmp_path / "data" if given == "path" else place
    listener = Listener()
    data = open_prepared(listener.prepare(data_dir, path))
    assert data.identity == CIFAR10_IDENTITY
    np.testing.assert_array_equal(data.test_images, tiny.batches[5].images)
    assert listener.notes == []


def test_other_names_are_not_looked_at(tmp_path: Path, tiny: TinySet, listener: Listener) -> None:
    """CIFAR-100, half a download and folders of other names are no candidates for CIFAR-10."""
    write_archive(tmp_path / "cifar-100-python.tar.gz", tiny.python)
    write_archive(tmp_path / "cifar-10-python.tar.gz.part", tiny.python)
    write_folder(tmp_path / "cifar100", tiny.python)
    write_folder(tmp_path / "cifar-100-python", tiny.python)
    with pytest.raises(DataError, match="--offline forbids"):
        listener.prepare(tmp_path / "empty")
    (tmp_path / "cifar100" / "cifar-10-batches-py").rename(tmp_path / "cifar100" / "x")
    with pytest.raises(DataError, match="--offline forbids"):
        listener.prepare(tmp_path)


def test_the_prepared_cache_comes_first(
    published: Path, tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """Once prepared, nothing else is looked at, even if it was removed."""
    _put(published, tmp_path, tiny, "cifar-10-batches-py")
    folder = listener.prepare(tmp_path)
    shutil.rmtree(tmp_path / "cifar-10-batches-py")
    before = (folder / "info.json").stat().st_mtime_ns
    assert listener.prepare(tmp_path) == folder
    assert (folder / "info.json").stat().st_mtime_ns == before


def test_a_damaged_cache_is_prepared_again(
    published: Path, tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """A cut array is noticed, and the set read again from its archive."""
    _put(published, tmp_path, tiny, "cifar-10-binary.tar.gz")
    folder = listener.prepare(tmp_path)
    array = folder / "train_images.npy"
    array.write_bytes(array.read_bytes()[:-1])
    np.testing.assert_array_equal(
        open_prepared(listener.prepare(tmp_path)).train_images[-1], tiny.batches[4].images[-1]
    )


def test_only_then_it_is_downloaded(
    published: Path, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing found, the Python version is fetched into the data directory and used."""

    def fetch(archive: official.Archive, folder: Path, **_: object) -> Path:
        return Path(shutil.copy(published / archive.name, folder / archive.name))

    monkeypatch.setattr(locate, "fetch", fetch)
    data = open_prepared(listener.prepare(tmp_path, offline=False))
    assert data.source_sha256 == official.PYTHON_ARCHIVE.sha256
    assert (tmp_path / official.PYTHON_ARCHIVE.name).exists()


def test_offline_says_what_to_do(tmp_path: Path, listener: Listener) -> None:
    """Without data and network, the error names the file, the folder and the options."""
    with pytest.raises(DataError, match="offline") as caught:
        listener.prepare(tmp_path)
    assert caught.value.exit_code is Exit.DATA
    assert "cifar-10-python.tar.gz" in caught.value.remedy
    assert "dataset.path" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("what", ["cifar-10-python.tar.gz", "cifar-10-batches-bin"])
def test_altered_data_are_neither_used_nor_replaced(
    tmp_path: Path,
    tiny: TinySet,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """Something else under an official name stops the run; it is named, and left as it is."""
    monkeypatch.setattr(locate, "fetch", None)  # calling it would be an error of its own
    if what.endswith(".tar.gz"):
        write_archive(tmp_path / what, tiny.python | {"extra": b""})
    else:
        (write_folder(tmp_path, tiny.binary) / "data_batch_2.bin").write_bytes(bytes(3073))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(DataError, match=what) as caught:
        listener.prepare(tmp_path, offline=False)
    assert "expected" in caught.value.what
    assert "dataset.path" in caught.value.remedy
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_an_altered_candidate_gives_way_to_a_good_one(
    published: Path, tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """A good archive beside an altered folder is used, and a note says so."""
    (write_folder(tmp_path, tiny.python) / "test_batch").write_bytes(b"")
    _put(published, tmp_path, tiny, "cifar-10-binary.tar.gz")
    assert open_prepared(listener.prepare(tmp_path)).identity == CIFAR10_IDENTITY
    assert "test_batch" in listener.notes[0]


def test_an_unreadable_candidate_gives_way_to_a_good_one(
    published: Path, open_folder: Path, tiny: TinySet, listener: Listener
) -> None:
    """Beside a folder that may not be searched, a readable archive serves; without one, exit 3."""
    folder = write_folder(open_folder, tiny.python)
    with forbidden(folder):
        with pytest.raises(DataError, match=r"cannot be read \(Permission denied") as caught:
            listener.prepare(open_folder)
        assert str(folder) in caught.value.what
        assert "readable" in caught.value.remedy
    _put(published, open_folder, tiny, "cifar-10-binary.tar.gz")
    with forbidden(folder):
        assert open_prepared(listener.prepare(open_folder)).identity == CIFAR10_IDENTITY
    assert str(folder) in listener.notes[0]
    assert "Permission denied" in listener.notes[0]


def test_a_read_only_folder_is_used_and_prepared_elsewhere(
    published: Path,
    tmp_path: Path,
    tiny: TinySet,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The archive of a shared folder is read there, and prepared in the user's cache folder."""
    shared = tmp_path / "shared"
    _put(published, shared, tiny, "cifar-10-python.tar.gz")
    monkeypatch.setattr(folders, "_user_cache", lambda: tmp_path / "home")
    monkeypatch.setattr(os, "access", lambda place, _mode: Path(place) != shared)
    folder = listener.prepare(shared)
    assert folder == tmp_path / "home" / "dropsweep-cache" / "cifar10"
    assert [path.name for path in shared.iterdir()] == ["cifar-10-python.tar.gz"]
    (note,) = listener.notes
    assert str(shared) in note
    assert str(folder) in note
    assert listener.prepare(shared) == folder  # found there again, without a word
    assert len(listener.notes) == 1
    assert describe("cifar10", path=None, data_dir=shared).where == folder
    assert folder in [found.what for found in verify(path=None, data_dir=shared)]
    assert listener.prepare(shared, name="synthetic").is_relative_to(tmp_path / "home")


def test_a_read_only_folder_with_prepared_data_needs_no_other(
    published: Path,
    tmp_path: Path,
    tiny: TinySet,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prepared by its owner, a shared folder is used as it is."""
    _put(published, tmp_path, tiny, "cifar-10-python.tar.gz")
    folder = listener.prepare(tmp_path)
    monkeypatch.setattr(os, "access", lambda _place, _mode: False)
    assert listener.prepare(tmp_path) == folder
    assert listener.notes == []


def test_a_path_of_unknown_hash_is_accepted_with_a_notice(
    tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """All forms of one set get one identity, their counts, and a note each."""
    python = write_archive(tmp_path / "p.tar.gz", tiny.python)
    paths = [
        python,
        write_archive(tmp_path / "b.tar.gz", tiny.binary),
        write_folder(tmp_path / "one", tiny.python),
        write_folder(tmp_path / "two", tiny.binary).parent,
    ]
    sets = [open_prepared(listener.prepare(tmp_path / "data", path=path)) for path in paths]
    assert {data.identity[:7] for data in sets} == {"sha256:"}
    assert len({data.identity for data in sets}) == 1
    assert len({data.source_sha256 for data in sets}) == 4
    assert listener.notes[0] == (f"{python} is not the full CIFAR-10: 15 training, 3 test images")
    assert len(listener.notes) == 4


def test_an_official_path_is_the_official_set(
    published: Path, tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """Given by path, official bytes get the official identity and share its cache."""
    archive = published / official.BINARY_ARCHIVE.name
    folder = write_folder(tmp_path / "x", tiny.python)
    prepared = [listener.prepare(tmp_path / "data", path=path) for path in (archive, folder)]
    assert prepared[0] == prepared[1] == listener.prepare(tmp_path / "data")
    assert open_prepared(prepared[0]).identity == CIFAR10_IDENTITY
    assert listener.notes == []


def test_a_path_is_prepared_once(
    tmp_path: Path, tiny: TinySet, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other bytes are prepared apart; the same under another name are found, not read again."""
    first = write_archive(tmp_path / "a", tiny.binary)
    folder = listener.prepare(tmp_path / "data", path=first)
    other = write_archive(tmp_path / "c", tiny.python)
    assert listener.prepare(tmp_path / "data", path=other) != folder
    monkeypatch.setattr(ArchiveSource, "read", None)
    assert listener.prepare(tmp_path / "data", path=first.rename(tmp_path / "b")) == folder


def test_a_bad_path_leaves_the_cache_as_it_was(
    tmp_path: Path, tiny: TinySet, listener: Listener
) -> None:
    """After a refused archive there is no trace of it."""
    path = write_archive(tmp_path / "a", tiny.binary)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError):
        listener.prepare(tmp_path / "data", path=path)
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="FIFOs are of POSIX")
def test_a_path_that_is_no_file_is_explained(tmp_path: Path, listener: Listener) -> None:
    """A path that leads nowhere, an address and a pipe are called what they are."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    for path, words in (
        (tmp_path / "nowhere", "no such file"),
        (tmp_path / "pipe", "a pipe"),
        (tmp_path / "pipe" / "x", "no such file"),
        (tmp_path / "empty", "none of CIFAR-10's batches"),
        (Path("https://example.org/cifar-10-python.tar.gz"), "an address"),
        (Path("s3://bucket/cifar.tar"), "an address"),
    ):
        with pytest.raises(DataError, match=words) as caught:
            listener.prepare(tmp_path / "data", path=path)
        assert str(path) in caught.value.what
        assert caught.value.remedy
    assert not (tmp_path / "data").exists()


def test_synthetic_is_generated_once(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline, without a note, under its own identity and without a source hash."""
    folder = listener.prepare(tmp_path, name="synthetic")
    monkeypatch.setattr(synthetic, "generate", None)
    assert listener.prepare(tmp_path, name="synthetic") == folder
    data = open_prepared(folder)
    assert (data.identity, data.source_sha256) == (SYNTHETIC_IDENTITY, None)
    assert (len(data.train_labels), len(data.test_labels)) == (5000, 1000)
    assert listener.notes == []


@pytest.mark.parametrize("before", ["nothing", "damaged"])
@pytest.mark.parametrize("namespaces", [False, True])
def test_several_processes_may_prepare_at_once(
    tmp_path: Path, tiny: TinySet, before: str, namespaces: bool
) -> None:
    """All end well with the same folder, and nothing else is left.

    Also from containers that share a host name and have process numbers of their own.
    """
    archive = write_archive(tmp_path / "a", tiny.python)
    if before == "damaged":
        folder = Listener().prepare(tmp_path / "data", path=archive)
        (folder / "test_labels.npy").write_bytes(b"")
    prefix = ["unshare", "--pid", "--fork", "--mount-proc"] if namespaces else []
    if namespaces and (
        not shutil.which("unshare") or subprocess.run([*prefix, "true"], check=False).returncode
    ):
        pytest.skip("no process namespaces here")
    command = [*prefix, sys.executable, "-c", _PREPARE, str(archive), str(tmp_path / "data")]
    processes = [
        subprocess.Popen(
            command,
            cwd=Path(dropsweep.__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    (folder,) = (tmp_path / "data" / "dropsweep-cache").iterdir()
    assert set(answers) == {str(folder)}
    assert len(open_prepared(folder).train_labels) == 15


def test_where_data_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option, then the variable, then ./data if it exists, then the user's cache folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DROPSWEEP_DATA_DIR", raising=False)
    assert default_data_dir(None).name == "dropsweep"
    (tmp_path / "data").mkdir()
    assert default_data_dir(None) == Path("data")
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", "elsewhere")
    assert default_data_dir(None) == Path("elsewhere")
    assert default_data_dir(Path("here")) == Path("here")


def test_genuine_archives_have_one_identity(
    sample: Path, tmp_path: Path, listener: Listener
) -> None:
    """Real images get the same identity from either version, and a note of being a part."""
    sets = [
        open_prepared(listener.prepare(tmp_path, path=sample / archive.name))
        for archive in official.ARCHIVES
    ]
    assert sets[0].identity == sets[1].identity
    np.testing.assert_array_equal(sets[0].train_images, sets[1].train_images)
    assert "5000 training, 1000 test" in listener.notes[0]


def test_official_batches_packed_again_are_cifar10(
    published: Path, tmp_path: Path, tiny: TinySet
) -> None:
    """An archive's own bytes change no run id: its members' published hashes make it CIFAR-10."""
    assert published
    for name, files, identity in (
        ("same", tiny.python, CIFAR10_IDENTITY),
        ("other", tiny.python | {"cifar-10-batches-py/test_batch": tiny_test_batch()}, "sha256:"),
    ):
        archive = write_archive(tmp_path / name, {"extra": b"", **files})
        listener = Listener()
        prepared = listener.prepare(tmp_path / "data", archive)
        assert open_prepared(prepared).identity.startswith(identity)
        assert bool(listener.notes) == (identity != CIFAR10_IDENTITY)


def tiny_test_batch() -> bytes:
    """Another test batch than the published one."""
    return tiny_set(seed=8).python["cifar-10-batches-py/test_batch"]


@pytest.mark.skipif(sys.platform == "win32", reason="HOME is of POSIX")
def test_a_tilde_is_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: TinySet
) -> None:
    """``~`` is expanded in the data directory, in its variable and in a path."""
    monkeypatch.setenv("HOME", str(tmp_path))
    write_archive(tmp_path / "own.tar.gz", tiny.binary)
    assert default_data_dir(Path("~/data")) == tmp_path / "data"
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", "~/cache")
    assert default_data_dir(None) == tmp_path / "cache"
    assert Listener().prepare(tmp_path / "data", Path("~/own.tar.gz")).is_dir()
