"""The training protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import Network, fully_connected
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.nn.optimizers import Adam
from dropsweep.training import Images, Solution, Split, Streams, images, solve
from dropsweep.training.build import build_network
from tests.factories import varied
from tests.unit.training.tiny import spec, split

if TYPE_CHECKING:
    from dropsweep import records


def train(run: records.RunSpec, data: Split | None = None) -> Solution:
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
    data, streams, adam, losses = split(), Streams.of_seed(0), Adam(1e-2), []
    net = fully_connected(
        [12, 8, 10],
        dropout=InvertedDropout(0.5),
        weight_scale=0.01,
        random=streams.initial_weights,
    )
    for _ in range(iterations):
        batch = data.train[streams.batches.choice(40, 10)]
        loss, gradients = net.loss(data.inputs(batch), batch.labels, streams.masks)
        adam.step(net.parameters, gradients)
        losses.append(loss)
    return losses


def test_the_best_epoch_is_the_first_with_the_highest_validation_accuracy() -> None:
    """And the test accuracy is that of its parameters, not of the last epoch's."""
    data = split(test=400)
    outcome = train(spec(training_epochs=30), data)
    accuracies = outcome.history.val_accuracy
    assert outcome.best_val_accuracy == max(accuracies)
    assert outcome.best_epoch == outcome.history.epoch[accuracies.index(max(accuracies))]
    assert outcome.best_epoch != 30
    assert accuracy_of(last_state(), data) != outcome.test_accuracy
    shorter = train(spec(training_epochs=outcome.best_epoch), data)
    assert shorter.test_accuracy == outcome.test_accuracy
    for name, value in shorter.state.items():
        np.testing.assert_array_equal(value, outcome.state[name])


def last_state() -> Network:
    """The net after all 30 epochs, trained step by step outside the solver."""
    data, streams, adam = split(), Streams.of_seed(0), Adam(1e-2)
    net = build_network(spec(), 12, streams.initial_weights)
    for _ in range(30 * 4):
        batch = data.train[streams.batches.choice(40, 10)]
        _, gradients = net.loss(data.inputs(batch), batch.labels, streams.masks)
        adam.step(net.parameters, gradients)
    return net


def accuracy_of(net: Network, data: Split) -> float:
    """Fraction of the test images named right."""
    predicted = net.scores(data.inputs(data.test)).argmax(axis=1)
    return float((predicted == data.test.labels).mean())


def test_it_learns() -> None:
    """60 epochs name nearly all validation images of an easy set."""
    assert train(spec(training_epochs=60, dropout_rate=0.0)).best_val_accuracy >= 0.9  # type: ignore[operator]


def test_a_run_is_a_function_of_its_spec() -> None:
    """Equal specs give equal histories, and another seed another one."""
    first, second = train(spec()), train(spec())
    assert first.history == second.history
    assert first.history != train(replace(spec(), seed=1)).history


@pytest.mark.parametrize("sampling", ["replacement", "shuffle"])
def test_floats_that_are_kept_change_no_bit(monkeypatch: pytest.MonkeyPatch, sampling: str) -> None:
    """Images that are converted as they are taken, as those of large sets are, train the same."""
    run = spec(training_sampling=sampling, evaluation_monte_carlo_samples=(2,))
    kept = train(run)
    monkeypatch.setattr(images, "FEW", 0)
    taken = train(run)
    assert taken.history == kept.history
    assert (taken.test_accuracy, taken.monte_carlo) == (kept.test_accuracy, kept.monte_carlo)
    np.testing.assert_array_equal(taken.state["W1"], kept.state["W1"])


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


def test_scores_that_overflow_on_test_images_alone_are_divergence() -> None:
    """The history is whole and finite, and still the run does not pass for done."""
    data = split()
    far = Images(np.full((3, 12), 255, np.uint8), np.zeros(3, np.uint8))
    near = np.full((20, 12), 61, np.uint8)
    calm = Images(near, np.zeros(20, np.uint8))
    outcome = solve(
        spec(
            training_learning_rate=5e17, training_epochs=1, dropout_rate=0.0, training_batch_size=40
        ),
        replace(data, train=Images(np.tile(near, (2, 1)), data.train.labels), val=calm, test=far),
        Streams.of_seed(0),
        lambda _: None,
    )
    assert len(outcome.history) == 1
    assert (outcome.status, outcome.test_accuracy) == ("diverged", None)


