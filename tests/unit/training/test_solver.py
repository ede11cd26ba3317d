"""The training protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dropsweep import records
from dropsweep.training import Images, Outcome, Split, Streams, solve


def spec(**changes: Any) -> records.RunSpec:
    """A run on 40 tiny images; changes are by dotted key with _ for the dot."""
    base = records.RunSpec(
        records.DatasetSpec("synthetic-1", 40, 20, 10, "mean_image"),
        records.ModelSpec((8,), "relu", 0.01, "float32"),
        records.DropoutSpec(0.5, "inverted"),
        records.TrainingSpec(3, 10, "replacement", "adam", 1e-2),
        seed=0,
    )
    for key, value in changes.items():
        section, name = key.split("_", 1)
        base = replace(base, **{section: replace(getattr(base, section), **{name: value})})
    return base


def split(train: int = 40, test: int = 10) -> Split:
    """Images of 12 pixels whose first three tell the class in binary, and noise."""
    rng = np.random.default_rng(0)

    def images(count: int) -> Images:
        labels = rng.integers(0, 8, count).astype(np.uint8)
        pixels = rng.integers(0, 60, (count, 12)).astype(np.uint8)
        for bit in range(3):
            pixels[:, bit] += ((labels >> bit & 1) * 150).astype(np.uint8)
        return Images(pixels, labels)

    return Split(images(train), images(20), images(test), np.full(12, 60, np.float32))


def train(run: records.RunSpec, data: Split | None = None) -> Outcome:
    """Train and keep quiet."""
    return solve(run, data or split(), Streams.of_seed(run.seed), lambda _: None)


def test_points_are_measured_after_the_first_iteration_and_every_epoch() -> None:
    """3 epochs of 4 batches give the points 0, 1, 2, 3."""
    assert train(spec()).history.epoch == (0, 1, 2, 3)


@pytest.mark.parametrize("batch_size", [40, 60])
def test_an_epoch_of_one_iteration_leaves_epoch_zero_out(batch_size: int) -> None:
    """With a batch as large as the training set, or larger, the points are 1, 2, 3."""
    assert train(spec(training_batch_size=batch_size)).history.epoch == (1, 2, 3)


def test_a_rest_of_a_batch_is_dropped() -> None:
    """40 images in batches of 15 make two iterations an epoch: two losses a point, then one."""
    seen: list[float] = []
    run = spec(training_batch_size=15, training_epochs=1)
    streams = Streams.of_seed(0)
    counting = Counting(streams.batches, seen)
    solve(run, split(), replace(streams, batches=counting), lambda _: None)  # type: ignore[arg-type]
    assert seen == [15, 15]


class Counting:
    """A batch stream that notes the size of every draw."""

    def __init__(self, stream: Any, seen: list[float]) -> None:
        self.stream, self.seen = stream, seen

    def choice(self, size: int, count: int) -> Any:
        """Draw, and note it."""
        self.seen.append(count)
        return self.stream.choice(size, count)


def test_first_loss_and_accuracies_by_hand() -> None:
    """The first point is that of one Adam step worked out here with plain numpy."""
    data, streams = split(), Streams.of_seed(0)
    run = spec(training_batch_size=10, dropout_rate=0.0)
    point: list[records.Point] = []
    solve(run, data, Streams.of_seed(0), point.append)

    f = np.float32
    w1 = (streams.initial_weights.standard_normal((12, 8)) * 0.01).astype(f)
    w2 = (streams.initial_weights.standard_normal((8, 10)) * 0.01).astype(f)
    chosen = streams.batches.choice(40, 10)
    x = data.train.pixels[chosen].astype(f) - f(60)
    y = data.train.labels[chosen]
    hidden = np.maximum(x @ w1, 0)
    scores = hidden @ w2
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(10), y]).mean()
    assert point[0].train_loss == pytest.approx(loss, rel=1e-5)
    p[np.arange(10), y] -= 1
    d_scores = p / 10
    d_hidden = (d_scores @ w2.T) * (hidden > 0)
    new = [
        w - 1e-2 * g / (np.abs(g) + 1e-8)  # Adam's first step has the size of the learning rate
        for w, g in [
            (w1, x.T @ d_hidden), (np.zeros(8, f), d_hidden.sum(0)),
            (w2, hidden.T @ d_scores), (np.zeros(10, f), d_scores.sum(0)),
        ]
    ]  # fmt: skip
    inputs = data.val.pixels.astype(f) - f(60)
    predicted = (np.maximum(inputs @ new[0] + new[1], 0) @ new[2] + new[3]).argmax(axis=1)
    assert point[0].val_accuracy == (predicted == data.val.labels).mean()


def test_train_loss_is_the_mean_since_the_point_before() -> None:
    """One run of 2 epochs and the same batches one by one tell the same losses."""
    losses = train(spec(training_epochs=2)).history.train_loss
    single = np.array(every_loss(iterations=8))
    assert losses == pytest.approx([single[0], single[1:4].mean(), single[4:8].mean()])


def every_loss(iterations: int) -> list[float]:
    """The loss of each iteration, by a net trained step by step outside the solver."""
    from dropsweep.nn import Adam, fully_connected

    data, streams, adam, losses = split(), Streams.of_seed(0), Adam(1e-2), []
    net = fully_connected([12, 8, 10], rate=0.5, weight_scale=0.01, random=streams.initial_weights)
    for _ in range(iterations):
        batch = data.train[streams.batches.choice(40, 10)]
        loss, gradients = net.loss(data.inputs(batch), batch.labels, streams.masks)
        adam.step(net.parameters, gradients)
        losses.append(loss)
    return losses


def test_the_best_epoch_is_the_first_with_the_highest_validation_accuracy() -> None:
    """And the test accuracy is that of its parameters, not of the last epoch's."""
    outcome = train(spec(training_epochs=30))
    accuracies = outcome.history.val_accuracy
    assert outcome.best_val_accuracy == max(accuracies)
    assert outcome.best_epoch == outcome.history.epoch[accuracies.index(max(accuracies))]
    assert outcome.best_epoch != 30
    shorter = train(spec(training_epochs=outcome.best_epoch))
    assert shorter.test_accuracy == outcome.test_accuracy
    for name, value in shorter.parameters.items():
        np.testing.assert_array_equal(value, outcome.parameters[name])


