"""Mistakes about results folders, and about what is written into them."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from dropsweep.errors.base import ConfigError, ResultsError, RunsFailedError, counted, reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def results_unwritable(path: Path, cause: OSError) -> ResultsError:
    """The results folder refused a write."""
    if cause.errno in {errno.ENOSPC, errno.EDQUOT}:
        what = "the disk is full" if cause.errno == errno.ENOSPC else "your disk quota is used up"
        return ResultsError(
            f"{path}: {what}.",
            "Finished runs are kept. Free some space, then run the same command again.",
        )
    return ResultsError(
        f"{path}: cannot be written ({reason(cause)}).",
        "Make it writable, or work in another folder: `run`, `merge` and `report` have --output; "
        "`plot` can draw a copy of the results.",
    )


def results_unreadable(path: Path, cause: OSError) -> ResultsError:
    """A file of the results folder is there and cannot be read."""
    refused = cause.errno in {errno.EACCES, errno.EPERM}
    return ResultsError(
        f"{path}: cannot be read ({reason(cause)}).",
        "Check its permissions." if refused else "Check the disk, then try again.",
    )


def file_not_ours(path: Path) -> ResultsError:
    """Something that dropsweep did not make stands where a figure or a report would be written."""
    return ResultsError(
        f"{path}: was not made by dropsweep, which does not replace it.",
        "Move or rename it, then run the same command again.",
    )


def results_file_not_ours(path: Path) -> ResultsError:
    """A file of the user stands where the resolved config or a table would be written."""
    return ResultsError(
        f"{path}: was not made by dropsweep, which does not replace it.",
        "Choose another results folder with --output, or move it to another place.",
    )


def run_file_elsewhere(path: Path, target: Path) -> ResultsError:
    """A run file is a link to nothing, such as one to a disk that is not mounted."""
    return ResultsError(
        f"{path}: is a link to {target}, which is not there.",
        "Bring the linked file back, or delete the link to have the run trained again.",
    )


def results_newer(path: Path, found: int, known: int) -> ResultsError:
    """A run file was written by a dropsweep that knows more than this one."""
    return ResultsError(
        f"{path}: written by a newer dropsweep (schema {found}; this one reads up to {known}).",
        "Update dropsweep to read this folder.",
    )


def results_absent(path: Path) -> ResultsError:
    """No results stand where the user pointed."""
    return ResultsError(
        f"{path}: no results here or below (a results folder has config.yaml and runs/).",
        "Make some with: dropsweep run CONFIG",
    )


def results_below(path: Path, folders: Sequence[Path]) -> ResultsError:
    """A folder of results folders, where one of them was meant."""
    few = [str(folder) for folder in folders[:5]]
    more = [f"{len(folders) - 5} more"] * (len(folders) > 5)
    return ResultsError(
        f"{path}: not a results folder; below it are {', '.join([*few, *more])}.",
        "Name one of them.",
    )


def results_config_unusable(path: Path, cause: ConfigError) -> ResultsError:
    """A results folder's ``config.yaml`` does not say which runs belong to it."""
    what, *mistakes = cause.what.splitlines()
    return ResultsError(
        "\n".join(
            (
                f"{path}: was edited or damaged, or is from another version of dropsweep.",
                *(mistakes or [what]),
            )
        ),
        "Fix it, or move it to another folder: without it, as with --all, every run is read. "
        "`dropsweep run` writes it again.",
    )


def sweeps_unusable(errors: Sequence[ResultsError]) -> ResultsError:
    """Some of several sweeps were passed over."""
    if len(errors) == 1:
        return errors[0]
    told = "\n".join(str(error) for error in errors)
    return ResultsError(f"{len(errors)} sweeps were left out.\n{told}")


def results_conflict(first: Path, second: Path) -> ResultsError:
    """Two folders have different numbers for the same run."""
    return ResultsError(
        f"{first} and {second} have different numbers for the same run.",
        "Other CPUs may round differently. `--keep first` takes the first folder's numbers.",
    )


def runs_failed(count: int, folder: Path) -> RunsFailedError:
    """The sweep went to its end, but not all of its runs did."""
    return RunsFailedError(
        f"{counted(count, 'run')} failed; see {folder}/failed/. All others are finished.",
        "The same command tries them again.",
    )


def stopped_at_failure(run_id: str, error: str, folder: Path) -> RunsFailedError:
    """``--fail-fast`` has met a failure."""
    return RunsFailedError(
        f"{run_id} failed ({error}), and --fail-fast stops there; see {folder}/failed/.",
        "Finished runs are kept. The same command goes on.",
    )


def too_many_lines(count: int, most: int) -> ConfigError:
    """More sweeps and settings than one figure can tell apart."""
    return ConfigError(
        f"--compare would draw {count} lines, a line for each setting of each folder; "
        f"{most} can be told apart.",
        "Name fewer folders, or sweeps with fewer settings in their grid.",
    )


def comparison_incomplete(what: str) -> ConfigError:
    """Options of ``plot`` that do not belong together; ``what`` says which."""
    return ConfigError(
        what, "For example: dropsweep plot results/a results/b --compare -o results/a-and-b"
    )


def figure_unknown(name: str, known: Sequence[str]) -> ConfigError:
    """A figure or a setting that the sweep does not have."""
    return ConfigError(f"{name}: there is no such figure.", f"Choose one of: {', '.join(known)}.")


def figure_empty(name: str, needs: str) -> ConfigError:
    """A figure for which the runs have nothing to show, or not in the setting asked for."""
    return ConfigError(
        f"{name}: nothing to draw; it needs {needs}.",
        "If a setting was asked for, compare its keys and values with those of the config's grid.",
    )
