"""Names to arrays: CIFAR-10 found, downloaded or given, and generated images for first steps."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dropsweep.datasets.official import KNOWN, Facts, facts

if TYPE_CHECKING:
    from dropsweep.datasets.arrays import is_arrays, keep_arrays
    from dropsweep.datasets.cache import open_prepared
    from dropsweep.datasets.dataset import Dataset
    from dropsweep.datasets.folders import default_data_dir
    from dropsweep.datasets.inspection import describe, verify
    from dropsweep.datasets.locate import prepare

_MODULES = {
    "arrays": ("is_arrays", "keep_arrays"),
    "cache": ("open_prepared",),
    "dataset": ("Dataset",),
    "folders": ("default_data_dir",),
    "inspection": ("describe", "verify"),
    "locate": ("prepare",),
}
"""Modules of the names that not everyone needs."""

__all__ = [
    "KNOWN",
    "Dataset",
    "Facts",
    "default_data_dir",
    "describe",
    "facts",
    "is_arrays",
    "keep_arrays",
    "open_prepared",
    "prepare",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is used (PEP 562).

    A plan needs no numpy, and a worker no archives and no mirrors.
    """
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
