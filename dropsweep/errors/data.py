"""What can be wrong with a data set."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.errors.base import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Difference:
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
            "Free some space (CIFAR-10 takes 360 MB), or choose another folder with --data-dir.",
        )
    return DataError(
        f"{folder}: the data cannot be written there ({cause.strerror or cause}).",
        "Choose another folder with --data-dir, or make this one writable.",
    )


def data_unreadable(path: Path, cause: OSError) -> DataError:
    """A file or folder of the data exists and cannot be read."""
    return DataError(
        f"{path}: cannot be read ({cause.strerror or cause}).",
        "Make it readable, or name another in dataset.path.",
    )


def data_path_missing(path: Path) -> DataError:
    """Nothing stands at ``dataset.path``."""
    return DataError(
        f"{path}: there is no such file or folder.",
        "Correct dataset.path (it is relative to the current directory), or leave it out.",
    )


def data_members_missing(path: Path, names: Sequence[str]) -> DataError:
    """An archive or folder has not all six batches of one version."""
    return DataError(
        f"{path}: it lacks {', '.join(names)}.",
        "Give an archive or folder in the layout of CIFAR-10's Python or binary version.",
    )


def archive_broken(path: Path, why: object) -> DataError:
    """An archive is cut short, altered or no archive."""
    return DataError(
        f"{path}: it is not an intact gzipped tar archive ({why}).",
        "It may have been cut short or altered: get it afresh.",
    )


def archive_unsafe(path: Path, member: str) -> DataError:
    """An archive has a member that an honest one has not."""
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
    return DataError(f"{where}: {why}.", "Nothing of it was used. Get the data afresh.")


def prepared_damaged(folder: Path, why: object) -> DataError:
    """A prepared data set is cut short or altered."""
    return DataError(
        f"{folder}: the prepared data are damaged ({why}).",
        "Give the same command again: they will be prepared afresh.",
    )


def official_data_altered(differences: Sequence[Difference]) -> DataError:
    """What lies in the data directory under CIFAR-10's names is not CIFAR-10."""
    lines = "\n".join(f"  {difference}" for difference in differences)
    return DataError(
        f"what is in the data directory under CIFAR-10's names is not CIFAR-10:\n{lines}",
        "Remove it to have it downloaded afresh, or use it as it is by naming it in dataset.path.",
    )


def offline_without_data(data_dir: Path, archive: str) -> DataError:
    """CIFAR-10 is not here, and must not be downloaded."""
    return DataError(
        f"{data_dir}: CIFAR-10 is not there, and --offline forbids to download it.",
        f"Put {archive} into that folder, name it in dataset.path, or leave out --offline.",
    )


def download_failed(archive: str, folder: Path, reasons: Sequence[str]) -> DataError:
    """No mirror delivered the archive; one reason each."""
    lines = "\n".join(f"  {reason}" for reason in reasons)
    return DataError(
        f"{archive} could not be downloaded:\n{lines}",
        f"Get it by other means and put it into {folder}, or name it in dataset.path.",
    )


def data_none_to_check(data_dir: Path) -> DataError:
    """A check of everything found nothing."""
    return DataError(f"{data_dir}: no data are there to check.", "Get them: dropsweep data fetch")


def data_changed_since(remedies: Mapping[Path, str]) -> DataError:
    """A check of everything found something that is not what it was; by path, what to do."""
    return DataError(
        f"not what it should be: {', '.join(map(str, remedies))}.",
        "\n".join(f"{path}: {remedy}." for path, remedy in remedies.items()),
    )


DELETE_PREPARED = "delete it; it is made again when it is needed"
DELETE_OFFICIAL = "delete it; `dropsweep data fetch` gets what is missing"
REPLACE_OWN = "get it afresh from where it came"


def data_changed(path: str | None, expected: str, found: str) -> DataError:
    """The data is not what an earlier run recorded as ``dataset.identity``."""
    return DataError(
        f"{path or 'the data set'}: the data changed: expected {expected}, found {found}.",
        "Restore the data; or delete dataset.identity from the config to accept the new one.",
    )
