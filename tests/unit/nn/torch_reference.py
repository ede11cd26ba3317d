"""PyTorch's results for the same nets, masks and steps; run as a program, the golden vectors.

``python -m tests.unit.nn.torch_reference`` rewrites ``golden/*.json``, so that the comparison
holds where PyTorch is not installed. All is float64; masks are injected, as uniforms u (or normals
z) that both sides turn into masks by the definition.
"""

from __future__ import annotations

import importlib
import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

torch: Any = importlib.import_module("torch")  # untyped, so that mypy needs no PyTorch
F: Any = torch.nn.functional

GOLDEN = Path(__file__).parent / "golden"
SIZES = (4, 5, 3, 3)
ROWS = 6
STEPS = 50
SETTINGS: dict[str, dict[str, Any]] = {
    "inverted relu": {"kind": "inverted", "activation": "relu"},
    "inverted sigmoid, input": {"kind": "inverted", "activation": "sigmoid", "input_rate": 0.2},
    "inverted tanh, batch norm": {"kind": "inverted", "activation": "tanh", "batch_norm": True},
    "vanilla relu, input": {"kind": "vanilla", "activation": "relu", "input_rate": 0.3},
    "vanilla sigmoid, batch norm": {
        "kind": "vanilla", "activation": "sigmoid", "input_rate": 0.1, "batch_norm": True,
    },
    "binomial sigmoid": {"kind": "binomial", "activation": "sigmoid"},
    "shared tanh": {"kind": "shared", "activation": "tanh"},
    "gaussian relu, batch norm": {"kind": "gaussian", "activation": "relu", "batch_norm": True},
}  # fmt: skip
Case: TypeAlias = dict[str, Any]
"""Numbers, strings and nested lists: as they are in JSON."""


def rounded(array: Any) -> Any:
    """Inputs in three decimals: exact in JSON, and short."""
    return np.round(array, 3)


def network_cases(seed: int) -> dict[str, Case]:
    """By name: a net, its inputs and draws, and PyTorch's outputs and gradients."""
    rng = np.random.default_rng(seed)
    return {name: network_case(setting, rng) for name, setting in SETTINGS.items()}


def network_case(setting: dict[str, Any], rng: np.random.Generator) -> Case:
    """One training pass, then a test pass with the running statistics it left."""
    setting = {"rate": 0.4, "input_rate": 0.0, "batch_norm": False} | setting
    x, labels = rounded(rng.normal(size=(ROWS, SIZES[0]))), rng.integers(SIZES[-1], size=ROWS)
    parameters = {name: rounded(value) for name, value in start(rng, setting).items()}
    draws = [rounded(draw) for draw in draws_of(setting, rng)]
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    net = Net(setting, p)
    scores = net.train(torch.tensor(x), [torch.tensor(draw) for draw in draws])
    loss = F.cross_entropy(scores, torch.tensor(labels))
    loss.backward()
    return setting | {
        "x": listed(x),
        "labels": listed(labels),
        "draws": [listed(draw) for draw in draws],
        "parameters": {name: listed(value) for name, value in parameters.items()},
        "train_scores": listed(scores),
        "loss": loss.item(),
        "gradients": {name: listed(value.grad) for name, value in p.items()},
        "statistics": {name: listed(value) for name, value in net.statistics.items()},
        "test_scores": listed(net.test(torch.tensor(x))),
    }


def start(rng: np.random.Generator, setting: dict[str, Any]) -> dict[str, Any]:
    """Parameters with every element of its own."""
    parameters = {}
    for depth, (inputs, outputs) in enumerate(pairwise(SIZES), start=1):
        parameters[f"W{depth}"] = rng.normal(size=(inputs, outputs))
        parameters[f"b{depth}"] = rng.normal(size=outputs)
        if setting["batch_norm"] and depth < len(SIZES) - 1:
            parameters[f"gamma{depth}"] = rng.normal(size=outputs)
            parameters[f"beta{depth}"] = rng.normal(size=outputs)
    return parameters


def draws_of(setting: dict[str, Any], rng: np.random.Generator) -> list[Any]:
    """Uniforms, or normals, of each dropout layer, from the input."""
    widths = SIZES[:-1] if setting["input_rate"] else SIZES[1:-1]
    shapes = [width if setting["kind"] == "shared" else (ROWS, width) for width in widths]
    return [rng.normal(size=s) if setting["kind"] == "gaussian" else rng.random(s) for s in shapes]