def test_at_most_a_thousand_training_images_are_measured() -> None:
    """Accuracy is a multiple of 1/1000 with 1,500 training images."""
    outcome = train(spec(training_batch_size=500, training_epochs=2), split(train=1500))
    assert all((1000 * a) % 1 == pytest.approx(0) for a in outcome.history.train_accuracy)
    assert all(0 < a < 1 for a in outcome.history.train_accuracy)


def test_penalties_are_part_of_the_loss_and_shrink_the_weights() -> None:
    """With l2 the first loss is larger by 0.5 l2 sum(W^2), and the trained weights are smaller."""
    plain, penalized = (
        train(spec(training_epochs=20)),
        train(spec(training_epochs=20, training_l2=0.1)),
    )
    streams = Streams.of_seed(0)
    weights = [
        streams.initial_weights.standard_normal(shape) * 0.01 for shape in ((12, 8), (8, 10))
    ]
    extra = 0.5 * 0.1 * sum(float((w**2).sum()) for w in weights)
    first = penalized.history.train_loss[0] - plain.history.train_loss[0]
    assert first == pytest.approx(extra, rel=1e-3)
    assert norm(penalized) < norm(plain)


def norm(outcome: Solution) -> float:
    """Size of the first layer's weights."""
    return float(np.square(outcome.state["W1"]).sum())


def test_max_norm_holds_after_every_update() -> None:
    """No unit's incoming weights ever exceed the bound."""
    outcome = train(spec(training_epochs=20, training_max_norm=0.05))
    for name in ("W1", "W2"):
        norms = np.sqrt(np.square(outcome.state[name]).sum(axis=0))
        assert norms.max() <= 0.05 * (1 + 1e-6)
        assert norms.max() > 0.04


def test_the_learning_rate_decays_after_every_epoch() -> None:
    """A decay to nothing freezes the net after the first epoch."""
    outcome = train(spec(training_epochs=4, training_learning_rate_decay=1e-30))
    assert len(set(outcome.history.val_accuracy[1:])) == 1
    assert train(spec()).history.train_loss[:2] == outcome.history.train_loss[:2]


def test_batch_norm_statistics_belong_to_the_best_epoch() -> None:
    """They are restored with the parameters, for test and Monte-Carlo passes."""
    outcome = train(spec(training_epochs=30, model_batch_norm=True))
    assert {"gamma1", "beta1", "running_mean1", "running_var1"} <= set(outcome.state)
    assert outcome.best_epoch is not None
    assert outcome.best_epoch < 30
    shorter = train(spec(training_epochs=outcome.best_epoch, model_batch_norm=True))
    np.testing.assert_array_equal(shorter.state["running_var1"], outcome.state["running_var1"])


@pytest.mark.parametrize("kind", ["inverted", "vanilla", "binomial", "shared", "gaussian"])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_every_kind_learns_with_every_activation(kind: str, activation: str) -> None:
    """100 epochs name most of the validation images of an easy set."""
    run = spec(
        training_epochs=100, dropout_kind=kind, dropout_rate=0.25, dropout_input_rate=0.05,
        model_activation=activation, model_hidden_sizes=(16,), training_sampling="shuffle",
    )  # fmt: skip
    best = train(run).best_val_accuracy
    assert best is not None
    assert best >= 0.6


@pytest.mark.parametrize("kind", ["inverted", "vanilla", "shared"])
def test_rates_stay_paired_under_input_dropout(kind: str) -> None:
    """Rate 0 draws its hidden masks too, so that the input masks are those of rate 1e-9."""
    nothing, hardly = (
        train(spec(dropout_rate=rate, dropout_kind=kind, dropout_input_rate=0.2))
        for rate in (0.0, 1e-9)
    )
    assert nothing.history == hardly.history


def test_monte_carlo_is_measured_with_the_best_net() -> None:
    """Its accuracies are those of the best epoch's state, for every count asked for."""
    run = spec(training_epochs=30, evaluation_monte_carlo_samples=(1, 5))
    outcome = train(run)
    assert outcome.monte_carlo.samples == (1, 5)
    shorter = varied(run, {"training.epochs": outcome.best_epoch})
    assert train(shorter).monte_carlo == outcome.monte_carlo
    assert train(spec(training_epochs=30)).history == outcome.history


