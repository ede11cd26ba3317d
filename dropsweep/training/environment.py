"""The environment of a run's numbers: versions, BLAS, CPU."""

from __future__ import annotations

import functools
import platform
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from dropsweep import __version__


@functools.cache
def environment() -> dict[str, str | None]:
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
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
