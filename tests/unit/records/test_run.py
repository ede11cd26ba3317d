"""The record of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from dropsweep.records import Content, History, MonteCarlo
from tests.factories import make_record, make_spec, varied

RECORD = replace(
    make_record(make_spec()),
    history=History((0,), (2.3,), (0.5,), (0.25,)),
    best_val_accuracy=0.25,
    val_accuracy=0.25,
)


def test_run_file_is_plain_json() -> None:
    """A record's bytes are JSON that any program reads, and refuse to hold NaN."""
    content = json.loads(RECORD.to_json())
    assert content["history"] == {
        "epoch": [0], "train_loss": [2.3], "train_accuracy": [0.5], "val_accuracy": [0.25],
    }  # fmt: skip
    with pytest.raises(ValueError, match="JSON"):
        replace(RECORD, seconds=float("nan")).to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "diverged"},
        {"best_val_accuracy": 0.4},
        {"val_accuracy": 0.4},
        {"history": History((0,), (2.0,), (0.5,), (0.25,))},
        {"history": History((0,), (2.3,), (0.4,), (0.25,))},
        {"history": History((0,), (2.3,), (0.5,), (0.2,))},
        {"history": History()},
        {"monte_carlo": MonteCarlo((2,), (0.5,))},
        {"spec": varied(RECORD.spec, {"dataset.content": Content(title="mine.npz")})},
        {"run_id": "rate-0.00_seed-0_0000000000"},
    ],
)
def test_a_fingerprint_shows_every_change_of_numbers(change: dict[str, Any]) -> None:
    """Figures of other numbers are drawn again; time, machine and test accuracy are in none."""
    same = replace(RECORD, seconds=2.0, environment={"cpu": "other"}, test_accuracy=0.1)
    assert RECORD.fingerprint() == same.fingerprint()
    assert RECORD.fingerprint() != replace(RECORD, **change).fingerprint()
