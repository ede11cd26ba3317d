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

    from dropsweep.records import RunSpec


class DamagedError(Exception):
    """A run file that is not what was written; the message gives the reason."""


def read_run(path: Path, planned: RunSpec | None = None) -> RunRecord:
    """Read a run file.

    Parameters
    ----------
    planned
        The spec that the run should have; it takes the place of an equal one in the record.

    Raises
    ------
    DamagedError
        If it is not valid JSON, lacks a field, has another run's name, or is a link to nothing.
    ResultsError
        If a newer dropsweep wrote it, or it cannot be read.
    FileNotFoundError
        If there is none.
    """
    record = _parse(path)
    spec = record.spec
    if planned and (spec, spec.dataset.content) == (planned, planned.dataset.content):
        spec = planned
    else:
        spec = spec.sharing()
    try:
        belongs = record.run_id == spec.run_id == path.stem
        environment = _environment(json.dumps(record.environment, allow_nan=False))
    except ValueError as error:
        raise DamagedError("a number is not finite") from error
    if not belongs:  # nor can anything be counted by a spec that is not the one that was run
        raise DamagedError("its name, run_id and spec do not belong together")
    expected = spec.epochs_measured
    if problem := _contradiction(record, expected):
        raise DamagedError(problem)
    history, val = record.history, record.val_accuracy
    if history.epoch == expected:
        history = replace(history, epoch=expected)
    if record.schema == 1 and record.status == "done":  # each point used all validation images
        val = history.val_accuracy[-1]
    return replace(
        record,
        run_id=spec.run_id,
        spec=spec,
        history=history,
        environment=environment,
        val_accuracy=val,
    )  # what other records have as well is kept once for all of them


def _parse(path: Path) -> RunRecord:
    """The record in a file, as far as its shape goes."""
    import pydantic

    try:
        raw = files.read_whole(path)
        record = _adapter().validate_json(raw, strict=True)
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
    return record


@functools.lru_cache(maxsize=1024)
def _environment(text: str) -> dict[str, Any]:
    environment: dict[str, Any] = json.loads(text)
    return environment


def _contradiction(record: RunRecord, expected: tuple[int, ...]) -> str:
    """The reason why no run with these epochs can have written the record; empty if none."""
    history = record.history
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
