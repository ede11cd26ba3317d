"""Records drawn: the figures of a sweep, as values and as files.

Matplotlib is slow to import: names are found without it, and what draws is imported when used.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import os
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dropsweep.plots.comparison import compare
    from dropsweep.plots.drawing import Drawing, save_all
    from dropsweep.plots.figures import FIGURES
    from dropsweep.plots.plan import (
        VERSION,
        draw,
        drawings,
        file_stem,
        planned,
        remove_outdated,
        settings_without_figures,
    )
    from dropsweep.plots.rendering import FORMATS
    from dropsweep.plots.style import Look

FIGURE_NAMES = tuple(
    sorted(each.name for each in pkgutil.iter_modules([f"{path}/figures" for path in __path__]))
)
"""A name for each file in ``figures/``."""

__all__ = [
    "FIGURES",
    "FIGURE_NAMES",
    "FORMATS",
    "VERSION",
    "Drawing",
    "Look",
    "check_replaceable",
    "compare",
    "draw",
    "drawings",
    "file_stem",
    "planned",
    "remove_outdated",
    "save_all",
    "settings_without_figures",
]


def check_replaceable(folder: Path) -> None:
    """Refuse a results folder in which a user's own file has the name of a figure.

    Raises
    ------
    ResultsError
        If there is one in its ``plots/``.
    """
    from dropsweep.plots.marks import refuse_unmarked

    plots = folder / "plots"
    refuse_unmarked(plots / f"{name}.{each}" for name in FIGURE_NAMES for each in ("png", "svg"))


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import_matplotlib()
    home = "comparison" if name == "compare" else "plan"  # which uses all other names
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def import_matplotlib() -> None:
    """Import it whatever MPLBACKEND and a ``matplotlibrc`` hold, which can make it fail.

    A backend that matplotlib accepts is kept, for a notebook shows its user's figures with it.
    """
    if "matplotlib" in sys.modules:
        return
    log = logging.getLogger("matplotlib")  # it complains of each bad line
    level, backend = log.level, os.environ.pop("MPLBACKEND", None)
    log.setLevel(logging.ERROR)
    try:
        try:
            import matplotlib as mpl
        except (OSError, UnicodeError):  # it reads the current directory's file first: its own
            for name in [each for each in sys.modules if each.startswith("matplotlib.")]:
                del sys.modules[name]
            spec = importlib.util.find_spec("matplotlib")
            origin = spec.origin if spec else None
            with contextlib.chdir(Path(origin or "").with_name("mpl-data")):
                import matplotlib as mpl
    finally:
        log.setLevel(level)
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with contextlib.suppress(ValueError):
            mpl.rcParams["backend"] = backend
