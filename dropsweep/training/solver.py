"""The training loop: batches, steps, measured points, the best epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dropsweep.nn import bound_norms, penalize
from dropsweep.records import MonteCarlo, Point, iterations_per_epoch
from dropsweep.training.batches import SAMPLING
from dropsweep.training.build import build_penalties
from dropsweep.training.evaluate import DivergedError, accuracy, monte_carlo
from dropsweep.training.inputs import Inputs
from dropsweep.training.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dropsweep.nn import Network
    from dropsweep.nn.layer import Array
    from dropsweep.records import History, RunSpec, TrainingSpec
    from dropsweep.training.checkpoint import Checkpoint
    from dropsweep.training.split import Split
    from dropsweep.training.streams import Streams

_MEASURED_TRAINING_IMAGES = 1000


@dataclass(frozen=True)
class Solution:
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
    spec: RunSpec,
    split: Split,
    streams: Streams,
    on_point: Callable[[Point], None],
    *,
    on_epoch: Callable[[Session], None] = lambda _: None,
    start: Checkpoint | None = None,
) -> Solution:
    """Train one net and measure it along the way.

    A point is measured after the first iteration (epoch 0) and at the end of every epoch; where an
    epoch is a single iteration, epoch 0 is left out. The best epoch is the first with the highest
    validation accuracy; the test images are shown once, to that epoch's net.

    Parameters
    ----------
    on_point
        Told each point as it is measured.
    on_epoch
        Shown the session at the end of every epoch, when it can be kept as a checkpoint.
    start
        Where an earlier session of the same spec was left; it goes on with the same bits.
    """
    test_accuracy, averaged = None, MonteCarlo()
    status: Literal["done", "diverged"] = "done"
    with np.errstate(over="ignore", invalid="ignore"):  # told as divergence
        session = Session.begin(spec, split.train.pixels.shape[1], streams)
        if start is not None:
            session.resume(start)
        best = session.best
        train, val = Inputs.of(split, split.train), Inputs.of(split, split.val)
        measured = train.first(_MEASURED_TRAINING_IMAGES)
        try:
            for epoch, loss in _epochs(session, spec.training, train):
                accuracies = [accuracy(session.network, inputs) for inputs in (measured, val)]
                point = Point(epoch, loss, *accuracies)
                best.consider(point, session.network.state)
                session.history = session.history.with_point(point)
                on_point(point)
                if epoch:
                    on_epoch(session)
        except DivergedError:
            status = "diverged"
        try:
            if best.state:
                restore(session.network, best.state)
                samples = spec.evaluation.monte_carlo_samples
                averaged = monte_carlo(session.network, val, samples, streams.monte_carlo)
                if len(split.test):
                    test_accuracy = accuracy(session.network, Inputs.of(split, split.test))
        except DivergedError:  # finite on the validation images, but not on these
            status = "diverged"
    return Solution(
        status,
        session.history,
        best.epoch,
        best.val_accuracy,
        test_accuracy,
        averaged,
        best.state,
    )


def _epochs(session: Session, training: TrainingSpec, train: Inputs) -> Iterator[tuple[int, float]]:
    """Train on; yield, wherever a point is due, its epoch and the mean loss since the last one."""
    network, optimizer, streams = session.network, session.optimizer, session.streams
    penalties = build_penalties(training)
    per_epoch = iterations_per_epoch(len(train), training.batch_size)
    batches = SAMPLING[training.sampling](len(train), training.batch_size, streams.batches)
    losses: list[float] = []
    while session.iteration < training.epochs * per_epoch:
        x, labels = train.take(next(batches))
        loss, gradients = network.backpropagate(x, labels, streams.masks)
        loss += penalize(network.parameters, gradients, penalties)
        if not math.isfinite(loss):
            raise DivergedError
        optimizer.step(network.parameters, gradients)
        if training.max_norm is not None:
            bound_norms(network.parameters, training.max_norm)
        losses.append(loss)
        session.iteration += 1
        epoch, rest = divmod(session.iteration, per_epoch)
        if rest == 0:
            optimizer.learning_rate *= training.learning_rate_decay
        if rest == 0 or session.iteration == 1:
            yield epoch, sum(losses) / len(losses)
            losses.clear()


def restore(network: Network, state: dict[str, Array]) -> None:
    """Give a net the state that another of its shape had."""
    for name, value in network.state.items():
        np.copyto(value, state[name])
