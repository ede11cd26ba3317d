"""The same runs as textbooks and course notes write them: plain NumPy, whole arrays, no care.

    python -m benchmarks.naive_solver WORKLOAD.json

The shape of the public cs231n solver: float64 images, cast batch by batch, accuracy in batches of
100, a gradient for the images that no one reads, Adam in whole temporaries, as many threads as BLAS
likes. As there, a mask is float64, and what it touches: from the first step on a net with dropout
computes in float64, though it was made in float32.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workload import CLASSES, PIXELS, Workload

Array = Any  # a script to be read for its arithmetic, not for its types


def forward(params: dict[str, Array], X: Array) -> tuple[Array, Array]:
    """Hidden units and scores."""
    X = X.astype(np.float32)
    hidden = np.maximum(0, X.dot(params["W1"]) + params["b1"])
    return hidden, hidden.dot(params["W2"]) + params["b2"]


def loss(
    params: dict[str, Array], X: Array, y: Array, rate: float, random: np.random.Generator
) -> dict[str, Array]:
    """Gradients of the mean softmax loss with inverted dropout."""
    X = X.astype(np.float32)
    pre = X.dot(params["W1"]) + params["b1"]
    hidden = np.maximum(0, pre)
    mask = (random.random(pre.shape) >= rate) / (1 - rate) if rate else np.float32(1)
    hidden = (hidden * mask).astype(hidden.dtype)
    scores = hidden.dot(params["W2"]) + params["b2"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    dhidden = p.dot(params["W2"].T) * mask * (pre > 0)
    dhidden.dot(params["W1"].T)
    return {
        "W1": X.T.dot(dhidden),
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T.dot(p),
        "b2": p.sum(axis=0),
    }


def adam(w: Array, dw: Array, config: dict[str, Any], learning_rate: float) -> Array:
    """The next parameters."""
    config["t"] = config.get("t", 0) + 1
    config["m"] = 0.9 * config.get("m", np.zeros_like(w)) + 0.1 * dw
    config["v"] = 0.999 * config.get("v", np.zeros_like(w)) + 0.001 * dw**2
    m = config["m"] / (1 - 0.9 ** config["t"])
    v = config["v"] / (1 - 0.999 ** config["t"])
    return w - learning_rate * m / (np.sqrt(v) + 1e-8)


def accuracy(params: dict[str, Array], X: Array, y: Array) -> float:
    """Fraction right."""
    predicted = [
        np.argmax(forward(params, X[start : start + 100])[1], axis=1)
        for start in range(0, len(X), 100)
    ]
    return float(np.mean(np.hstack(predicted) == y))


def train(work: Workload, data: dict[str, Array], rate: float, seed: int) -> float:
    """One run; the test accuracy of its best epoch."""
    random = np.random.default_rng(seed)
    shapes = {"W1": (PIXELS, work.hidden), "W2": (work.hidden, CLASSES)}
    params: dict[str, Array] = {
        name: (0.01 * random.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }
    params |= {"b1": np.zeros(work.hidden, np.float32), "b2": np.zeros(CLASSES, np.float32)}
    configs: dict[str, dict[str, Any]] = {name: {} for name in params}
    best, kept = -1.0, params
    per_epoch = work.train_size // work.batch_size
    for iteration in range(1, work.epochs * per_epoch + 1):
        batch = random.choice(work.train_size, work.batch_size)
        grads = loss(params, data["X_train"][batch], data["y_train"][batch], rate, random)
        for name, dw in grads.items():
            params[name] = adam(params[name], dw, configs[name], work.learning_rate)
        if iteration == 1 or iteration % per_epoch == 0:
            accuracy(params, data["X_train"][: work.measured], data["y_train"][: work.measured])
            if (found := accuracy(params, data["X_val"], data["y_val"])) > best:
                best, kept = found, {name: value.copy() for name, value in params.items()}
    return accuracy(kept, data["X_test"], data["y_test"])


def load(work: Workload) -> dict[str, Array]:
    """Images as float64, the mean image of the training pool subtracted."""
    folder = Path(work.data)
    images, labels = np.load(folder / "train_images.npy"), np.load(folder / "train_labels.npy")
    test, test_labels = np.load(folder / "test_images.npy"), np.load(folder / "test_labels.npy")
    pool = len(images) - work.val_size
    mean = images[:pool].mean(axis=0)
    return {
        "X_train": images[: work.train_size] - mean,
        "y_train": labels[: work.train_size],
        "X_val": images[pool:] - mean,
        "y_val": labels[pool:],
        "X_test": test[: work.test_size] - mean,
        "y_test": test_labels[: work.test_size],
    }


def main() -> None:
    """Train the runs of a workload one after another."""
    work = Workload.read(Path(sys.argv[1]))
    data = load(work)
    for rate, seed in work.runs:
        train(work, data, rate, seed)


if __name__ == "__main__":
    main()
