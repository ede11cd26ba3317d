"""Names to arrays: CIFAR-10 found, fetched or given, and a generated stand-in for first steps."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dropsweep.datasets.facts import KNOWN, Facts, facts

if TYPE_CHECKING:
    from dropsweep.datasets.cache import open_prepared
    from dropsweep.datasets.dataset import Dataset
    from dropsweep.datasets.description import Description, describe
    from dropsweep.datasets.locate import default_data_dir, prepare
    from dropsweep.datasets.rehash import Check, verify

_MODULES = {
    "open_prepared": "cache",
    "Dataset": "dataset",
    "Description": "description",
    "describe": "description",
    "default_data_dir": "locate",
    "prepare": "locate",
    "Check": "rehash",
    "verify": "rehash",
}
"""Where the names are that not everyone needs."""

__all__ = [
    "KNOWN",
    "Check",
    "Dataset",
    "Description",
    "Facts",
    "default_data_dir",
    "describe",
    "facts",
    "open_prepared",
    "prepare",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for (PEP 562).

    A plan needs no numpy, and a worker no archives and no mirrors.
    """
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
