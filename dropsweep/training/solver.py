"""The training loop: batches, steps, measured points, the best epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dropsweep.nn import Adam, Network, fully_connected
from dropsweep.records import History, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dropsweep.nn.layer import Array
    from dropsweep.records import RunSpec, TrainingSpec
    from dropsweep.training.split import Images, Split
    from dropsweep.training.streams import Streams

CLASSES = 10
_MEASURED_TRAINING_IMAGES = 1000


class DivergedError(Exception):
    """The loss, or a score, is no longer a finite number."""


@dataclass(frozen=True)
class Outcome:
    """What training gave; the fields are those of `records.RunRecord`."""

    status: Literal["done", "diverged"]
    history: History
    best_epoch: int | None
    best_val_accuracy: float | None
    test_accuracy: float | None
    parameters: dict[str, Array]
    """Those of the best epoch."""


def solve(
    spec: RunSpec, split: Split, streams: Streams, on_point: Callable[[Point], None]
) -> Outcome:
    """Train one net and measure it along the way.

    A point is measured after the first iteration (epoch 0) and at the end of every epoch; where an
    epoch is a single iteration, epoch 0 is left out. The best epoch is the first with the highest
    validation accuracy; the test images are shown once, to that epoch's parameters.

    Parameters
    ----------
    on_point
        Told each point as it is measured.
    """
    network = fully_connected(
        [split.train.pixels.shape[1], *spec.model.hidden_sizes, CLASSES],
        rate=spec.dropout.rate,
        weight_scale=spec.model.weight_scale,
        random=streams.initial_weights,
        dtype=spec.model.dtype,
    )
    best = _Best()
    history = History()
    status: Literal["done", "diverged"] = "done"
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # reported as divergence
            for epoch, loss in _epochs(network, spec.training, split, streams):
                point = _measure(network, split, epoch, loss)
                best.consider(point, network.parameters)
                history = history.with_point(point)
                on_point(point)
    except DivergedError:
        status = "diverged"
    test_accuracy = None
    if best.parameters and len(split.test):
        _restore(network, best.parameters)
        test_accuracy = accuracy(network, split, split.test)
    return Outcome(status, history, best.epoch, best.val_accuracy, test_accuracy, best.parameters)


def accuracy(network: Network, split: Split, images: Images) -> float:
    """Fraction of the images whose class the net names, in test mode.

    Raises
    ------
    DivergedError
        If a score is not a finite number: an argmax over NaN is no answer.
    """
    right = 0
    for block in images.blocks():
        scores = network.scores(split.inputs(block))
        if not np.isfinite(scores).all():
            raise DivergedError
        right += int((scores.argmax(axis=1) == block.labels).sum())
    return right / len(images)


def _epochs(
    network: Network, training: TrainingSpec, split: Split, streams: Streams
) -> Iterator[tuple[int, float]]:
    """Train; yield, wherever a point is due, its epoch and the mean loss since the last one."""
    optimizer = Adam(training.learning_rate)
    per_epoch = max(len(split.train) // training.batch_size, 1)
    losses: list[float] = []
    for iteration in range(1, training.epochs * per_epoch + 1):
        chosen = streams.batches.choice(len(split.train), training.batch_size)
        batch = split.train[chosen]
        loss, gradients = network.loss(split.inputs(batch), batch.labels, streams.masks)
        if not math.isfinite(loss):
            raise DivergedError
        optimizer.step(network.parameters, gradients)
        losses.append(loss)
        epoch, rest = divmod(iteration, per_epoch)
        if rest == 0 or iteration == 1:
            yield epoch, sum(losses) / len(losses)
            losses.clear()


def _measure(network: Network, split: Split, epoch: int, loss: float) -> Point:
    measured = split.train[:_MEASURED_TRAINING_IMAGES]
    return Point(
        epoch, loss, accuracy(network, split, measured), accuracy(network, split, split.val)
    )


class _Best:
    """The best epoch so far, with a copy of its parameters."""

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.val_accuracy: float | None = None
        self.parameters: dict[str, Array] = {}

    def consider(self, point: Point, parameters: dict[str, Array]) -> None:
        if self.val_accuracy is None or point.val_accuracy > self.val_accuracy:
            self.epoch, self.val_accuracy = point.epoch, point.val_accuracy
            self.parameters = {name: value.copy() for name, value in parameters.items()}


def _restore(network: Network, parameters: dict[str, Array]) -> None:
    for name, value in network.parameters.items():
        np.copyto(value, parameters[name])
