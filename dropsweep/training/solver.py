"""The training loop: batches, steps, measured points, the best epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dropsweep.nn import bound_norms, penalize
from dropsweep.records import MonteCarlo, Point, iterations_per_epoch
from dropsweep.training.build import build_penalties, schedule_dropout
from dropsweep.training.evaluate import DivergedError, accuracy, monte_carlo
from dropsweep.training.images import SAMPLING, Inputs
from dropsweep.training.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dropsweep.nn import Network
    from dropsweep.nn.layer import Array
    from dropsweep.records import History, RunSpec
    from dropsweep.training.images import Split
    from dropsweep.training.session import Checkpoint, Streams

_MEASURED_TRAINING_IMAGES = 1000


@dataclass(frozen=True)
class Solution:
    """The result of training; the fields are those of `records.RunRecord`."""

    status: Literal["done", "diverged"]
    history: History
    best_epoch: int | None
    best_val_accuracy: float | None
    val_accuracy: float | None
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

    A point is measured at each of `RunSpec.epochs_measured`: epoch 0 is the first iteration, and
    every other one its end. The best epoch is the first with the highest validation accuracy; the
    test images are shown once, to that epoch's net. All validation images are shown to the net of
    the last epoch. A run has diverged once a loss, a sum of losses, a score or anything that
    training remembers is no longer a finite number.

    Parameters
    ----------
    on_point
        Called with each point as it is measured.
    on_epoch
        Called with the session at the end of every epoch, when it can be kept as a checkpoint.
    start
        Where an earlier session of the same spec was left; it goes on with the same bits.
    """
    test_accuracy = val_accuracy = None
    averaged = MonteCarlo()
    status: Literal["done", "diverged"] = "done"
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # reported as divergence
        session = Session.begin(spec, split.input_size, streams)
        if start is not None:
            session.resume(start)
        network, best = session.network, session.best
        train, val = Inputs.of(split, split.train), Inputs.of(split, split.val)
        train_part = train.first(_MEASURED_TRAINING_IMAGES)
        val_part = val.first(spec.evaluation.curve_images)
        due = frozenset(spec.epochs_measured)
        try:
            for epoch in _epochs(session, spec, train):
                if epoch in due:
                    if session.overflowed():
                        raise DivergedError
                    accuracies = [accuracy(network, inputs) for inputs in (train_part, val_part)]
                    point = Point(epoch, session.mean_loss(), *accuracies)
                    best.consider(point, network.state)
                    session.history = session.history.with_point(point)
                    on_point(point)
                if epoch:
                    on_epoch(session)
            measured = len(val_part) == len(val)  # at the last point
            val_accuracy = session.history.val_accuracy[-1] if measured else accuracy(network, val)
        except DivergedError:
            status = "diverged"
        try:
            if best.state:
                restore(network, spec, best.state, best.epoch or 0)
                samples = spec.evaluation.monte_carlo_samples
                averaged = monte_carlo(network, val, samples, streams.monte_carlo)
                if len(split.test):
                    test_accuracy = accuracy(network, Inputs.of(split, split.test))
        except DivergedError:  # finite on the validation images, but not on these
            status = "diverged"
    return Solution(
        status,
        session.history,
        best.epoch,
        best.val_accuracy,
        val_accuracy if status == "done" else None,
        test_accuracy,
        averaged,
        best.state,
    )


def _epochs(session: Session, spec: RunSpec, train: Inputs) -> Iterator[int]:
    """Train on; yield 0 after the first iteration, and each epoch at its end."""
    training, network, optimizer = spec.training, session.network, session.optimizer
    streams = session.streams
    penalties = build_penalties(training)
    per_epoch = iterations_per_epoch(len(train), training.batch_size)
    batches = SAMPLING[training.sampling](len(train), training.batch_size, streams.batches)
    while session.iteration < training.epochs * per_epoch:
        schedule_dropout(network, spec, session.iteration // per_epoch)
        x, labels = train.take(next(batches))
        loss, gradients = network.backpropagate(x, labels, streams.masks)
        session.loss_sum += loss + penalize(network.parameters, gradients, penalties)
        session.losses += 1
        if not math.isfinite(session.loss_sum):
            raise DivergedError
        optimizer.step(network.parameters, gradients)
        if training.max_norm is not None:
            bound_norms(network.parameters, training.max_norm)
        session.iteration += 1
        epoch, rest = divmod(session.iteration, per_epoch)
        if rest == 0:
            optimizer.learning_rate *= training.learning_rate_decay
        if rest == 0 or session.iteration == 1:
            yield epoch


def restore(network: Network, spec: RunSpec, state: dict[str, Array], epoch: int) -> None:
    """Give a net the state it had when a point was measured, and the dropout of that epoch."""
    for name, value in network.state.items():
        np.copyto(value, state[name])
    schedule_dropout(network, spec, max(epoch - 1, 0))
