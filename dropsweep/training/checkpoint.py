"""The state of a run that is not finished, so that a killed one goes on where it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.files import encode_arrays, read_arrays, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.nn.layer import Array

LAYOUT = 1
"""Version of the file's content; a file of another version is passed over."""

_REST = {"iteration", "history", "best", "optimizer", "streams"}
"""What `Checkpoint.rest` must hold for a run to go on."""


@dataclass(frozen=True)
class Checkpoint:
    """Everything that decides how a run goes on, at the end of an epoch."""

    arrays: dict[str, Array]
    """By name: the net's state, the optimizer's memory, the best epoch's state."""
    rest: dict[str, Any]
    """What JSON can hold: iteration, losses, history, best epoch, stream positions."""

    def with_seconds(self, seconds: float) -> Checkpoint:
        """The same, with the wall time it took."""
        return replace(self, rest=self.rest | {"seconds": seconds})


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint whole; the last one is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rest = json.dumps({"layout": LAYOUT} | checkpoint.rest)
    write_whole(path, encode_arrays({"rest": np.array(rest), **checkpoint.arrays}))


def load(path: Path) -> Checkpoint | None:
    """The checkpoint at ``path``; None if there is none that can be used: the run begins anew."""
    arrays = read_arrays(path)
    try:
        rest = json.loads(str(arrays.pop("rest"))) if arrays else {}
        usable = rest["layout"] == LAYOUT and rest.keys() >= _REST
    except (ValueError, KeyError, TypeError):
        return None
    return Checkpoint(arrays, rest) if arrays is not None and usable else None
