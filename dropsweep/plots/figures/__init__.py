"""The figures, one file per figure: to add one, add a file that declares its ``FIGURE``."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from dropsweep.plots import FIGURE_NAMES, import_matplotlib

if TYPE_CHECKING:
    from dropsweep.plots.view import Kind

import_matplotlib()

_KINDS: dict[str, Kind] = {
    name: importlib.import_module(f"{__name__}.{name}").FIGURE for name in FIGURE_NAMES
}

FIGURES = dict(sorted(_KINDS.items(), key=lambda item: item[1].place))
"""By the name of their files, in the order in which a reader wants them."""
