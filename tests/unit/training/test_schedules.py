"""Rates that change by layer and by epoch: against PyTorch, differences, and a constant rate."""

from __future__ import annotations

import importlib
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep import nn
from dropsweep.nn.gradient_check import numerical_gradient, relative_error
from dropsweep.records import Content, RunSpec
from dropsweep.training import Streams, train
from dropsweep.training.build import build_network, schedule_dropout
from tests.factories import make_spec, varied
from tests.unit.nn.given import Given

if TYPE_CHECKING:
    from dropsweep.nn import Network

GOLDEN = Path(nn.__file__).parents[2] / "tests/unit/nn/golden/schedules.json"
CASES: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module", params=["golden", "live"])
def cases(request: pytest.FixtureRequest) -> dict[str, Any]:
    """PyTorch's answers: those committed, and to other inputs where it is installed."""
    if request.param == "golden":
        return CASES
    pytest.importorskip("torch", reason="live comparison only: golden vectors stand in")
    made: dict[str, Any] = importlib.import_module("tests.unit.nn.torch_reference").schedule_cases(
        seed=1
    )
    return made


def spec_of(case: dict[str, Any]) -> RunSpec:
    """The run of a case: inputs and classes are those of its net."""
    length = None if case["schedule"] == "constant" else 3
    return varied(
        make_spec(case["rate"], hidden_sizes=(5, 3)),
        {
            "dataset.content": Content((4,), 3),
            "model.dtype": "float64",
            "dropout.kind": case["kind"],
            "dropout.layer_factors": tuple(map(float, case["factors"])),
            "dropout.schedule": case["schedule"],
            "dropout.schedule_epochs": length,
        },
    )


def net_of(case: dict[str, Any]) -> Network:
    """The net with the parameters of a case."""
    net = build_network(spec_of(case), 4, np.random.default_rng(0))
    for name, value in net.parameters.items():
        value[...] = case["parameters"][name]
    return net


@pytest.mark.parametrize("name", CASES)
def test_five_epochs_are_those_of_pytorch(cases: dict[str, Any], name: str) -> None:
    """Loss, gradients and test scores of every epoch to 1e-10, each with its own masks."""
    case = cases[name]
    net, x, labels = net_of(case), np.array(case["x"]), np.array(case["labels"])
    for epoch, step in enumerate(case["steps"]):
        schedule_dropout(net, spec_of(case), epoch)
        np.testing.assert_allclose(net.scores(x), step["test_scores"], rtol=1e-10, atol=1e-12)
        draws = Given(*step["draws"])
        loss, gradients = net.loss(x, labels, draws)
        assert not draws.left
        assert loss == pytest.approx(step["loss"], rel=1e-10)
        for key, gradient in gradients.items():
            np.testing.assert_allclose(gradient, step["gradients"][key], rtol=1e-10, atol=1e-12)
            net.parameters[key] -= 0.1 * gradient


def loss_of(net: Network, case: dict[str, Any], step: dict[str, Any], _: Any) -> Any:
    """The loss under the masks of a step."""
    draws = Given(*step["draws"])
    return np.array(net.loss(np.array(case["x"]), np.array(case["labels"]), draws)[0])


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_slope_of_the_loss(name: str) -> None:
    """In every epoch, by central differences under the same masks."""
    case = CASES[name]
    net, x, labels = net_of(case), np.array(case["x"]), np.array(case["labels"])
    for epoch, step in enumerate(case["steps"]):
        schedule_dropout(net, spec_of(case), epoch)
        _, gradients = net.loss(x, labels, Given(*step["draws"]))
        for key in ("W1", "b2"):
            value = net.parameters[key]
            slope = numerical_gradient(partial(loss_of, net, case, step), value, np.array(1.0))
            assert relative_error(slope + 1, gradients[key] + 1) < 1e-7


def history_of(prepared: Path, **dropout: Any) -> Any:
    """The history of three epochs on the generated images with this dropout."""
    spec = make_spec(0.5, epochs=3, train_size=100, hidden_sizes=(8, 6), identity="synthetic-1")
    spec = varied(spec, {f"dropout.{name}": value for name, value in dropout.items()})
    return train(spec, lambda *_: None, data=prepared).record.history


def test_what_is_the_whole_rate_always_is_a_constant_rate(prepared: Path) -> None:
    """Bit for bit: factors of 1, and early over all epochs."""
    constant = history_of(prepared)
    assert history_of(prepared, layer_factors=(1.0, 1.0)) == constant
    assert history_of(prepared, schedule="early", schedule_epochs=3) == constant
    assert history_of(prepared, schedule="early", schedule_epochs=2) != constant


def test_rates_of_a_seed_keep_their_uniforms_in_every_epoch() -> None:
    """Masks are drawn in epochs without dropout too, so that rates stay paired."""
    drawn = []
    for schedule in ("constant", "late", "decreasing"):
        length = None if schedule == "constant" else 2
        spec = varied(
            make_spec(0.5, hidden_sizes=(8,)),
            {"dropout.schedule": schedule, "dropout.schedule_epochs": length},
        )
        net = build_network(spec, 4, np.random.default_rng(0))
        stream: Any = Streams.of_seed(0).masks
        for epoch in range(4):
            schedule_dropout(net, spec, epoch)
            net.loss(np.ones((3, 4), np.float32), np.zeros(3, int), stream)
        drawn.append(stream.bit_generator.state)
    assert drawn[0] == drawn[1] == drawn[2]
