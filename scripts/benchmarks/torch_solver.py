"""The same runs in PyTorch, as well as its own means allow: one process of one or more threads.

    python -m benchmarks.torch_solver WORKLOAD.json THREADS

Images are converted once and stay tensors, Adam is the fused one, accuracy is measured in inference
mode in large batches. The protocol is that of ``dropsweep run``; the random numbers are PyTorch's.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workload import CLASSES, PIXELS, Workload

torch: Any = importlib.import_module("torch")  # untyped, so that mypy needs no PyTorch
F: Any = torch.nn.functional


def build(hidden: int, rate: float) -> Any:
    """Affine, relu, dropout, affine."""
    first, last = torch.nn.Linear(PIXELS, hidden), torch.nn.Linear(hidden, CLASSES)
    for layer in (first, last):
        torch.nn.init.normal_(layer.weight, std=0.01)
        torch.nn.init.zeros_(layer.bias)
    return torch.nn.Sequential(first, torch.nn.ReLU(inplace=True), torch.nn.Dropout(rate), last)


class Part:
    """Some images and labels as tensors."""

    def __init__(self, images: Any, labels: Any, mean: Any) -> None:
        self.x = torch.from_numpy(np.subtract(images, mean, dtype=np.float32))
        self.y = torch.from_numpy(labels.astype(np.int64))

    def accuracy(self, net: Any) -> float:
        """Fraction right, dropout off."""
        net.eval()
        with torch.inference_mode():
            right = (net(self.x).argmax(dim=1) == self.y).float().mean().item()
        net.train()
        return float(right)


def load(work: Workload) -> tuple[Part, Part, Part, Part]:
    """Training images, those measured of them, validation and test."""
    arrays = {
        name: np.load(Path(work.data) / f"{name}.npy", mmap_mode="r")
        for name in ("train_images", "train_labels", "test_images", "test_labels")
    }
    images, labels = arrays["train_images"], arrays["train_labels"]
    pool = len(images) - work.val_size
    mean = images[:pool].mean(axis=0, dtype=np.float32)
    return (
        Part(images[: work.train_size], labels[: work.train_size], mean),
        Part(images[: work.measured], labels[: work.measured], mean),
        Part(images[pool:], labels[pool:], mean),
        Part(
            arrays["test_images"][: work.test_size], arrays["test_labels"][: work.test_size], mean
        ),
    )


def train(work: Workload, parts: tuple[Part, Part, Part, Part], rate: float, seed: int) -> float:
    """One run; returns the test accuracy of its best epoch."""
    torch.manual_seed(seed)
    everything, measured, val, test = parts
    net = build(work.hidden, rate)
    adam = torch.optim.Adam(net.parameters(), lr=work.learning_rate, fused=True)
    best, kept = -1.0, {}
    per_epoch = work.train_size // work.batch_size
    for iteration in range(1, work.epochs * per_epoch + 1):
        batch = torch.randint(work.train_size, (work.batch_size,))
        adam.zero_grad(set_to_none=True)
        F.cross_entropy(net(everything.x[batch]), everything.y[batch]).backward()
        adam.step()
        if iteration == 1 or iteration % per_epoch == 0:
            measured.accuracy(net)
            if (accuracy := val.accuracy(net)) > best:
                best = accuracy
                kept = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(kept)
    return test.accuracy(net)


def main() -> None:
    """Train the runs of a workload one after another."""
    work = Workload.read(Path(sys.argv[1]))
    torch.set_num_threads(int(sys.argv[2]))
    parts = load(work)
    for rate, seed in work.runs:
        train(work, parts, rate, seed)


if __name__ == "__main__":
    main()
