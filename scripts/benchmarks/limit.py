"""The limit of the cores: the rate of one large float32 product, on as many cores at once.

    python -m benchmarks.limit SECONDS

prints the rate of one process, in GFLOP/s.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.contenders import ENVIRONMENT

ROWS, INNER, COLUMNS = 1000, 3072, 500
"""Of the product: 1,000 images through the first layer, where most of the work is."""


def product_rate(processes: int, seconds: float = 2.0) -> float:
    """GFLOP/s of that many processes with one thread each, together."""
    command = [sys.executable, "-m", "benchmarks.limit", str(seconds)]
    running = [
        subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)  # noqa: S603 ours
        for _ in range(processes)
    ]
    return sum(float(process.communicate()[0]) for process in running)


def _rate(seconds: float) -> float:
    random = np.random.default_rng(0)
    x = random.standard_normal((ROWS, INNER), dtype=np.float32)
    W = random.standard_normal((INNER, COLUMNS), dtype=np.float32)
    out, times = np.empty((ROWS, COLUMNS), np.float32), []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        np.matmul(x, W, out=out)
        times.append(time.perf_counter() - start)
    return 2e-9 * ROWS * INNER * COLUMNS / median(times)


if __name__ == "__main__":
    with threadpool_limits(limits=1, user_api="blas"):
        print(_rate(float(sys.argv[1])))  # noqa: T201 to the process that started this one
