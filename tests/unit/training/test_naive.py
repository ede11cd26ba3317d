"""A run held against a textbook rewrite: whole arrays, no blocks, no panels, no views."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep import datasets
from dropsweep.training import train
from tests.factories import make_spec, varied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dropsweep.records import RunRecord, RunSpec, Schedule

VAL, TRAIN, CURVE, EPOCHS, EVERY, RATE, SEED = 2300, 60, 700, 5, 2, 0.4, 11


def spec_of(**dataset: Any) -> RunSpec:
    """A float64 run with drawn images and sparse points."""
    values: dict[str, Any] = {"val_size": VAL, "test_size": 50, "images": "drawn"} | dataset
    spec = make_spec(
        RATE, SEED, epochs=EPOCHS, train_size=TRAIN, hidden_sizes=(7,), identity="synthetic-1"
    )
    return varied(
        spec,
        {
            **{f"dataset.{name}": value for name, value in values.items()},
            "model.dtype": "float64",
            "training.batch_size": 20,
            "evaluation.every": EVERY,
            "evaluation.curve_images": CURVE,
        },
    )


def stream(purpose: int) -> np.random.Generator:
    """The stream of a purpose, by its place."""
    return np.random.default_rng(np.random.SeedSequence(SEED).spawn(5)[purpose])


class Naive:
    """The protocol with nothing but whole arrays; Adam as published."""

    def __init__(
        self, prepared: Path, preprocessing: str = "mean_image", parts: Sequence[float] = (1,)
    ) -> None:
        self.parts = parts
        data = datasets.open_prepared(prepared)
        pixels = np.array(data.train_images, np.float64)
        labels = np.array(data.train_labels).astype(int)
        order = stream(4).permutation(len(pixels))
        pool = pixels[np.sort(order[VAL:])]
        self.center, self.scale = pool.mean(axis=0), np.ones(3072)
        if preprocessing == "standardize":
            self.scale = pool.std(axis=0)
        x, y = (pixels - self.center) / self.scale, labels
        self.val, self.val_y = x[order[:VAL]], y[order[:VAL]]
        self.x, self.y = x[order[VAL : VAL + TRAIN]], y[order[VAL : VAL + TRAIN]]
        weights = stream(0)
        self.p = [
            weights.standard_normal((3072, 7)) * 0.01, np.zeros(7),
            weights.standard_normal((7, 10)) * 0.01, np.zeros(10),
        ]  # fmt: skip
        self.m, self.v = ([np.zeros_like(p) for p in self.p] for _ in range(2))
        self.batches, self.masks = stream(1), stream(2)

    def step(self, t: int) -> float:
        """One iteration; its loss."""
        at = self.batches.choice(TRAIN, 20)
        x, y = self.x[at], self.y[at]
        W1, b1, W2, b2 = self.p
        h = np.maximum(x @ W1 + b1, 0)
        rate = RATE * self.parts[(t - 1) // 3 % len(self.parts)]
        mask = (self.masks.random(h.shape) >= rate) / (1 - rate)
        scores = (h * mask) @ W2 + b2
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(20), y]).mean()
        ds = (p - np.eye(10)[y]) / 20
        dh = ds @ W2.T * mask * (h > 0)
        gradients = [x.T @ dh, dh.sum(0), (h * mask).T @ ds, ds.sum(0)]
        for k, g in enumerate(gradients):
            self.m[k] = 0.9 * self.m[k] + 0.1 * g
            self.v[k] = 0.999 * self.v[k] + 0.001 * g * g
            m, v = self.m[k] / (1 - 0.9**t), self.v[k] / (1 - 0.999**t)
            self.p[k] = self.p[k] - 5e-4 * m / (np.sqrt(v) + 1e-8)
        return float(loss)

    def accuracy(self, x: NDArray[Any], y: NDArray[Any]) -> float:
        """Fraction right in test mode."""
        W1, b1, W2, b2 = self.p
        return float(((np.maximum(x @ W1 + b1, 0) @ W2 + b2).argmax(axis=1) == y).mean())


@pytest.mark.parametrize("preprocessing", ["mean_image", "standardize"])
def test_a_run_is_that_of_the_textbook(prepared: Path, preprocessing: str) -> None:
    """Losses to 1e-12, every accuracy exactly: images, points, and the last epoch's accuracy."""
    spec = spec_of(preprocessing=preprocessing)
    record = train(spec, lambda *_: None, data=prepared).record
    naive, losses, expected = Naive(prepared, preprocessing), [], []
    for t in range(1, EPOCHS * 3 + 1):
        losses.append(naive.step(t))
        if t in {1, 6, 12, 15}:
            accuracies = (
                naive.accuracy(naive.x, naive.y),
                naive.accuracy(naive.val[:CURVE], naive.val_y[:CURVE]),
            )
            expected.append((t // 3, np.mean(losses), *accuracies))
            losses = []
    epochs, means, train_accuracy, val_accuracy = zip(*expected, strict=True)
    assert record.history.epoch == epochs == (0, 2, 4, 5)
    np.testing.assert_allclose(record.history.train_loss, means, rtol=1e-12)
    assert tuple(record.history.train_accuracy) == train_accuracy
    assert tuple(record.history.val_accuracy) == val_accuracy
    assert record.val_accuracy == naive.accuracy(naive.val, naive.val_y)


@pytest.mark.parametrize(
    ("schedule", "epochs", "parts"),
    [
        ("early", 2, [1, 1, 0, 0, 0]),
        ("late", 3, [0, 0, 0, 1, 1]),
        ("decreasing", 4, [1, 0.75, 0.5, 0.25, 0]),
        ("increasing", 2, [0, 0.5, 1, 1, 1]),
    ],
)
def test_a_scheduled_run_is_that_of_the_textbook(
    prepared: Path, schedule: Schedule, epochs: int, parts: list[float]
) -> None:
    """Each epoch's masks are those of its own rate."""
    spec = varied(spec_of(), {"dropout.schedule": schedule, "dropout.schedule_epochs": epochs})
    record = train(spec, lambda *_: None, data=prepared).record
    naive = Naive(prepared, parts=parts)
    losses = [naive.step(t) for t in range(1, EPOCHS * 3 + 1)]
    means = [losses[0], *(float(np.mean(losses[a:b])) for a, b in ((1, 6), (6, 12), (12, 15)))]
    np.testing.assert_allclose(record.history.train_loss, means, rtol=1e-12)
    assert record.val_accuracy == naive.accuracy(naive.val, naive.val_y)


def test_all_rates_of_a_seed_see_the_same_images(prepared: Path) -> None:
    """In whatever order a process trains them: first, drawn, other seeds between."""
    drawn, first = spec_of(), spec_of(images="first")
    higher, none = (varied(drawn, {"dropout.rate": rate}) for rate in (1e-9, 0.0))

    def numbers(*specs: RunSpec) -> list[RunRecord]:
        records = [train(spec, lambda *_: None, data=prepared).record for spec in specs]
        return [replace(record, seconds=0) for record in records]

    other = replace(drawn, seed=12)
    one, two, three, four, five = numbers(drawn, none, first, other, higher)
    assert two.history.val_accuracy == five.history.val_accuracy  # no unit is dropped
    assert two.history.train_loss == pytest.approx(five.history.train_loss, rel=1e-8)
    assert numbers(other, higher, first, drawn) == [four, five, three, one]
    assert len({tuple(each.history.train_loss) for each in (one, three, four)}) == 3
