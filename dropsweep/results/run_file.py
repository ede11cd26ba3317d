"""Files of finished and failed runs, read strictly: only what was written is believed."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dropsweep import errors, files
from dropsweep.records import SCHEMA, FailureRecord, RunRecord

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import TypeAdapter


class DamagedError(Exception):
    """A run file that is not what was written; the message gives the reason."""


def read_run(path: Path) -> RunRecord:
    """Read a run file.

    Raises
    ------
    DamagedError
        If it is not valid JSON, lacks a field, has another run's name, or is a link to nothing.
    ResultsError
        If a newer dropsweep wrote it, or it cannot be read.
    FileNotFoundError
        If there is none.
    """
    import pydantic

    try:
        raw = files.read_whole(path)
        record = _adapter().validate_json(raw, strict=True)
        record = replace(record, spec=record.spec.sharing())
        _refuse_newer(path, record.schema)
    except (FileNotFoundError, NotADirectoryError) as cause:
        if path.is_symlink():
            raise DamagedError(f"it is a link to {path.readlink()}, which is not there") from cause
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
    val = record.val_accuracy
    if record.schema == 1 and record.status == "done":  # each point used all validation images
        val = record.history.val_accuracy[-1]
    return replace(record, val_accuracy=val, **_shared(record))


def _shared(record: RunRecord) -> dict[str, Any]:
    """The parts of a record that other records have as well, each kept once for all of them."""
    history, epochs = record.history, record.spec.epochs_measured
    if history.epoch == epochs:
        history = replace(history, epoch=epochs)
    return {
        "run_id": record.spec.run_id,
        "spec": record.spec,
        "history": history,
        "environment": _environment(json.dumps(record.environment)),
    }


@functools.lru_cache(maxsize=1024)
def _environment(text: str) -> dict[str, Any]:
    environment: dict[str, Any] = json.loads(text)
    return environment


def _contradiction(record: RunRecord, run_id: str) -> str:
    """The reason why no run can have written the record; empty if there is none."""
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
        record.val_accuracy or 0,
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
        "its val_accuracy does not belong to its status": (
            record.schema > 1 and (record.val_accuracy is None) != (record.status == "diverged")
        ),
        "an accuracy is not between 0 and 1": not (
            all(map(math.isfinite, accuracies)) and 0 <= min(accuracies) <= max(accuracies) <= 1
        ),
        "a number is not finite": not all(map(math.isfinite, numbers)),
    }
    return next((sentence for sentence, found in contradictions.items() if found), "")


def read_failure(path: Path) -> FailureRecord | None:
    """The record of a failed run; None if the file is gone, or is not what was written.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    import pydantic

    try:
        failure = _failure_adapter().validate_json(files.read_whole(path), strict=True)
    except (FileNotFoundError, IsADirectoryError, pydantic.ValidationError):
        return None
    except OSError as cause:
        raise errors.results_unreadable(path, cause) from cause
    return failure if failure.run_id == failure.spec.run_id == path.stem else None


@functools.cache
def _adapter() -> TypeAdapter[RunRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(RunRecord)


@functools.cache
def _failure_adapter() -> TypeAdapter[FailureRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(FailureRecord)


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
