"""Where results folders are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.results.folder import ResultsFolder

if TYPE_CHECKING:
    from pathlib import Path


def sweep_folders(path: Path) -> list[ResultsFolder]:
    """The results folder at ``path``, or every one below it, in alphabetical order."""
    if (path / "runs").is_dir():
        return [ResultsFolder(path)]
    found = sorted(runs.parent for runs in path.rglob("runs") if runs.is_dir())
    if not found:
        raise errors.results_absent(path)
    return [ResultsFolder(folder) for folder in found]


def single_folder(path: Path) -> ResultsFolder:
    """The results folder at ``path`` itself."""
    if not (path / "runs").is_dir():
        raise errors.results_below(path, [folder.path for folder in sweep_folders(path)])
    return ResultsFolder(path)
