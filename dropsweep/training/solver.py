"""The training loop: batches, steps, measured points, the best epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dropsweep.nn import bound_norms, penalize
from dropsweep.records import History, MonteCarlo, Point, iterations_per_epoch
from dropsweep.training.batches import SAMPLING
from dropsweep.training.build import build_network, build_optimizer, build_penalties
from dropsweep.training.evaluate import DivergedError, accuracy, monte_carlo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dropsweep.nn import Network
    from dropsweep.nn.layer import Array
    from dropsweep.records import RunSpec, TrainingSpec
    from dropsweep.training.split import Split
    from dropsweep.training.streams import Streams

_MEASURED_TRAINING_IMAGES = 1000


@dataclass(frozen=True)
class Outcome:
    """What training gave; the fields are those of `records.RunRecord`."""

    status: Literal["done", "diverged"]
    history: History
    best_epoch: int | None
    best_val_accuracy: float | None
    test_accuracy: float | None
    monte_carlo: MonteCarlo
    state: dict[str, Array]
    """Parameters and statistics of the best epoch."""


def solve(
    spec: RunSpec, split: Split, streams: Streams, on_point: Callable[[Point], None]
) -> Outcome:
    """Train one net and measure it along the way.

    A point is measured after the first iteration (epoch 0) and at the end of every epoch; where an
    epoch is a single iteration, epoch 0 is left out. The best epoch is the first with the highest
    validation accuracy; the test images are shown once, to that epoch's net.

    Parameters
    ----------
    on_point
        Told each point as it is measured.
    """
    best = _Best()
    history, averaged, test_accuracy = History(), MonteCarlo(), None
    status: Literal["done", "diverged"] = "done"
    with np.errstate(over="ignore", invalid="ignore"):  # told as divergence
        network = build_network(spec, split.train.pixels.shape[1], streams.initial_weights)
        try:
            for epoch, loss in _epochs(network, spec.training, split, streams):
                point = _measure(network, split, epoch, loss)
                best.consider(point, network.state)
                history = history.with_point(point)
                on_point(point)
        except DivergedError:
            status = "diverged"
        try:
            if best.state:
                _restore(network, best.state)
                samples = spec.evaluation.monte_carlo_samples
                averaged = monte_carlo(network, split, samples, streams.monte_carlo)
                test_accuracy = accuracy(network, split, split.test) if len(split.test) else None
        except DivergedError:  # finite on the validation images, but not on these
            status = "diverged"
    return Outcome(
        status, history, best.epoch, best.val_accuracy, test_accuracy, averaged, best.state
    )


def _epochs(
    network: Network, training: TrainingSpec, split: Split, streams: Streams
) -> Iterator[tuple[int, float]]:
    """Train; yield, wherever a point is due, its epoch and the mean loss since the last one."""
    optimizer = build_optimizer(training)
    penalties = build_penalties(training)
    per_epoch = iterations_per_epoch(len(split.train), training.batch_size)
    batches = SAMPLING[training.sampling](len(split.train), training.batch_size, streams.batches)
    losses: list[float] = []
    for iteration in range(1, training.epochs * per_epoch + 1):
        batch = split.train[next(batches)]
        loss, gradients = network.loss(split.inputs(batch), batch.labels, streams.masks)
        loss += penalize(network.parameters, gradients, penalties)
        if not math.isfinite(loss):
            raise DivergedError
        optimizer.step(network.parameters, gradients)
        if training.max_norm is not None:
            bound_norms(network.parameters, training.max_norm)
        losses.append(loss)
        epoch, rest = divmod(iteration, per_epoch)
        if rest == 0:
            optimizer.learning_rate *= training.learning_rate_decay
        if rest == 0 or iteration == 1:
            yield epoch, sum(losses) / len(losses)
            losses.clear()


def _measure(network: Network, split: Split, epoch: int, loss: float) -> Point:
    measured = split.train[:_MEASURED_TRAINING_IMAGES]
    return Point(
        epoch, loss, accuracy(network, split, measured), accuracy(network, split, split.val)
    )


class _Best:
    """The best epoch so far, with a copy of its net's state."""

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.val_accuracy: float | None = None
        self.state: dict[str, Array] = {}

    def consider(self, point: Point, state: dict[str, Array]) -> None:
        if self.val_accuracy is None or point.val_accuracy > self.val_accuracy:
            self.epoch, self.val_accuracy = point.epoch, point.val_accuracy
            self.state = {name: value.copy() for name, value in state.items()}


def _restore(network: Network, state: dict[str, Array]) -> None:
    for name, value in network.state.items():
        np.copyto(value, state[name])
