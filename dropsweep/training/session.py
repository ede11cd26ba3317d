"""A run in progress: all that its next iteration depends on, and its checkpoint on disk."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.files import encode_arrays, read_arrays, write_whole
from dropsweep.records import History
from dropsweep.training.build import build_network, build_optimizer

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.nn import Network, Optimizer, RandomStream
    from dropsweep.nn.layer import Array
    from dropsweep.records import Point, RunSpec

LAYOUT = 2
"""Version of the checkpoint's content; a file of another version is passed over."""

_REST = {"iteration", "losses", "history", "best", "optimizer", "streams"}
"""Keys that `Checkpoint.rest` must hold for a run to go on."""


@dataclass(frozen=True)
class Streams:
    """One random stream per purpose, so that no purpose disturbs another.

    Runs that share a seed share them all: they use the same images, begin with the same weights,
    see the same batches and draw their masks from the same uniforms, which pairs the differences
    between rates. The order of the fields is that of their spawn keys: append only, or every number
    changes.
    """

    initial_weights: RandomStream
    batches: RandomStream
    masks: RandomStream
    monte_carlo: RandomStream
    images: RandomStream

    @classmethod
    def of_seed(cls, seed: int) -> Streams:
        """The streams of a run; a pure function of its seed."""
        sequences = (
            np.random.SeedSequence(seed, spawn_key=(key,)) for key in range(len(fields(cls)))
        )
        return cls(*map(np.random.default_rng, sequences))


@dataclass
class Best:
    """The best epoch so far, with a copy of its net's state."""

    epoch: int | None = None
    val_accuracy: float | None = None
    state: dict[str, Array] = field(default_factory=dict)

    def consider(self, point: Point, state: dict[str, Array]) -> None:
        """Keep a point's net if it is strictly better on validation."""
        if self.val_accuracy is None or point.val_accuracy > self.val_accuracy:
            self.epoch, self.val_accuracy = point.epoch, point.val_accuracy
            self.state = {name: value.copy() for name, value in state.items()}


@dataclass(frozen=True)
class Checkpoint:
    """Everything that decides how a run goes on, at the end of an epoch."""

    arrays: dict[str, Array]
    """By name: the net's state, the optimizer's memory, the best epoch's state."""
    rest: dict[str, Any]
    """Values for JSON: iteration, losses, history, best epoch, stream positions, seconds."""


@dataclass
class Session:
    """The net, the optimizer, the streams, and all measurements; changed as training goes on."""

    network: Network
    optimizer: Optimizer
    streams: Streams
    iteration: int = 0
    """Iterations done."""
    loss_sum: float = 0.0
    """Sum of the losses since the last point."""
    losses: int = 0
    """Number of them."""
    history: History = field(default_factory=History)
    best: Best = field(default_factory=Best)

    @classmethod
    def begin(cls, spec: RunSpec, input_size: int, streams: Streams) -> Session:
        """Before the first iteration: this draws the initial weights."""
        network = build_network(spec, input_size, streams.initial_weights)
        return cls(network, build_optimizer(spec.training), streams)

    def mean_loss(self) -> float:
        """Mean of the losses since the last call."""
        mean = self.loss_sum / self.losses
        self.loss_sum, self.losses = 0.0, 0
        return mean

    def overflowed(self) -> bool:
        """True if a variance or a sum of squares is beyond the largest number.

        The units behind it never learn again, while scores and losses stay finite numbers.
        """
        squares = [memory[-1] for memory in self.optimizer.memory.values() if memory]
        statistics = [value for layer in self.network.layers for value in layer.statistics.values()]
        return not all(math.isfinite(value.max()) for value in squares + statistics)

    def checkpoint(self, seconds: float = 0.0) -> Checkpoint:
        """A copy of everything, at the end of an epoch, with the wall time it took."""
        arrays = {f"net.{name}": value.copy() for name, value in self.network.state.items()}
        arrays |= {f"best.{name}": value for name, value in self.best.state.items()}
        arrays |= {
            f"memory{at}.{name}": value.copy()
            for name, memory in self.optimizer.memory.items()
            for at, value in enumerate(memory)
        }
        rest = {
            "seconds": seconds,
            "iteration": self.iteration,
            "losses": [self.loss_sum, self.losses],
            "history": {name: list(column) for name, column in vars(self.history).items()},
            "best": [self.best.epoch, self.best.val_accuracy],
            "optimizer": [self.optimizer.t, self.optimizer.learning_rate],
            "streams": {
                name: stream.bit_generator.state for name, stream in vars(self.streams).items()
            },
        }
        return Checkpoint(arrays, rest)

    def resume(self, checkpoint: Checkpoint) -> None:
        """Go back to where a checkpoint was made."""
        rest = checkpoint.rest
        for name, value in self.network.state.items():
            np.copyto(value, checkpoint.arrays[f"net.{name}"])
        for name in self.network.parameters:
            self.optimizer.memory[name] = tuple(
                checkpoint.arrays[f"memory{at}.{name}"] for at in range(self.optimizer.memories)
            )
        self.optimizer.t, self.optimizer.learning_rate = rest["optimizer"]
        self.iteration = rest["iteration"]
        self.loss_sum, self.losses = rest["losses"]
        self.history = History(**{name: tuple(column) for name, column in rest["history"].items()})
        epoch, val_accuracy = rest["best"]
        best = {
            name.removeprefix("best."): value
            for name, value in checkpoint.arrays.items()
            if name.startswith("best.")
        }
        self.best = Best(epoch, val_accuracy, best)
        for name, stream in vars(self.streams).items():
            stream.bit_generator.state = rest["streams"][name]


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint whole; the last one is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rest = json.dumps({"layout": LAYOUT} | checkpoint.rest)
    write_whole(path, encode_arrays({"rest": np.array(rest), **checkpoint.arrays}))


def load(path: Path) -> Checkpoint | None:
    """The checkpoint at ``path``; None if there is none that can be used: the run starts over."""
    arrays = read_arrays(path)
    try:
        rest = json.loads(str(arrays.pop("rest"))) if arrays else {}
        usable = rest["layout"] == LAYOUT and rest.keys() >= _REST
    except (ValueError, KeyError, TypeError):
        return None
    return Checkpoint(arrays, rest) if arrays is not None and usable else None
