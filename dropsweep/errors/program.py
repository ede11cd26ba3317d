"""What can go wrong with the program itself, or with a file the user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

INTERRUPTED = "interrupted."
TERMINATED = "terminated."


def internal(error: Exception) -> str:
    """Something nobody foresaw."""
    return (
        f"internal error: {type(error).__name__}: {error}\n"
        "This is a mistake in dropsweep. Please report it with the output of the same command "
        "after `dropsweep --debug`."
    )


def file_exists(path: Path) -> ConfigError:
    """A file that must be new is there already."""
    return ConfigError(f"{path}: exists already, and is left as it is.", "Choose another name.")


def file_unwritable(path: Path, cause: OSError) -> ConfigError:
    """A file the user named cannot be made."""
    return ConfigError(
        f"{path}: cannot be written ({cause.strerror or cause}).", "Choose another place."
    )
