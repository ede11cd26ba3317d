"""A run in progress: all that its next iteration depends on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.records import History
from dropsweep.training.build import build_network, build_optimizer
from dropsweep.training.checkpoint import Checkpoint

if TYPE_CHECKING:
    from dropsweep.nn import Network, Optimizer
    from dropsweep.nn.layer import Array
    from dropsweep.records import Point, RunSpec
    from dropsweep.training.streams import Streams


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


@dataclass
class Session:
    """The net, the optimizer, the streams, and what was measured; changed as training goes on."""

    network: Network
    optimizer: Optimizer
    streams: Streams
    iteration: int = 0
    """Iterations done."""
    history: History = field(default_factory=History)
    best: Best = field(default_factory=Best)

    @classmethod
    def begin(cls, spec: RunSpec, input_size: int, streams: Streams) -> Session:
        """Before the first iteration: this draws the initial weights."""
        network = build_network(spec, input_size, streams.initial_weights)
        return cls(network, build_optimizer(spec.training), streams)

    def checkpoint(self) -> Checkpoint:
        """A copy of everything, at the end of an epoch."""
        arrays = {f"net.{name}": value.copy() for name, value in self.network.state.items()}
        arrays |= {f"best.{name}": value for name, value in self.best.state.items()}
        arrays |= {
            f"memory{at}.{name}": value.copy()
            for name, memory in self.optimizer.memory.items()
            for at, value in enumerate(memory)
        }
        rest = {
            "iteration": self.iteration,
            "history": asdict(self.history),
            "best": [self.best.epoch, self.best.val_accuracy],
            "optimizer": [self.optimizer.t, self.optimizer.learning_rate],
            "streams": {name: _position(stream) for name, stream in vars(self.streams).items()},
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
        self.history = History(**{name: tuple(column) for name, column in rest["history"].items()})
        epoch, val_accuracy = rest["best"]
        self.best = Best(epoch, val_accuracy, _below("best.", checkpoint.arrays))
        for name, stream in vars(self.streams).items():
            stream.bit_generator.state = rest["streams"][name]


def _below(prefix: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): value
        for name, value in arrays.items()
        if name.startswith(prefix)
    }


def _position(stream: Any) -> Any:
    return stream.bit_generator.state