class Net:
    """The fully connected net, on PyTorch's own layers."""

    def __init__(self, setting: dict[str, Any], parameters: dict[str, Any]) -> None:
        self.setting, self.p = setting, parameters
        self.activation: Callable[[Any], Any] = getattr(torch, setting["activation"])
        self.statistics: dict[str, Any] = {}
        for depth, width in enumerate(SIZES[1:-1] if setting["batch_norm"] else (), start=1):
            self.statistics[f"running_mean{depth}"] = torch.zeros(width, dtype=torch.float64)
            self.statistics[f"running_var{depth}"] = torch.ones(width, dtype=torch.float64)

    def train(self, x: Any, draws: list[Any]) -> Any:
        """Scores with the masks of these draws."""
        left, kind = list(draws), self.setting["kind"]

        def drop(h: Any, rate: float) -> Any:
            return h * mask(kind, rate, left.pop(0))

        return self._scores(x, drop, training=True)

    def test(self, x: Any) -> Any:
        """Scores without masks: vanilla dropout scales by q, the others do nothing."""
        vanilla = self.setting["kind"] == "vanilla"
        return self._scores(x, lambda h, rate: h * (1 - rate) if vanilla else h, training=False)

    def _scores(self, h: Any, drop: Callable[[Any, float], Any], *, training: bool) -> Any:
        if self.setting["input_rate"]:
            h = drop(h, self.setting["input_rate"])
        for depth in range(1, len(SIZES) - 1):
            h = F.linear(h, self.p[f"W{depth}"].T, self.p[f"b{depth}"])
            if self.setting["batch_norm"]:
                h = self._normalized(h, depth, training=training)
            h = drop(
                self.activation(h), self.setting.get("rates", {}).get(depth, self.setting["rate"])
            )
        return F.linear(h, self.p[f"W{depth + 1}"].T, self.p[f"b{depth + 1}"])

    def _normalized(self, h: Any, depth: int, *, training: bool) -> Any:
        """PyTorch's momentum is the batch's share, 0.1 where ours is 0.9."""
        mean, var = (self.statistics[f"running_{name}{depth}"] for name in ("mean", "var"))
        gamma, beta = self.p[f"gamma{depth}"], self.p[f"beta{depth}"]
        return F.batch_norm(h, mean, var, gamma, beta, training=training, momentum=0.1, eps=1e-5)


def mask(kind: str, rate: float, draw: Any) -> Any:
    """The mask, by its definition."""
    if kind == "gaussian":
        return 1 + (rate / (1 - rate)) ** 0.5 * draw
    kept = (draw >= rate).double()
    return kept if kind == "vanilla" else kept / (1 - rate)


def optimizer_case(seed: int) -> Case:
    """Parameters after 50 steps on one batch, with 50 masks of rate 1/2, by each optimizer."""
    rng = np.random.default_rng(seed)
    setting: dict[str, Any] = {"kind": "inverted", "activation": "tanh", "rate": 0.5}
    setting |= {"input_rate": 0.0, "batch_norm": False}
    x, labels = rounded(rng.normal(size=(ROWS, SIZES[0]))), rng.integers(SIZES[-1], size=ROWS)
    parameters = {name: rounded(value) for name, value in start(rng, setting).items()}
    kept = rng.random((STEPS, ROWS, sum(SIZES[1:-1]))) < 0.5
    after = {}
    for name, (learning_rate, make) in optimizers().items():
        p = {key: torch.tensor(value, requires_grad=True) for key, value in parameters.items()}
        optimizer, net = make(p, learning_rate), Net(setting, p)
        for units in kept:
            optimizer.zero_grad()
            draws = [torch.tensor(0.75 * each) for each in np.split(units, [SIZES[1]], axis=1)]
            F.cross_entropy(net.train(torch.tensor(x), draws), torch.tensor(labels)).backward()
            optimizer.step()
        reached = {key: listed(value) for key, value in p.items()}
        after[name] = {"learning_rate": learning_rate, "parameters": reached}
    return setting | {
        "x": listed(x),
        "labels": listed(labels),
        "kept": ["".join(map(str, units.reshape(-1).astype(int))) for units in kept],
        "parameters": {name: listed(value) for name, value in parameters.items()},
        "after": after,
    }


def optimizers() -> dict[str, tuple[float, Callable[[dict[str, Any], float], Any]]]:
    """By name: a learning rate, and PyTorch's optimizer; L2 is its weight decay, weights only."""

    def adam_l2(p: dict[str, Any], lr: float) -> Any:
        groups = [
            {"params": [value], "weight_decay": 0.1 if name.startswith("W") else 0}
            for name, value in p.items()
        ]
        return torch.optim.Adam(groups, lr)

    return {
        "sgd": (0.1, lambda p, lr: torch.optim.SGD(p.values(), lr)),
        "momentum": (0.05, lambda p, lr: torch.optim.SGD(p.values(), lr, momentum=0.9)),
        "rmsprop": (0.01, lambda p, lr: torch.optim.RMSprop(p.values(), lr)),
        "adam": (0.01, lambda p, lr: torch.optim.Adam(p.values(), lr)),
        "adam with l2": (0.01, adam_l2),
    }


