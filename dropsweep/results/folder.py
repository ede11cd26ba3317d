"""The layout of a results folder: each file is written whole or not at all."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep import errors, files
from dropsweep.results.run_file import DamagedError, read_failure, read_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dropsweep.records import FailureRecord, NetArrays, RunRecord, RunSpec

MARKS = {
    "config.yaml": re.compile(rb"# The config of the latest `dropsweep run` into this folder"),
    "summary.csv": re.compile(rb"run_id,rate,seed,status,"),
    "history.csv": re.compile(rb"run_id,rate,seed,epoch,"),
    "report.html": re.compile(rb"(?s).*dropsweep-report:"),
}
"""The beginning of a file that dropsweep made, by its name; every version has written the same."""

_RUN_ID = re.compile(r"(rate|keep)-.+_seed-\d+_[0-9a-f]{10}")
"""Names that runs have; not those of ``._`` files and of copies that other programs make."""

_SUBFOLDERS = ("runs", "failed", "parameters", "checkpoints", "plots")


@dataclass(frozen=True)
class ResultsFolder:
    """The results of one sweep."""

    path: Path

    @property
    def runs(self) -> Path:
        """The folder of run files."""
        return self.path / "runs"

    @property
    def config(self) -> Path:
        """The resolved config of the latest run command."""
        return self.path / "config.yaml"

    def run_file(self, run_id: str) -> Path:
        """The path of a run's record, there or not."""
        return self.runs / f"{run_id}.json"

    @property
    def failed(self) -> Path:
        """The folder of the runs that failed."""
        return self.path / "failed"

    @property
    def parameters(self) -> Path:
        """The folder of what was kept of trained nets."""
        return self.path / "parameters"

    @property
    def checkpoints(self) -> Path:
        """The folder of the states of unfinished runs."""
        return self.path / "checkpoints"

    def create(self) -> None:
        """Make the folder, and remove temporary files older than a day."""
        with self._writing():
            self.runs.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, *(self.path / name for name in _SUBFOLDERS)):
                for leftover in files.stale_temporaries(folder):
                    leftover.unlink(missing_ok=True)

    def run_ids(self) -> list[str]:
        """The ids of all runs in the folder, in alphabetical order."""
        return sorted(_ids(self.runs))

    def changed(self) -> tuple[int, ...]:
        """A value that differs after a run was finished or failed, or another config was run."""
        found = []
        for path in (self.runs, self.failed, self.config):
            try:
                found.append(path.stat().st_mtime_ns)
            except (FileNotFoundError, NotADirectoryError):
                found.append(0)
        return tuple(found)

    def is_sweep(self) -> bool:
        """True if the folder holds what dropsweep writes, and not only a folder called ``runs``."""
        if not self.runs.is_dir():
            return False
        try:
            ours = MARKS["config.yaml"].match(files.head(self.config))
            return bool(ours) or any(_RUN_ID.match(path.name) for path in self.runs.iterdir())
        except OSError as cause:
            raise errors.results_unreadable(self.path, cause) from cause

    def wrote(self, path: Path) -> bool:
        """True if a file is this sweep's ``config.yaml``, as the latest run wrote it."""
        ours = MARKS["config.yaml"].match(files.head(path))
        return path.name == self.config.name and ours is not None and self.is_sweep()

    def check_replaceable(self, *names: str) -> None:
        """Refuse a folder in which a file of the user has one of these names of `MARKS`.

        Raises
        ------
        ResultsError
            If one of them is there and was not made by dropsweep.
        """
        for name in names:
            self._check_replaceable(self.path / name)

    def _check_replaceable(self, path: Path) -> None:
        try:
            ours = not os.path.lexists(path) or MARKS[path.name].match(files.head(path))
        except OSError as cause:
            raise errors.results_unreadable(path, cause) from cause
        if not ours:
            raise errors.results_file_not_ours(path)

    def read(
        self,
        run_ids: Iterable[str],
        planned: Mapping[str, RunSpec] | None = None,
        known: Mapping[str, RunRecord] | None = None,
    ) -> tuple[list[RunRecord], list[tuple[str, str]]]:
        """The records of those runs that are there, and (id, reason) of the damaged ones.

        Parameters
        ----------
        planned
            The specs that runs should have, by id: records share them.
        known
            Records of files that need not be read again.
        """
        records, damaged = [], []
        planned, known = planned or {}, known or {}
        for run_id in run_ids:
            try:
                record = known.get(run_id)
                records.append(record or read_run(self.run_file(run_id), planned.get(run_id)))
            except FileNotFoundError:
                continue
            except DamagedError as error:
                damaged.append((run_id, str(error)))
        return records, damaged

    def set_aside(self, run_id: str) -> Path | None:
        """Rename a damaged run file, so that its run is missing and its bytes are not lost.

        Returns its new path, or None if another process has replaced or moved it meanwhile.

        Raises
        ------
        ResultsError
            If it is a link to nothing: the run may be where the link points to.
        """
        source = self.run_file(run_id)
        target, number = source.with_suffix(".json.damaged"), 1
        while target.exists():
            target, number = source.with_suffix(f".json.damaged-{number}"), number + 1
        try:
            read_run(source)
        except FileNotFoundError:
            return None
        except DamagedError as damage:
            if source.is_symlink() and not source.exists():
                raise errors.run_file_elsewhere(source, source.readlink()) from damage
            with self._writing():
                source.rename(target)
            return target
        return None

    def publish(self, record: RunRecord, kept: NetArrays | None = None) -> bool:
        """Write a finished run's file, whole; False if another process was first.

        The arrays of its net are written before it, so that a finished run always has them.
        Checkpoints and failures of the run are removed afterwards.
        """
        return self._put(record, record.to_json(), kept, sync=True)

    def take(self, record: RunRecord, source: ResultsFolder, kept: NetArrays | None = None) -> bool:
        """As `publish`, the bytes of another folder's file; `sync_runs` makes them durable."""
        path = source.run_file(record.run_id)
        try:
            content = files.read_whole(path)
        except OSError as cause:
            raise errors.results_unreadable(path, cause) from cause
        return self._put(record, content, kept, sync=False)

    def sync_runs(self, run_ids: Iterable[str]) -> None:
        """Make many runs that were taken survive a power cut."""
        with self._writing():
            files.sync_all(self.runs, map(self.run_file, run_ids))

    def _put(
        self, record: RunRecord, content: bytes, kept: NetArrays | None, *, sync: bool
    ) -> bool:
        path = self.run_file(record.run_id)
        with self._writing():
            if kept is not None:
                self._keep(record, kept)
            first = files.publish_once(path, content, sync=sync)
        if not first:  # a name is not yet a run
            self.set_aside(record.run_id)
            with self._writing():
                first = files.publish_once(path, content, sync=sync)
        self.clear_tries([record.run_id])
        return first

    def _keep(self, record: RunRecord, kept: NetArrays) -> None:
        """Write a net's arrays, unless they stand beside their finished run already."""
        if self.run_file(record.run_id).exists() and self.read_parameters(record) is not None:
            return
        self.parameters.mkdir(exist_ok=True)
        files.write_whole(self._parameter_file(record), files.encode_arrays(kept))

    def read_parameters(self, record: RunRecord) -> NetArrays | None:
        """The arrays kept of a run's net, by name; None if there are none, or they are damaged.

        The parameters of the best epoch are called ``W1``, ``b1`` and so on, from the input; the
        other arrays say how active the hidden units are (`training.activity`).
        """
        return files.read_arrays(self._parameter_file(record))

    def parameter_sizes(self) -> dict[str, int]:
        """Bytes of every file in ``parameters/``, by run id."""
        return {path.stem: path.stat().st_size for path in sorted(self.parameters.glob("*.npz"))}

    def _parameter_file(self, record: RunRecord) -> Path:
        return self.parameters / f"{record.run_id}.npz"

    def clear_tries(self, run_ids: Iterable[str]) -> None:
        """Remove what is kept of unfinished or failed tries at runs that are finished."""
        finished = list(run_ids)
        with self._writing():
            for folder, suffix in ((self.failed, "json"), (self.checkpoints, "npz")):
                for run_id in finished if folder.is_dir() else ():
                    (folder / f"{run_id}.{suffix}").unlink(missing_ok=True)

    def write_failure(self, failure: FailureRecord) -> None:
        """Keep what is known of a run that failed; the last try counts."""
        with self._writing():
            self.failed.mkdir(exist_ok=True)
            files.write_whole(self.failed / f"{failure.run_id}.json", failure.to_json())

    def failed_ids(self) -> set[str]:
        """The ids of the runs that failed when they were last tried."""
        return set(_ids(self.failed))

    def failures(self) -> list[FailureRecord]:
        """The records of those runs, in the order of their ids; damaged files are left out."""
        found = [
            read_failure(self.failed / f"{run_id}.json") for run_id in sorted(_ids(self.failed))
        ]
        return [failure for failure in found if failure is not None]

    def config_text(self) -> bytes | None:
        """The bytes of ``config.yaml``; None if there is none."""
        try:
            return files.read_whole(self.config)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as cause:
            raise errors.results_unreadable(self.config, cause) from cause

    def write_config(self, text: bytes) -> None:
        """Put the resolved config beside the runs."""
        self._write_derived(self.config, [text])

    def write_csv(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Rewrite a derived table; None becomes an empty cell, numbers keep all their digits."""
        self._write_derived(self.path / name, _csv_pieces(columns, rows))

    def _write_derived(self, path: Path, pieces: Iterable[bytes]) -> None:
        self._check_replaceable(path)
        with self._writing():
            files.write_if_changed(path, pieces)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            raise errors.results_unwritable(self.path, cause) from cause


def _csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The bytes of a table, some thousand rows at a time."""
    rest = itertools.chain([columns], rows)
    while some := list(itertools.islice(rest, 4096)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(some)
        yield text.getvalue().encode()


def _ids(folder: Path) -> Iterator[str]:
    """The ids of the runs that have a JSON file in the folder."""
    return (path.stem for path in folder.glob("*.json") if _RUN_ID.fullmatch(path.stem))


def sweep_folders(path: Path) -> list[ResultsFolder]:
    """The results folder at ``path``, or every one below it, in alphabetical order.

    Links to folders are followed; a folder that is reached twice is listed once.
    """
    if ResultsFolder(path).is_sweep():
        return [ResultsFolder(path)]
    seen: set[Path] = set()
    found = sorted(folder.path for folder in _sweeps_below(path, seen))
    if not found:
        raise errors.results_absent(path)
    return [ResultsFolder(folder) for folder in found]


def _sweeps_below(path: Path, seen: set[Path]) -> Iterator[ResultsFolder]:
    if (real := path.resolve()) in seen:
        return
    seen.add(real)
    folder = ResultsFolder(path)
    own: tuple[str, ...] = ()
    if folder.is_sweep():
        yield folder
        own = _SUBFOLDERS
    try:
        inner = sorted(each for each in path.iterdir() if each.is_dir())
    except PermissionError:  # of somebody else
        return
    for each in sorted(inner, key=lambda each: each.is_symlink()):
        if each.name not in own and not each.name.startswith("."):
            yield from _sweeps_below(each, seen)


def single_folder(path: Path) -> ResultsFolder:
    """The results folder at ``path`` itself."""
    folder = ResultsFolder(path)
    if not folder.is_sweep():
        raise errors.results_below(path, [below.path for below in sweep_folders(path)])
    return folder
