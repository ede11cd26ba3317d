"""What ``dropsweep data verify`` does: hash everything that is there, again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.datasets import cache
from dropsweep.datasets.candidates import find_candidates, source_at
from dropsweep.errors import DataError

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


def verify(*, path: Path | None, data_dir: Path) -> list[Check]:
    """Check all prepared sets, official archives and folders, and ``path`` if given."""
    checks = [_check_prepared(folder) for folder in cache.prepared_folders(data_dir)]
    checks += [_check_official(source) for source in find_candidates(data_dir)]
    if path is not None:
        checks.append(_check_given(source_at(path)))
    return checks


def _check_prepared(folder: Path) -> Check:
    try:
        published = cache.read_info(folder).content_sha256
        found = cache.content_sha256(folder)
    except DataError as error:
        return Check(folder, ok=False, detail=error.what)
    if found != published:
        return Check(folder, ok=False, detail=f"SHA-256 {found}, prepared with {published}")
    return Check(folder, ok=True, detail="as it was prepared")


def _check_official(source: Source) -> Check:
    if source.difference is not None:
        return Check(source.path, ok=False, detail=str(source.difference))
    return Check(source.path, ok=True, detail="as published")


def _check_given(source: Source) -> Check:
    """A set of one's own has no published hash: it is only read to its end."""
    if source.difference is None:
        return Check(source.path, ok=True, detail="as published")
    try:
        source.read()
    except DataError as error:
        return Check(source.path, ok=False, detail=error.what)
    return Check(source.path, ok=True, detail="intact, but not the full CIFAR-10")
