"""Mistakes around a data set."""

from __future__ import annotations

import errno
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.errors.base import DataError, listed, reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_OWN = "dataset.path in a config (--path of `dropsweep data`)"
_ACCEPTED = (
    "Give CIFAR-10's .tar.gz, its .tar, or its unpacked folder, in the Python or binary version."
)


@dataclass(frozen=True)
class WrongFile:
    """A file that is not what was published under its name."""

    path: Path
    found: str
    """Its hash, or ``missing``."""
    expected: str
    """The published hash, or several."""

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}, expected {self.expected}"


def data_dir_unwritable(folder: Path, cause: OSError) -> DataError:
    """The data directory could not be made, or refused a write."""
    if cause.errno == errno.ENOSPC:
        return DataError(
            f"{folder}: the disk is full.",
            "Free some space (CIFAR-10 takes 360 MB, own arrays their unpacked size), or choose "
            "another folder with --data-dir.",
        )
    return DataError(
        f"{folder}: the data cannot be written there ({reason(cause)}).",
        "Choose another folder with --data-dir, or make this one writable.",
    )


def data_unreadable(path: Path, cause: object) -> DataError:
    """An archive or folder with images exists and cannot be read."""
    return DataError(
        f"{path}: cannot be read ({reason(cause)}).",
        f"Make it readable, remove it, or name other data in {_OWN}.",
    )


def prepared_unreadable(folder: Path, cause: OSError) -> DataError:
    """A prepared data set exists and cannot be read."""
    return DataError(
        f"{folder}: the prepared data cannot be read ({reason(cause)}).",
        "Make them readable, or choose another folder with --data-dir.",
    )


def data_path_missing(path: Path) -> DataError:
    """Nothing stands at the path that the user gave."""
    return DataError(
        f"{path}: there is no such file or folder.",
        "Correct the path (it is relative to the current directory), or leave it out.",
    )


def data_path_is_url(path: Path) -> DataError:
    """The path that the user gave is an address."""
    return DataError(
        f"{path}: this is an address, not a path of this machine.",
        "Download it first (curl -LO ...) and give the file, or leave out the path for CIFAR-10.",
    )


def data_path_not_a_file(path: Path) -> DataError:
    """The path that the user gave is a FIFO, a device or a socket."""
    return DataError(
        f"{path}: this is no file and no folder, but a pipe, a device or a socket.",
        f"Its content is read twice: save it to a file first. {_ACCEPTED}",
    )


def data_members_missing(path: Path, names: Sequence[str]) -> DataError:
    """An archive or folder does not have all six batches of one version."""
    return DataError(f"{path}: it lacks {', '.join(names)}.", _ACCEPTED)


def data_batches_absent(path: Path, others: Sequence[str]) -> DataError:
    """An archive or folder has no batch at all; ``others`` are some names that are in it."""
    found = f"only {', '.join(others)} and the like" if others else "and no other file"
    return DataError(f"{path}: none of CIFAR-10's batches is in it, {found}.", _ACCEPTED)


def file_not_an_archive(path: Path, kind: str) -> DataError:
    """A file of another kind was given in place of an archive."""
    own = " For your own arrays in an .npz file, write dataset.name: arrays."
    return DataError(f"{path}: it is {kind}, not a tar archive.", _ACCEPTED + own)


def archive_broken(path: Path, why: object) -> DataError:
    """An archive is cut short, altered or no archive."""
    return DataError(
        f"{path}: it is not an intact tar archive ({why}).",
        "It may have been cut short or altered: download it again, or pack it again.",
    )


def archive_unsafe(path: Path, member: str) -> DataError:
    """An archive has a member that an honest one does not have."""
    return DataError(
        f"{path}: its member {member!r} is a link or points out of the archive.",
        "Nothing of it was used. Get the archive from a source you trust.",
    )


def data_too_large(path: Path, limit: int) -> DataError:
    """An archive or a file in it unpacks to far more than CIFAR-10 has."""
    return DataError(
        f"{path}: it unpacks to more than {limit >> 20} MiB, which no CIFAR-10 file does.",
        "Nothing of it was used. Get the archive from a source you trust.",
    )


def batch_malformed(where: str, why: object) -> DataError:
    """A batch file does not hold images and labels as CIFAR-10 lays them out."""
    return DataError(
        f"{where}: {why}.",
        "Nothing of it was used. A batch holds 3072 bytes per image, and labels from 0 to 9.",
    )


def pickle_refused(where: str, why: object) -> DataError:
    """A batch of the Python version is not a plain pickle of images and labels."""
    return DataError(
        f"{where}: this pickle is refused: {why}.",
        "Nothing of it was used. A batch is a dictionary with `data`, a NumPy array of uint8 and "
        "shape (N, 3072), and `labels`, a list or array of N integers.",
    )


def prepared_damaged(folder: Path, why: object) -> DataError:
    """A prepared data set is cut short or altered."""
    return DataError(
        f"{folder}: the prepared data are damaged ({why}).",
        "Run the same command again: they will be prepared again.",
    )


def official_data_altered(differences: Sequence[WrongFile]) -> DataError:
    """The files in the data directory under CIFAR-10's names are not CIFAR-10."""
    return DataError(
        "the data directory holds files under CIFAR-10's names that are not CIFAR-10:"
        f"{listed(differences)}",
        f"Remove them to have it downloaded again, or use them as they are: name them in {_OWN}.",
    )


def offline_without_data(data_dir: Path, archive: str) -> DataError:
    """CIFAR-10 is not here, and must not be downloaded."""
    return DataError(
        f"{data_dir}: CIFAR-10 is not there, and --offline forbids to download it.",
        f"Put {archive} into that folder, name it in {_OWN}, or leave out --offline.",
    )


def download_failed(archive: str, folder: Path, reasons: Sequence[str]) -> DataError:
    """No mirror delivered the archive; one reason each."""
    return DataError(
        f"{archive} could not be downloaded:{listed(reasons)}",
        f"Get it by other means and put it into {folder}, or name it in {_OWN}.",
    )


def data_none_to_check(data_dir: Path) -> DataError:
    """A check of everything found nothing."""
    return DataError(
        f"{data_dir}: there are no data to check.",
        f"Get them: dropsweep data fetch --data-dir {shlex.quote(str(data_dir))}",
    )


def data_changed_since(remedies: Mapping[Path, str]) -> DataError:
    """A check of everything found files that are not what they were; by path, what to do."""
    return DataError(
        f"not what it should be: {', '.join(map(str, remedies))}.",
        "\n".join(f"{path}: {remedy}." for path, remedy in remedies.items()),
    )


DELETE_PREPARED = "delete it; it is made again when it is needed"
DELETE_OFFICIAL = "delete it; `dropsweep data fetch` gets what is missing"
MAKE_READABLE = "make it readable, or ask its owner to"


def data_changed(path: str | None, expected: str, found: str) -> DataError:
    """The data are not those that an earlier run recorded as ``dataset.identity``."""
    return DataError(
        f"{path or 'the data set'}: the data changed: expected {expected}, found {found}.",
        "Restore the data; or delete dataset.identity from the config to accept the new one.",
    )


def data_differ_on_worker(path: str | None, expected: str, found: str) -> DataError:
    """A worker on another machine found other data than the sweep's."""
    return DataError(
        f"{path or 'the data set'}: the worker's data differ: expected {expected}, found {found}.",
        "Give every worker the same data under that path, or a folder that all machines share.",
    )
