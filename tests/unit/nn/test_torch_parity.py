"""The same nets, masks and steps in PyTorch, in float64."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    OPTIMIZERS,
    Network,
    fully_connected,
    l2,
    penalize,
)
from dropsweep.nn.dropout import InvertedDropout
from tests.unit.nn.given import Given, keeping

if TYPE_CHECKING:
    from dropsweep.nn import Optimizer

COMMITTED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["cases"]
    for path in (Path(__file__).parent / "golden").glob("*.json")
}
NETWORKS = list(COMMITTED["networks"])


@pytest.fixture(scope="module", params=["golden", "live"])
def reference(request: pytest.FixtureRequest) -> Any:
    """PyTorch's answers: those committed, and fresh ones to other inputs where it is installed."""
    if request.param == "live":
        pytest.importorskip("torch", reason="live comparison only: golden vectors stand in")
        return importlib.import_module("tests.unit.nn.torch_reference").everything(seed=1)
    return COMMITTED


def build(case: Any) -> Network:
    """The net of a case, with its parameters."""
    kind, p = DROPOUT_KINDS[case["kind"]], case["parameters"]
    sizes = [len(p["W1"]), *(len(p[f"b{depth}"]) for depth in (1, 2, 3))]
    net = fully_connected(
        sizes,
        weight_scale=1,
        random=np.random.default_rng(0),
        activation=ACTIVATIONS[case["activation"]],
        dropout=kind(case["rate"]),
        input_dropout=kind(case["input_rate"]) if case["input_rate"] else None,
        batch_norm=case["batch_norm"],
        dtype=np.float64,
    )
    assert net.parameters.keys() == p.keys()
    for name, value in net.parameters.items():
        value[...] = p[name]
    return net


def assert_close(ours: Any, torchs: Any, tolerance: float) -> None:
    """Equal, relative to the largest element: a sum to 0 has no digits of its own."""
    torchs = np.array(torchs)
    assert ours.shape == torchs.shape
    assert np.abs(ours - torchs).max() <= tolerance * max(np.abs(torchs).max(), 1e-3)


@pytest.mark.parametrize("name", NETWORKS)
def test_forward(reference: Any, name: str) -> None:
    """Training and test scores agree to 1e-12, each kind with its own masks."""
    case = reference["networks"][name]
    net, x, stream = build(case), np.array(case["x"]), Given(*case["draws"])
    h = x
    for layer in net.layers:
        h, _ = layer.train(h, stream)
    assert_close(h, case["train_scores"], 1e-12)
    assert not stream.left
    for key, value in net.state.items():
        if key.startswith("running"):
            value[...] = case["statistics"][key]
    assert_close(net.scores(x), case["test_scores"], 1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_loss_and_gradients(reference: Any, name: str) -> None:
    """The loss agrees to 1e-12, its gradient by every parameter to 1e-10."""
    case = reference["networks"][name]
    net = build(case)
    loss, gradients = net.loss(np.array(case["x"]), np.array(case["labels"]), Given(*case["draws"]))
    assert loss == pytest.approx(case["loss"], rel=1e-12)
    assert gradients.keys() == case["gradients"].keys()
    for key, gradient in gradients.items():
        assert_close(gradient, case["gradients"][key], 1e-10)


@pytest.mark.parametrize("name", [name for name in NETWORKS if "batch norm" in name])
def test_running_statistics(reference: Any, name: str) -> None:
    """Means agree to 1e-12; variances too, once PyTorch's n / (n - 1) of the batch's is undone.

    PyTorch normalises by the biased variance, as we do, but its running variance takes in the
    unbiased one: after one batch it is 0.9 + 0.1 n / (n - 1) var, ours 0.9 + 0.1 var.
    """
    case = reference["networks"][name]
    net, n = build(case), len(case["x"])
    net.loss(np.array(case["x"]), np.array(case["labels"]), Given(*case["draws"]))
    assert case["statistics"]
    for key, theirs in case["statistics"].items():
        start, factor = (0.9, n / (n - 1)) if "var" in key else (0, 1)
        assert_close((net.state[key] - start) * factor, np.array(theirs) - start, 1e-12)


def optimizer_of(name: str, learning_rate: float) -> Optimizer:
    """Ours of the same name."""
    return OPTIMIZERS[name.removesuffix(" with l2")](learning_rate)


@pytest.mark.parametrize("name", list(COMMITTED["optimizers"]["after"]))
def test_fifty_steps(reference: Any, name: str) -> None:
    """After 50 steps on 50 masks all parameters agree to 1e-9."""
    case = reference["optimizers"]
    net, after = build(case), case["after"][name]
    optimizer = optimizer_of(name, after["learning_rate"])
    penalties = [l2(0.1)] if name.endswith("l2") else []
    x, labels = np.array(case["x"]), np.array(case["labels"])
    for bits in case["kept"]:
        kept = np.array(list(bits)).reshape(len(x), -1) == "1"
        first = len(case["parameters"]["b1"])
        _, gradients = net.loss(x, labels, keeping(kept[:, :first], kept[:, first:]))
        penalize(net.parameters, gradients, penalties)
        optimizer.step(net.parameters, gradients)
    for key, value in net.parameters.items():
        assert np.abs(value - case["parameters"][key]).max() > 1e-3
        assert_close(value, after["parameters"][key], 1e-9)


def test_function_and_jacobian(reference: Any) -> None:
    """With the mask PyTorch's own dropout drew: 0 or x / q, and the Jacobian is diag(mask)."""
    case = reference["dropout"]
    x, out, rate = np.array(case["x"]), np.array(case["out"]), case["rate"]
    kept = out != 0
    assert 0 < kept.sum() < len(kept)
    ours, backward = InvertedDropout(rate).train(x[None], keeping(kept[None]))
    assert_close(ours[0], out, 1e-12)
    jacobian = np.concatenate([backward(row[None])[0] for row in np.eye(len(x))])
    assert_close(jacobian, case["jacobian"], 1e-12)
    np.testing.assert_array_equal(jacobian, np.diag(kept / (1 - rate)))