def test_it_learns() -> None:
    """60 epochs name nearly all validation images of an easy set."""
    assert train(spec(training_epochs=60, dropout_rate=0.0)).best_val_accuracy >= 0.9  # type: ignore[operator]


def test_a_run_is_a_function_of_its_spec() -> None:
    """Equal specs give equal histories, and another seed another one."""
    first, second = train(spec()), train(spec())
    assert first.history == second.history
    assert first.history != train(replace(spec(), seed=1)).history


def test_rates_are_paired() -> None:
    """Rates 0 and 1e-9 of one seed give the same history: weights, batches and masks are shared."""
    assert train(spec(dropout_rate=0.0)).history == train(spec(dropout_rate=1e-9)).history


def test_without_test_images_there_is_no_test_accuracy() -> None:
    """Test size 0 measures none."""
    assert train(spec(), split(test=0)).test_accuracy is None


def test_a_diverged_run_is_a_result() -> None:
    """An absurd learning rate ends with the status, and what was measured before it."""
    outcome = train(spec(training_learning_rate=1e30, dropout_rate=0.0))
    assert outcome.status == "diverged"
    assert len(outcome.history) < 4
    assert np.isfinite(outcome.history.train_loss).all()


def test_at_most_a_thousand_training_images_are_measured() -> None:
    """Accuracy is a multiple of 1/1000 with 1,500 training images."""
    outcome = train(spec(training_batch_size=500, training_epochs=2), split(train=1500))
    assert all((1000 * a) % 1 == pytest.approx(0) for a in outcome.history.train_accuracy)
    assert all(0 < a < 1 for a in outcome.history.train_accuracy)
