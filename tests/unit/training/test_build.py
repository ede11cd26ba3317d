"""The net that a spec names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from dropsweep import records
from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    OPTIMIZERS,
    BatchNorm,
    Dropout,
    DropRate,
    KeepProbability,
)
from dropsweep.nn.activations import Relu, Sigmoid, Tanh
from dropsweep.nn.dropout import (
    BinomialDropout,
    GaussianDropout,
    InvertedDropout,
    SharedDropout,
    VanillaDropout,
)
from dropsweep.nn.optimizers import Adam, Momentum, RmsProp, Sgd
from dropsweep.training.build import (
    build_network,
    build_optimizer,
    build_penalties,
    hidden_amounts,
    hidden_sizes,
    scheduled_part,
)
from dropsweep.training.images import SAMPLING
from tests.factories import make_spec, varied


def built(section: str, **changes: Any) -> list[type]:
    """The types of the layers that a spec with these changes is built of."""
    spec = varied(
        make_spec(0.5, hidden_sizes=(4, 3)),
        {f"{section}.{name}": value for name, value in changes.items()},
    )
    return [type(layer) for layer in build_network(spec, 6, np.random.default_rng(0)).layers]


@pytest.mark.parametrize(
    ("kind", "layer"),
    [
        ("inverted", InvertedDropout),
        ("vanilla", VanillaDropout),
        ("binomial", BinomialDropout),
        ("shared", SharedDropout),
        ("gaussian", GaussianDropout),
    ],
)
def test_every_kind_is_built(kind: str, layer: type) -> None:
    """A mask after each hidden layer, none on the output."""
    layers = built("dropout", kind=kind)
    assert [at for at, each in enumerate(layers) if each is layer] == [2, 5]
    assert len(layers) == 7


@pytest.mark.parametrize(("name", "layer"), [("relu", Relu), ("sigmoid", Sigmoid), ("tanh", Tanh)])
def test_every_activation_is_built(name: str, layer: type) -> None:
    """One after each hidden layer."""
    assert built("model", activation=name).count(layer) == 2


def test_batch_norm_stands_before_the_activation() -> None:
    """{affine, batch norm, relu, dropout} twice, then affine."""
    assert built("model", batch_norm=True)[1:4] == [BatchNorm, Relu, InvertedDropout]


def test_without_dropout_there_is_no_dropout_layer() -> None:
    """Rate 0, or keep probability 1, costs nothing."""
    assert not any(issubclass(layer, Dropout) for layer in built("dropout", rate=0.0))
    kept = built("dropout", rate=None, keep_prob=1.0)
    assert not any(issubclass(layer, Dropout) for layer in kept)


def test_input_dropout_comes_first_and_keeps_the_others() -> None:
    """Even at rate 0 the hidden masks are drawn, so that the masks of rates stay paired."""
    layers = built("dropout", rate=0.0, input_rate=0.2)
    assert [at for at, layer in enumerate(layers) if issubclass(layer, Dropout)] == [0, 3, 6]


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5, 0.75, 0.9])
def test_kept_units_widen_the_layers(rate: float) -> None:
    """A layer has n / q units, so that n of them are kept on average at every rate."""
    spec = varied(make_spec(rate), {"model.hidden_sizes": None, "model.kept_units": (250, 90)})
    sizes = hidden_sizes(spec.model, hidden_amounts(spec))
    assert [size * (1 - rate) for size in sizes] == pytest.approx([250, 90], abs=0.5)
    assert all(isinstance(size, int) for size in sizes)


def test_the_number_the_user_gave_is_the_number_used() -> None:
    """A keep probability of 0.1 is compared with u as 0.1, not as 1 - 0.9."""
    spec = varied(make_spec(), {"dropout.rate": None, "dropout.keep_prob": 0.1})
    assert hidden_amounts(spec) == [KeepProbability(0.1)]


def test_layers_drop_with_their_factor() -> None:
    """Of the rate, in either convention; without factors each layer drops with the rate."""
    spec = make_spec(0.5, hidden_sizes=(4, 3))
    half = varied(spec, {"dropout.layer_factors": (1.0, 0.5)})
    assert hidden_amounts(spec) == [DropRate(0.5)] * 2
    assert hidden_amounts(half) == [DropRate(0.5), DropRate(0.25)]
    keep = varied(half, {"dropout.rate": None, "dropout.keep_prob": 0.75})
    assert hidden_amounts(keep) == [KeepProbability(0.75), KeepProbability(0.875)]
    network = build_network(half, 6, np.random.default_rng(0))
    rates = [layer.amount.rate for layer in network.layers if isinstance(layer, Dropout)]
    assert rates == [0.5, 0.25]


@pytest.mark.parametrize(
    ("schedule", "parts"),
    [
        ("constant", [1, 1, 1, 1, 1, 1]),
        ("early", [1, 1, 1, 1, 0, 0]),
        ("late", [0, 0, 0, 0, 1, 1]),
        ("decreasing", [1, 0.75, 0.5, 0.25, 0, 0]),
        ("increasing", [0, 0.25, 0.5, 0.75, 1, 1]),
    ],
)
def test_schedules(schedule: records.Schedule, parts: list[float]) -> None:
    """The part of the rate in each of six epochs, four of which the schedule is about."""
    assert [scheduled_part(schedule, 4, epoch) for epoch in range(6)] == parts


def test_every_schedule_has_a_course() -> None:
    """Those of the config, and only in the range from nothing to the whole rate."""
    for schedule in get_args(records.Schedule):
        assert {0 <= scheduled_part(schedule, 3, epoch) <= 1 for epoch in range(9)} == {True}


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [("sgd", Sgd), ("momentum", Momentum), ("rmsprop", RmsProp), ("adam", Adam)],
)
def test_every_optimizer_is_built(name: str, optimizer: type) -> None:
    """With the spec's learning rate."""
    training = replace(make_spec().training, learning_rate=0.125, **{"optimizer": name})  # type: ignore[arg-type]
    built_one = build_optimizer(training)
    assert type(built_one) is optimizer
    assert built_one.learning_rate == 0.125


def test_penalties_of_strength_zero_cost_nothing() -> None:
    """Only those that are asked for are computed, each with its own strength."""
    training = make_spec().training
    assert build_penalties(training) == []
    W = np.array([[-2.0, 1.0]])
    (only,) = build_penalties(replace(training, l2=0.5))
    assert only(W)[0] == pytest.approx(0.5 * 0.5 * 5)
    (only,) = build_penalties(replace(training, l1=0.5))
    assert only(W)[0] == pytest.approx(0.5 * 3)
    assert len(build_penalties(replace(training, l1=0.5, l2=0.5))) == 2


@pytest.mark.parametrize(
    ("choices", "table"),
    [
        (records.Optimizer, OPTIMIZERS),
        (records.Activation, ACTIVATIONS),
        (records.Kind, DROPOUT_KINDS),
        (records.Sampling, SAMPLING),
    ],
)
def test_every_choice_of_a_config_is_built(choices: Any, table: dict[str, Any]) -> None:
    """The names that a config accepts are those that something stands behind."""
    assert set(get_args(choices)) == table.keys()
