"""The data directory: its place, its prepared sets, and folders to make something new in it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.files import at_home, stale_temporaries, temporary_beside

if TYPE_CHECKING:
    from collections.abc import Iterator


def default_data_dir(option: Path | None) -> Path:
    """``option``, ``DROPSWEEP_DATA_DIR``, ``./data`` if it exists, or the user's cache folder."""
    if option is not None:
        return at_home(option)
    if variable := os.environ.get("DROPSWEEP_DATA_DIR"):
        return at_home(Path(variable))
    if os.path.isdir("data"):  # noqa: PTH112 - it asks without raising
        return Path("data")
    return _user_cache()


def preparing_dir(data_dir: Path) -> Path:
    """The data directory, or the user's cache folder if it is there and must not be written."""
    folder = data_dir / "dropsweep-cache"
    # os.path asks without raising; Path.is_dir raises or not, as the version of Python goes
    place = folder if os.path.isdir(folder) else data_dir  # noqa: PTH112
    if os.path.isdir(place) and not os.access(place, os.W_OK | os.X_OK):  # noqa: PTH112
        return _user_cache()
    return data_dir


def _user_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("dropsweep"))


def prepared_folder(data_dir: Path, key: str) -> Path:
    """The folder of the set with this key, whether it is there or not."""
    return data_dir / "dropsweep-cache" / key


def prepared_folders(data_dir: Path) -> list[Path]:
    """All prepared sets of a data directory."""
    cache = data_dir / "dropsweep-cache"
    try:
        return sorted(path for path in cache.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as cause:
        raise errors.prepared_unreadable(cache, cause) from cause


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A new folder beside ``target``, so that what is finished can be renamed to it.

    It is removed at the end, however that comes. Folders that killed processes left are removed
    first, once they are a day old. A `DataError` if the folder cannot be made, or a write inside
    the ``with`` block fails.
    """
    scratch = temporary_beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for leftover in stale_temporaries(target.parent):
            _remove(leftover)
        scratch.mkdir()
        yield scratch
    except OSError as cause:
        raise errors.data_dir_unwritable(target.parent, cause) from cause
    finally:
        _remove(scratch)


def _remove(folder: Path) -> None:
    # Files that resist stay under their temporary name, and the next process tries again.
    shutil.rmtree(folder, ignore_errors=True)
