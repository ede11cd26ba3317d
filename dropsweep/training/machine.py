"""The machine that computes a run: its BLAS, its versions and its CPU."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import OpenBLASController, threadpool_info, threadpool_limits

from dropsweep import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_CPU_INFO = Path("/proc/cpuinfo")
_AVX512 = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}

_blas_limits: list[threadpool_limits] = []
"""One for each run in this process at the moment: a Dask worker may have several threads."""
_blas_lock = threading.Lock()


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread while any run of this process is in the block.

    The number of threads of OpenBLAS belongs to the process: only the last run gives it back. That
    of MKL belongs to the thread, so each run sets it.
    """
    with _blas_lock:
        _take_control_of_blas()
        _blas_limits.append(threadpool_limits(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _blas_lock:
            _take_control_of_blas()
            last = _blas_limits.pop()  # the limit that came first knows the number before
            if not _blas_limits:
                last.restore_original_limits()
                _take_control_of_blas()


def _take_control_of_blas() -> None:
    """From threadpoolctl 3.8 on, only the thread that limited OpenBLAS first can, until it ends."""
    if clear := getattr(OpenBLASController, "clear_controlling_thread", None):
        clear(force=True)


@functools.cache
def describe_environment() -> dict[str, str | None]:
    """Versions and hardware that can change the last bits of a float32 sum."""
    return {
        "dropsweep": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": _blas(),
        "cpu": _cpu(),
        "platform": f"{platform.system()}-{platform.machine()}",
    }


def _blas() -> str:
    """Name, version and kernel of NumPy's BLAS: ``openblas 0.3.30 SkylakeX``.

    NumPy's wheels bring their own, and so do SciPy's, which a process may have loaded too and
    which no run uses. A NumPy that was built for the system's BLAS has none in its folders.
    """
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    package = Path(np.__file__).resolve().parent
    folders = {package.with_name("numpy.libs"), package / ".dylibs"}
    own = [one for one in libraries if Path(one["filepath"]).resolve().parent in folders]
    names = [
        " ".join(
            str(library[key])
            for key in ("internal_api", "version", "architecture")
            if library.get(key)
        )
        for library in own or libraries
    ]
    return ", ".join(dict.fromkeys(names)) or "unknown"


def _cpu() -> str:
    """The CPU's model name; `platform.processor` knows none on Linux."""
    return _cpu_fact("model name") or platform.processor() or platform.machine()


def _cpu_fact(name: str) -> str:
    """A fact about the first CPU, as Linux tells it; empty elsewhere."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(name):
                return line.partition(":")[2].strip()
    return ""


def has_unused_avx512() -> bool:
    """True if OpenBLAS takes this CPU for one without AVX-512, as version 0.3.31 does with Zen 5.

    With ``OPENBLAS_CORETYPE=SkylakeX`` it is about 1.6 times as fast there. The last bits differ,
    so the user decides.
    """
    kernel = _blas().rpartition(" ")[2]
    told = "OPENBLAS_CORETYPE" in os.environ
    return kernel in {"Haswell", "Zen"} and not told and {*_cpu_fact("flags").split()} >= _AVX512
