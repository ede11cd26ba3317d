"""A folder that lasts only while something is being made in it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.files import stale_temporaries, temporary_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A new folder beside ``target``, so that what is finished can be renamed to it.

    It is removed at the end, however that comes. Folders that killed processes left are removed
    first, once they are a day old.

    Raises
    ------
    DataError
        If the folder cannot be made, or a write inside the ``with`` block fails.
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
