"""One BLAS thread per run, also where several runs share a process."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from threadpoolctl import OpenBLASController, threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

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
