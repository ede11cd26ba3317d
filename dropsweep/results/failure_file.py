"""The file of a run that failed, as strictly read as it was written."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.records import FailureRecord

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import TypeAdapter


def read_failure(path: Path) -> FailureRecord | None:
    """What is known of the failure; None if the file is gone, or is not what was written."""
    import pydantic

    try:
        failure = _adapter().validate_json(path.read_bytes(), strict=True)
    except (FileNotFoundError, IsADirectoryError, pydantic.ValidationError):
        return None
    except OSError as cause:
        raise errors.results_unreadable(path, cause) from cause
    return failure if failure.run_id == failure.spec.run_id == path.stem else None


@functools.cache
def _adapter() -> TypeAdapter[FailureRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(FailureRecord)
