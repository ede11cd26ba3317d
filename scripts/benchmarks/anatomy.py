"""The parts of a training step, on as many cores at once as a sweep keeps busy.

    python -m benchmarks.anatomy WORKLOAD.json

prints the milliseconds of each part in one process, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.contenders import ENVIRONMENT
from benchmarks.workload import CLASSES, PIXELS, Workload
from dropsweep.datasets import open_prepared
from dropsweep.nn import fully_connected
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.nn.optimizers import Adam
from dropsweep.records import DatasetSpec
from dropsweep.training import split
from dropsweep.training.evaluate import accuracy
from dropsweep.training.images import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 150

BATCH, FORWARD, REST, GRADIENT, ADAM, MEASURING = PARTS = (
    "batch: draw, take the images",
    "forward: the product with the first layer's weights",
    "mask, second layer, loss, back to the first layer",
    "gradient: the product by the first layer's weights",
    "Adam",
    "accuracy on training and validation images, a step's share",
)
PRODUCTS = (FORWARD, GRADIENT)


def anatomy(work: Workload, folder: Path, processes: int) -> dict[str, float]:
    """Milliseconds of each part of a step, in the first of several processes."""
    file = work.write(folder / "anatomy.json")
    command = [sys.executable, "-m", "benchmarks.anatomy", str(file)]
    running = [
        subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)  # noqa: S603 ours
        for _ in range(processes)
    ]
    printed = [process.communicate()[0] for process in running]
    found: dict[str, float] = json.loads(printed[0])
    return found


def rows(parts: dict[str, float]) -> list[tuple[str, ...]]:
    """Part, milliseconds, per cent of the step."""
    step = sum(parts.values())
    return [
        *((part, f"{ms:.2f}", f"{100 * ms / step:.0f} %") for part, ms in parts.items()),
        ("a step", f"{step:.2f}", "100 %"),
    ]


def _measure(work: Workload) -> dict[str, float]:
    random = np.random.default_rng(0)
    sizes = DatasetSpec("", work.train_size, work.val_size, work.test_size, "mean_image")
    images = split(open_prepared(Path(work.data)), sizes, "float32", np.random.default_rng())
    train, val = Inputs.of(images, images.train), Inputs.of(images, images.val)
    network = fully_connected(
        (PIXELS, work.hidden, CLASSES),
        weight_scale=0.01,
        random=random,
        dropout=InvertedDropout(0.5),
    )
    adam, times = Adam(work.learning_rate), {part: list[float]() for part in PARTS}
    for _ in range(STEPS):
        x, labels = _timed(
            times[BATCH], lambda: train.take(random.choice(len(train), work.batch_size))
        )
        _timed(times[FORWARD], partial(network.layers[0].test, x))
        loss = partial(network.backpropagate, x, labels, random)
        _, gradients = _timed(times[REST], loss)
        _timed(times[GRADIENT], partial(np.asarray, gradients["W1"]))
        _timed(times[ADAM], partial(adam.step, network.parameters, gradients))
    measured = train.first(work.measured)
    for _ in range(15):
        _timed(times[MEASURING], lambda: [accuracy(network, part) for part in (measured, val)])
    found = {part: 1000 * median(seconds) for part, seconds in times.items()}
    found[REST] -= found[FORWARD]  # it is a part of the whole pass
    found[ADAM] -= found[GRADIENT]  # taken by the optimizer, panel by panel
    found[MEASURING] *= (work.epochs + 1) / (work.epochs * (work.train_size // work.batch_size))
    return found


def _timed(seconds: list[float], do: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = do()
    seconds.append(time.perf_counter() - start)
    return result


if __name__ == "__main__":
    with threadpool_limits(limits=1, user_api="blas"):
        print(json.dumps(_measure(Workload.read(Path(sys.argv[1])))))  # noqa: T201 to its parent
