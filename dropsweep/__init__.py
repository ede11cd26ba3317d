"""Sweeps of dropout rates on CIFAR-10: which rate to use, and how sure one can be.

>>> sweep = dropsweep.run("configs/cs231n.yaml", {"seeds": 8})
>>> sweep = dropsweep.read("results/cs231n")
"""

import importlib

TYPE_CHECKING = False  # type checkers know the name; importing it would be half of the time

if TYPE_CHECKING:
    from dropsweep.api import Sweep, read, run
    from dropsweep.errors import (
        ConfigError,
        DataError,
        DropsweepError,
        ResultsError,
        RunsFailedError,
    )

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "DataError",
    "DropsweepError",
    "ResultsError",
    "RunsFailedError",
    "Sweep",
    "__version__",
    "read",
    "run",
]


def __getattr__(name: str) -> object:
    """Import a name of `__all__` when it is first used, so that ``import dropsweep`` is quick."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "dropsweep.errors" if name.endswith("Error") else "dropsweep.api"
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
