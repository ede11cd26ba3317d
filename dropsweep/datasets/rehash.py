"""What ``dropsweep data verify`` does: hash everything that is there, again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets import cache
from dropsweep.datasets.candidates import find_candidates, source_at

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.candidates import Source


@dataclass(frozen=True)
class Check:
    """One thing that was re-hashed."""

    what: Path
    ok: bool
    detail: str
    """What was found."""
    remedy: str
    """What to do if it is not what it was."""


def verify(*, path: Path | None, data_dir: Path) -> list[Check]:
    """Check all prepared sets, official archives and folders, and ``path`` if given."""
    checks = [_check_prepared(folder) for folder in cache.prepared_folders(data_dir)]
    checks += [_check_official(source) for source in find_candidates(data_dir)]
    if path is not None:
        checks.append(_check_given(source_at(path)))
    return checks


def _check_prepared(folder: Path) -> Check:
    check = partial(Check, folder, remedy=errors.DELETE_PREPARED)
    try:
        published = cache.read_info(folder).content_sha256
        found = cache.content_sha256(folder)
    except errors.DataError as error:
        return check(ok=False, detail=error.what)
    if found != published:
        return check(ok=False, detail=f"SHA-256 {found}, prepared with {published}")
    return check(ok=True, detail="as it was prepared")


def _check_official(source: Source) -> Check:
    check = partial(Check, source.path, remedy=errors.DELETE_OFFICIAL)
    if source.difference is not None:
        return check(ok=False, detail=str(source.difference))
    return check(ok=True, detail="as published")


def _check_given(source: Source) -> Check:
    """A set of one's own has no published hash: it is only read to its end."""
    check = partial(Check, source.path, remedy=errors.REPLACE_OWN)
    if source.difference is None:
        return check(ok=True, detail="as published")
    try:
        batches = source.read()
    except errors.DataError as error:
        return check(ok=False, detail=error.what)
    if all(batch.published for batch in batches):
        return check(ok=True, detail="every batch as published, in an archive packed anew")
    return check(ok=True, detail="intact, but not the full CIFAR-10")