def test_points_are_measured_every_so_many_epochs_and_at_the_last() -> None:
    """Their losses are means since the point before, and no other number changes."""
    full = train(spec(training_epochs=7))
    rare = train(spec(training_epochs=7, evaluation_every=3))
    assert rare.history.epoch == (0, 3, 6, 7)
    at = [full.history.epoch.index(epoch) for epoch in rare.history.epoch]
    for column in ("train_accuracy", "val_accuracy"):
        assert [getattr(full.history, column)[each] for each in at] == [
            *getattr(rare.history, column)
        ]
    losses = every_loss(iterations=28)
    expected = [losses[0], *(np.mean(losses[a:b]) for a, b in ((1, 12), (12, 24), (24, 28)))]
    assert rare.history.train_loss == pytest.approx(expected)
    assert rare.val_accuracy == full.val_accuracy == full.history.val_accuracy[-1]


def test_points_use_the_first_validation_images() -> None:
    """The run's accuracy is still that of all of them, by the net of the last epoch."""
    data = split()
    full, few = train(spec()), train(spec(evaluation_curve_images=5))
    assert (
        few.history.val_accuracy
        == train(spec(), replace(data, val=data.val[:5])).history.val_accuracy
    )
    assert few.history.val_accuracy != full.history.val_accuracy
    assert few.val_accuracy == full.val_accuracy
    assert train(spec(evaluation_curve_images=50)).history == full.history


def test_a_sum_of_losses_that_overflows_is_divergence() -> None:
    """Each loss is a finite number of float64, but not their mean: the status says so."""
    outcome = train(
        spec(model_dtype="float64", training_optimizer="sgd", training_learning_rate=1e-310,
             training_l2=1e307, training_epochs=60, model_weight_scale=0.3,
             training_batch_size=1),
    )  # fmt: skip
    assert outcome.status == "diverged"
    assert outcome.val_accuracy is None
    assert outcome.history.epoch == (0,)
    assert outcome.history.train_loss[0] > 1e306


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_squares_that_overflow_are_divergence(optimizer: str) -> None:
    """Weights behind an infinite sum of squares never move again, however finite the loss is."""
    data = split()
    grey = np.full((40, 12), 60, np.uint8)  # the mean image: units are at 0, where they are steep
    parts = [Images(grey[: len(part)], part.labels) for part in (data.train, data.val, data.test)]
    outcome = train(
        spec(training_optimizer=optimizer, model_weight_scale=1e21, model_activation="sigmoid"),
        replace(data, train=parts[0], val=parts[1], test=parts[2]),
    )
    assert outcome.status == "diverged"
    assert len(outcome.history) == 0


def test_variances_that_overflow_are_divergence() -> None:
    """Batch norm divides by infinity: its units are silent, and the loss stays that of chance."""
    outcome = train(spec(model_batch_norm=True, model_weight_scale=1e20))
    assert outcome.status == "diverged"
    assert len(outcome.history) == 0


def test_a_bound_beyond_the_type_changes_no_bit() -> None:
    """``max_norm: 1e39`` in float32 is no bound."""
    free, bounded = train(spec()), train(spec(training_max_norm=1e39))
    assert bounded.status == "done"
    assert bounded.history == free.history


@pytest.mark.parametrize("schedule", ["early", "late", "decreasing", "increasing"])
def test_rate_0_is_no_dropout_under_every_schedule(schedule: str) -> None:
    """So a schedule is compared with the same baseline as a constant rate."""
    changed = spec(dropout_rate=0.0, dropout_schedule=schedule, dropout_schedule_epochs=2)
    assert train(changed).history == train(spec(dropout_rate=0.0)).history


def test_a_factor_makes_another_rate() -> None:
    """Rate 0.5 with factor 0.5 is rate 0.25, bit for bit."""
    halved = train(spec(dropout_layer_factors=(0.5,)))
    assert halved.history == train(spec(dropout_rate=0.25)).history


def test_the_best_epoch_is_tested_with_its_own_amount_of_dropout() -> None:
    """Vanilla dropout scales at test time by the rate of that epoch, not of the last one."""
    run = spec(training_epochs=30, dropout_kind="vanilla", dropout_schedule="increasing",
               dropout_schedule_epochs=30, evaluation_monte_carlo_samples=(3,))  # fmt: skip
    data = split(test=400)
    outcome = train(run, data)
    assert outcome.best_epoch not in {None, 0, 30}
    shorter = varied(run, {"training.epochs": outcome.best_epoch})
    again = train(shorter, data)
    assert (again.test_accuracy, again.monte_carlo) == (outcome.test_accuracy, outcome.monte_carlo)
