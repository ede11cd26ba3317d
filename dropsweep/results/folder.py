"""What is where in a results folder, and how it gets there: whole or not at all."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep import errors, files
from dropsweep.results import parameters
from dropsweep.results.failure_file import read_failure
from dropsweep.results.run_file import DamagedError, read_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dropsweep.records import FailureRecord, NetArrays, RunRecord


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
        """Where a run's record is, or will be."""
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
        """Make the folder, and clear away what writers that died left in it."""
        with self._writing():
            self.runs.mkdir(parents=True, exist_ok=True)
            for folder in (
                self.path,
                self.runs,
                self.failed,
                self.parameters,
                self.checkpoints,
                self.path / "plots",
            ):
                for leftover in files.stale_temporaries(folder):
                    leftover.unlink(missing_ok=True)

    def run_ids(self) -> list[str]:
        """The ids of all runs in the folder, in alphabetical order."""
        return sorted(path.stem for path in self.runs.glob("*.json"))

    def read(self, run_ids: Iterable[str]) -> tuple[list[RunRecord], list[tuple[str, str]]]:
        """The records of those runs that are there, and (id, reason) of the damaged ones."""
        records, damaged = [], []
        for run_id in run_ids:
            try:
                records.append(read_run(self.run_file(run_id)))
            except FileNotFoundError:
                continue
            except DamagedError as error:
                damaged.append((run_id, str(error)))
        return records, damaged

    def set_aside(self, run_id: str) -> Path | None:
        """Rename a damaged run file, so that its run is missing and its bytes are not lost.

        Returns its new path, or None if another process has mended or moved it meanwhile.
        """
        source = self.run_file(run_id)
        target, number = source.with_suffix(".json.damaged"), 1
        while target.exists():
            target, number = source.with_suffix(f".json.damaged-{number}"), number + 1
        try:
            read_run(source)
        except FileNotFoundError:
            return None
        except DamagedError:
            with self._writing():
                source.rename(target)
            return target
        return None

    def publish(self, record: RunRecord, kept: NetArrays | None = None) -> bool:
        """Write a finished run's file, whole; False if another process was first.

        What is kept of its net comes before it, so that a run that is there has it. What is left
        of unfinished or failed tries at it then goes.
        """
        with self._writing():
            if kept is not None:
                self._keep(record, kept)
            first = files.publish_once(self.run_file(record.run_id), record.to_json())
        self.clear_tries([record.run_id])
        return first

    def _keep(self, record: RunRecord, kept: NetArrays) -> None:
        """Write a net's arrays, unless they stand beside their finished run already."""
        if self.run_file(record.run_id).exists() and self.read_parameters(record) is not None:
            return
        self.parameters.mkdir(exist_ok=True)
        files.write_whole(self._parameter_file(record), parameters.encode(kept))

    def read_parameters(self, record: RunRecord) -> NetArrays | None:
        """What was kept of a run's net, by name; None if that is nothing, or is damaged.

        The parameters of the best epoch are called ``W1``, ``b1`` and so on, from the input; the
        other arrays say how active the hidden units are (`training.activity`).
        """
        return parameters.read(self._parameter_file(record))

    def _parameter_file(self, record: RunRecord) -> Path:
        return self.parameters / f"{record.run_id}.npz"

    def clear_tries(self, run_ids: Iterable[str]) -> None:
        """Remove what is kept of unfinished or failed tries at runs that are finished."""
        with self._writing():
            for run_id in run_ids:
                (self.failed / f"{run_id}.json").unlink(missing_ok=True)
                (self.checkpoints / f"{run_id}.npz").unlink(missing_ok=True)

    def write_failure(self, failure: FailureRecord) -> None:
        """Keep what is known of a run that failed; the last try counts."""
        with self._writing():
            self.failed.mkdir(exist_ok=True)
            files.write_whole(self.failed / f"{failure.run_id}.json", failure.to_json())

    def failed_ids(self) -> set[str]:
        """The ids of the runs that failed when they were last tried."""
        return {path.stem for path in self.failed.glob("*.json")}

    def failures(self) -> list[FailureRecord]:
        """What is known of those runs, in the order of their ids; damaged files are left out."""
        found = [read_failure(path) for path in sorted(self.failed.glob("*.json"))]
        return [failure for failure in found if failure is not None]

    def write_config(self, text: bytes) -> None:
        """Put the resolved config beside the runs."""
        with self._writing():
            files.write_if_changed(self.config, text)

    def write_csv(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Rewrite a derived table; None becomes an empty cell, numbers keep all their digits."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        with self._writing():
            files.write_if_changed(self.path / name, text.getvalue().encode())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            raise errors.results_unwritable(self.path, cause) from cause
