"""Nets of affine, batch norm, activation and dropout layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import DROPOUT_KINDS, DropRate, KeepProbability, fully_connected, softmax_loss
from dropsweep.nn.activations import Sigmoid
from dropsweep.nn.dropout import InvertedDropout, VanillaDropout
from tests.unit.nn.given import keeping

if TYPE_CHECKING:
    from dropsweep.nn import Network


class Reseeded(np.random.RandomState):
    """A stream that starts again at seed 123 before every draw, as a seeded notebook does."""

    def random(self, size: object = None) -> object:  # type: ignore[override]
        """Uniforms from a fresh start."""
        self.seed(123)
        return super().random(size)  # type: ignore[call-overload]


def net(**options: Any) -> Network:
    """A float64 net of 4 inputs, 6 and 5 hidden units and 3 classes, with biases."""
    made = fully_connected(
        [4, 6, 5, 3], weight_scale=1, random=np.random.default_rng(0), dtype=np.float64, **options
    )
    for name in made.parameters:
        if name[0] == "b":
            made.parameters[name] += 0.5
    return made


def batch() -> tuple[Any, Any]:
    """Seven inputs and their labels."""
    return np.random.default_rng(1).normal(size=(7, 4)), np.arange(7) % 3


@pytest.mark.parametrize(
    ("levels", "published"),
    [
        ([DropRate(0.25), DropRate(0.5)], [2.3048692151235994, 2.310136908722148]),
        ([KeepProbability(0.75), KeepProbability(0.5)], [2.302371489704412, 2.3042759220785896]),
    ],
    ids=["drop", "keep"],
)
def test_published_initial_losses(levels: list[Any], published: list[float]) -> None:
    """The published losses of both conventions come out to the last digits (RandomState(231))."""
    stream = Reseeded(231)
    x = stream.randn(2, 15)
    labels = stream.randint(10, size=2)
    losses = []
    for level in [None, *levels]:
        net = fully_connected(
            [15, 20, 30, 10],
            dropout=InvertedDropout(level) if level else None,
            weight_scale=0.05,
            random=stream,
            dtype=np.float64,
        )
        losses.append(net.loss(x, labels, stream)[0])
    assert losses == pytest.approx([2.3004790897684924, *published], abs=1e-14)


def test_parameters_are_named_from_the_input() -> None:
    """W1 is the first layer's; shapes are (in, out); biases begin at 0."""
    net = fully_connected(
        [4, 6, 5, 3], dropout=InvertedDropout(0.5), weight_scale=1, random=np.random.default_rng(0)
    )
    shapes = {name: value.shape for name, value in net.parameters.items()}
    assert shapes == {
        "W1": (4, 6), "b1": (6,), "W2": (6, 5), "b2": (5,), "W3": (5, 3), "b3": (3,),
    }  # fmt: skip
    assert not any(value.any() for name, value in net.parameters.items() if name.startswith("b"))


def test_initial_weights_do_not_depend_on_what_stands_between_them() -> None:
    """Normals times the scale, layer by layer, whatever dropout, activation and batch norm."""
    rng = np.random.default_rng(0)
    expected = [0.1 * rng.standard_normal(shape) for shape in ((4, 6), (6, 5), (5, 3))]
    for options in (
        {},
        {"batch_norm": True, "dropout": InvertedDropout(0.5), "input_dropout": VanillaDropout(0.1)},
    ):
        made = fully_connected(
            [4, 6, 5, 3],
            weight_scale=0.1,
            random=np.random.default_rng(0),
            dtype=np.float64,
            **options,  # type: ignore[arg-type]
        )
        for depth, W in enumerate(expected, start=1):
            np.testing.assert_array_equal(made.parameters[f"W{depth}"], W)


def test_batch_norm_is_numbered_beside_the_affine_layers() -> None:
    """gamma1 and running_mean1 belong to W1; the scores are not normalised."""
    made = net(batch_norm=True)
    sizes = {name: value.shape for name, value in made.state.items() if value.ndim == 1}
    assert sizes == {
        "b1": (6,), "gamma1": (6,), "beta1": (6,), "running_mean1": (6,), "running_var1": (6,),
        "b2": (5,), "gamma2": (5,), "beta2": (5,), "running_mean2": (5,), "running_var2": (5,),
        "b3": (3,),
    }  # fmt: skip
    assert made.state.keys() - made.parameters.keys() == {
        "running_mean1", "running_var1", "running_mean2", "running_var2",
    }  # fmt: skip


