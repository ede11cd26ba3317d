"""The record of a run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dropsweep.records import History
from tests.factories import make_record, make_spec


def test_run_file_is_plain_json() -> None:
    """A record's bytes are JSON that any program reads, and refuse to hold NaN."""
    record = replace(make_record(make_spec()), history=History((0,), (2.3,), (0.5,), (0.25,)))
    content = json.loads(record.to_json())
    assert content["history"] == {
        "epoch": [0], "train_loss": [2.3], "train_accuracy": [0.5], "val_accuracy": [0.25],
    }  # fmt: skip
    with pytest.raises(ValueError, match="JSON"):
        replace(record, seconds=float("nan")).to_json()
