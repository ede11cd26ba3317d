"""The results folder: one file for one finished run is its only truth, all else is derived."""

from __future__ import annotations

import csv
import functools
import io
import json
import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dropsweep import errors, files
from dropsweep.records import SCHEMA, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pydantic import TypeAdapter

    from dropsweep.records import FailureRecord


class DamagedError(Exception):
    """A run file that is not what was written; the message says in what way."""


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

    def publish(self, record: RunRecord) -> bool:
        """Write a finished run's file, whole; False if another process was first.

        What is kept of unfinished or failed tries at it then goes.
        """
        with self._writing():
            first = files.publish_once(self.run_file(record.run_id), record.to_json())
        self.clear_tries([record.run_id])
        return first

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


def read_run(path: Path) -> RunRecord:
    """Read a run file.

    Raises
    ------
    DamagedError
        If it is not valid JSON, lacks a field, or does not belong to its name.
    ResultsError
        If a newer dropsweep wrote it, or it cannot be read.
    FileNotFoundError
        If there is none.
    """
    import pydantic

    try:
        raw = path.read_bytes()
        record = _adapter().validate_json(raw, strict=True)
        _refuse_newer(path, record.schema)
    except (FileNotFoundError, NotADirectoryError) as cause:
        raise FileNotFoundError(path) from cause
    except IsADirectoryError as cause:
        raise DamagedError("it is a folder") from cause
    except OSError as cause:
        raise errors.results_unreadable(path, cause) from cause
    except pydantic.ValidationError as error:
        _refuse_newer(path, _schema_of(raw))
        field = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"field {field} is missing or wrong" if field else "it is not a whole run file"
        raise DamagedError(what) from error
    if problem := _contradiction(record, path.stem):
        raise DamagedError(problem)
    return record


def _contradiction(record: RunRecord, run_id: str) -> str:
    """In what way a record cannot be what a run wrote; empty if it can."""
    try:
        belongs = record.run_id == record.spec.run_id == run_id
        json.dumps(record.environment, allow_nan=False)
    except ValueError:
        return "a number is not finite"
    if not belongs:  # nor can anything be counted by a spec that is not the one that was run
        return "its name, run_id and spec do not belong together"
    history, expected = record.history, record.spec.epochs_measured
    reached, cut = (
        len(history.epoch),
        record.status == "done" and len(history.epoch) < len(expected),
    )
    accuracies = [
        *history.train_accuracy,
        *history.val_accuracy,
        *record.monte_carlo.val_accuracy,
        record.best_val_accuracy or 0,
        record.test_accuracy or 0,
    ]
    columns = (history.train_loss, history.train_accuracy, history.val_accuracy)
    numbers = (*history.train_loss, record.seconds)
    contradictions = {
        "its history does not have the epochs of its spec": (
            cut or history.epoch != expected[:reached]
        ),
        "its history's lists differ in length": any(len(column) != reached for column in columns),
        "its best epoch does not belong to its history": (
            (record.best_val_accuracy is None) != (reached == 0)
        ),
        "an accuracy is not between 0 and 1": not all(0 <= each <= 1 for each in accuracies),
        "a number is not finite": not all(map(math.isfinite, numbers)),
    }
    return next((sentence for sentence, found in contradictions.items() if found), "")


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


@functools.cache
def _adapter() -> TypeAdapter[RunRecord]:

    from pydantic import TypeAdapter

    return TypeAdapter(RunRecord)


def _refuse_newer(path: Path, schema: int) -> None:
    if schema > SCHEMA:
        raise errors.results_newer(path, schema, SCHEMA)


def _schema_of(raw: bytes) -> int:
    """The schema that a file claims, whatever else is wrong with it; 0 if it claims none."""
    try:
        schema = json.loads(raw)["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return schema if isinstance(schema, int) else 0