EPOCHS = 5
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant, factors": {"schedule": "constant", "factors": (1, 0.5), "kind": "inverted"},
    "early": {"schedule": "early", "factors": (1, 1), "kind": "inverted"},
    "late, vanilla": {"schedule": "late", "factors": (1, 1), "kind": "vanilla"},
    "decreasing, factors": {"schedule": "decreasing", "factors": (0.5, 1.5), "kind": "inverted"},
    "increasing, gaussian": {"schedule": "increasing", "factors": (1, 0.25), "kind": "gaussian"},
}
"""Each about the first three of five epochs, of a step each."""


def part_of_rate(schedule: str, epoch: int) -> float:
    """The courses over three epochs, written out."""
    courses = {
        "constant": (1, 1, 1, 1, 1),
        "early": (1, 1, 1, 0, 0),
        "late": (0, 0, 0, 1, 1),
        "decreasing": (1, 2 / 3, 1 / 3, 0, 0),
        "increasing": (0, 1 / 3, 2 / 3, 1, 1),
    }
    return courses[schedule][epoch]


def schedule_cases(seed: int) -> dict[str, Case]:
    """By name: losses and gradients of five epochs, of a net whose layers change their rates."""
    rng = np.random.default_rng(seed)
    return {name: schedule_case(setting, rng) for name, setting in SCHEDULES.items()}


def schedule_case(setting: dict[str, Any], rng: np.random.Generator) -> Case:
    """A step of gradient descent per epoch, with a mask each."""
    setting = {
        "activation": "relu", "rate": 0.6, "input_rate": 0.0, "batch_norm": False, **setting,
    }  # fmt: skip
    x, labels = rounded(rng.normal(size=(ROWS, SIZES[0]))), rng.integers(SIZES[-1], size=ROWS)
    parameters = {name: rounded(value) for name, value in start(rng, setting).items()}
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    optimizer, steps = torch.optim.SGD(p.values(), 0.1), []
    for epoch in range(EPOCHS):
        part = part_of_rate(setting["schedule"], epoch)
        rates = {at: 0.6 * factor * part for at, factor in enumerate(setting["factors"], start=1)}
        net = Net(setting | {"rates": rates}, p)
        draws = [rounded(draw) for draw in draws_of(setting, rng)]
        optimizer.zero_grad()
        scores = net.train(torch.tensor(x), [torch.tensor(draw) for draw in draws])
        loss = F.cross_entropy(scores, torch.tensor(labels))
        loss.backward()
        steps.append(
            {
                "draws": [listed(draw) for draw in draws],
                "loss": loss.item(),
                "gradients": {name: listed(value.grad) for name, value in p.items()},
                "test_scores": listed(net.test(torch.tensor(x))),
            }
        )
        optimizer.step()
    return setting | {
        "x": listed(x),
        "labels": listed(labels),
        "parameters": {name: listed(value) for name, value in parameters.items()},
        "steps": steps,
    }


def dropout_case(seed: int) -> Case:
    """PyTorch's own dropout on one row, with the mask it drew, and its Jacobian by autograd."""
    x, rate = rounded(np.random.default_rng(seed).normal(size=8)), 0.3

    def dropout(x: Any) -> Any:
        torch.manual_seed(seed)
        return F.dropout(x, rate, training=True)

    with torch.random.fork_rng():
        out = dropout(torch.tensor(x))
        jacobian = torch.autograd.functional.jacobian(dropout, torch.tensor(x))
    return {"rate": rate, "x": listed(x), "out": listed(out), "jacobian": listed(jacobian)}


def listed(array: Any) -> Any:
    """Nested lists, of numbers that come back from JSON bit for bit."""
    return array.tolist()


def everything(seed: int) -> dict[str, Any]:
    """The content of each golden file, by its stem, from other numbers for another seed."""
    return {
        "networks": network_cases(seed),
        "optimizers": optimizer_case(seed),
        "dropout": dropout_case(seed),
        "schedules": schedule_cases(seed),
    }


if __name__ == "__main__":
    for stem, content in everything(seed=0).items():
        document = {"torch": torch.__version__, "cases": content}
        path = GOLDEN / f"{stem}.json"
        path.write_text(json.dumps(document) + "\n", encoding="utf-8")
