"""Marks in the files that dropsweep made, by which it knows its own and those that are current."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from dropsweep import errors, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Kind: TypeAlias = Literal["figure", "report"]

_FORM = re.compile(rb"dropsweep-(figure|report):([0-9a-f]{64})(?::([A-Za-z0-9._=+-]+);|\")")

_KINDS: dict[bytes, Kind] = {b"figure": "figure", b"report": "report"}


@dataclass(frozen=True)
class Mark:
    """Stands in a file's metadata, or in a comment at its head."""

    digest: str
    """SHA-256 over all that the file shows."""
    name: str
    """Name that the file was given, without its ending: a renamed copy is the user's own."""
    kind: Kind = "figure"

    def __str__(self) -> str:
        return f"dropsweep-{self.kind}:{self.digest}:{self.name};"


def find_mark(path: Path) -> Mark | None:
    """The mark of a file; None if there is no file, or it has none.

    That of an older report is without a name, and in quotes: it is called ``report``.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    try:
        found = _FORM.search(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as cause:
        raise errors.results_unreadable(path, cause) from cause
    if found is None:
        return None
    kind, digest, name = found.groups(default=b"report")
    return Mark(digest.decode(), name.decode(), _KINDS[kind])


def is_current(path: Path, mark: Mark) -> bool:
    """True if a file stands there that shows the same under the same name."""
    return find_mark(path) == mark


def replace_marked(path: Path, content: bytes, kind: Kind = "figure") -> None:
    """Write a file whole, unless a file that dropsweep did not make stands there.

    A file of another kind is not replaced either: it may be a user's page with a figure in it.

    Raises
    ------
    ResultsError
        If a user's own file is in the way.
    OSError
        If the folder refuses the write.
    """
    refuse_unmarked([path], kind)
    files.write_whole(path, content)


def refuse_unmarked(paths: Iterable[Path], kind: Kind = "figure") -> None:
    """Refuse to go on where a file that dropsweep did not make as ``kind`` has one of these paths.

    Raises
    ------
    ResultsError
        If there is one, or it cannot be read.
    """
    for path in paths:
        if not os.path.lexists(path):
            continue
        mark = find_mark(path)
        if mark is None or mark.kind != kind:
            raise errors.file_not_ours(path)


def remove_outdated(paths: Iterable[Path], digest: Callable[[], str]) -> None:
    """Remove the files that dropsweep made under their name and that show something else by now.

    ``digest`` is asked only if there is such a file.
    """
    for path in paths:
        found = find_mark(path)
        if found is not None and found.name == path.stem and found.digest != digest():
            try:
                path.unlink(missing_ok=True)
            except OSError as cause:
                raise errors.results_unwritable(path, cause) from cause