def test_state_is_all_that_training_changes() -> None:
    """Copying a trained net's state into another's arrays makes it the same net."""
    trained, other = net(batch_norm=True), net(batch_norm=True)
    x, labels = batch()
    _, gradients = trained.loss(x, labels, np.random.default_rng(0))
    for name, gradient in gradients.items():
        trained.parameters[name] -= gradient
    assert (other.scores(x) != trained.scores(x)).all()
    for name, value in other.state.items():
        np.copyto(value, trained.state[name])
    np.testing.assert_array_equal(other.scores(x), trained.scores(x))


def test_scores_by_hand() -> None:
    """Scores are relu(relu(x W1 + b1) W2 + b2) W3 + b3, dropout or not, on the input or not."""
    made = net(dropout=InvertedDropout(0.9), input_dropout=InvertedDropout(0.5))
    x, p = batch()[0], made.parameters
    hidden = np.maximum(np.maximum(x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"], 0)
    np.testing.assert_allclose(made.scores(x), hidden @ p["W3"] + p["b3"], rtol=1e-12)


def test_sampled_scores_by_hand() -> None:
    """A subnet's scores are those of the kept inputs and units, scaled by their own q."""
    made = net(dropout=InvertedDropout(0.5), input_dropout=InvertedDropout(0.2), activation=Sigmoid)
    rng, (x, _), p = np.random.default_rng(2), batch(), made.parameters
    masks = [rng.random((7, width)) < 0.6 for width in (4, 6, 5)]
    h = x * masks[0] / 0.8
    for depth, mask in ((1, masks[1]), (2, masks[2])):
        h = mask / 0.5 / (1 + np.exp(-(h @ p[f"W{depth}"] + p[f"b{depth}"])))
    sampled = made.sampled_scores(x, keeping(*masks))
    np.testing.assert_allclose(sampled, h @ p["W3"] + p["b3"], rtol=1e-12)


@pytest.mark.parametrize("kind", list(DROPOUT_KINDS))
def test_the_loss_is_that_of_a_sampled_subnet(kind: str) -> None:
    """From equal streams training and sampling draw the same masks."""
    made = net(dropout=DROPOUT_KINDS[kind](0.5), input_dropout=DROPOUT_KINDS[kind](0.2))
    x, labels = batch()
    scores = made.sampled_scores(x, np.random.default_rng(3))
    loss, _ = made.loss(x, labels, np.random.default_rng(3))
    assert loss == softmax_loss(scores, labels)[0]
    assert (scores != made.sampled_scores(x, np.random.default_rng(4))).any()


def test_sampling_learns_nothing() -> None:
    """Sampled or tested, batch norm's statistics stay as they were; the loss moves them."""
    made = net(batch_norm=True, dropout=InvertedDropout(0.5))
    x, labels = batch()
    before = {name: value.copy() for name, value in made.state.items()}
    made.sampled_scores(x, np.random.default_rng(0))
    made.scores(x)
    for name, value in made.state.items():
        np.testing.assert_array_equal(value, before[name])
    made.loss(x, labels, np.random.default_rng(0))
    changed = {name for name, value in made.state.items() if (value != before[name]).any()}
    assert changed == made.state.keys() - made.parameters.keys()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", list(DROPOUT_KINDS))
@pytest.mark.parametrize("batch_norm", [False, True])
def test_dtype_is_kept_throughout(dtype: str, kind: str, batch_norm: bool) -> None:
    """State, scores and gradients all have the net's dtype, after training too."""
    net = fully_connected(
        [4, 6, 3],
        dropout=DROPOUT_KINDS[kind](0.5),
        input_dropout=DROPOUT_KINDS[kind](0.2),
        batch_norm=batch_norm,
        weight_scale=1,
        random=np.random.default_rng(0),
        dtype=dtype,
    )
    x = np.ones((5, 4), dtype)
    _, gradients = net.loss(x, np.zeros(5, int), np.random.default_rng(0))
    sampled = net.sampled_scores(x, np.random.default_rng(0))
    arrays = [*net.state.values(), *gradients.values(), net.scores(x), sampled]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_a_net_without_dropout_draws_nothing() -> None:
    """A net without dropout leaves the mask stream where it was."""
    made, (x, labels), masks = net(batch_norm=True), batch(), np.random.default_rng(5)
    before = masks.bit_generator.state
    made.loss(x, labels, masks)
    made.sampled_scores(x, masks)
    assert masks.bit_generator.state == before
