"""Figures are drawn from matplotlib's own defaults, whatever surrounds the program."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest

from dropsweep.plots import FORMATS, drawings
from tests.factories import make_sweep

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import hashlib
from dropsweep import plots
from tests.factories import make_sweep
for each in plots.drawings(make_sweep([0.0, 0.5], 3, epochs=2), names=["accuracy"]):
    print(*[hashlib.sha256(each.content(kind)).hexdigest() for kind in plots.FORMATS])
"""

AWKWARD = b"""
text.usetex: True
figure.facecolor: black
axes.facecolor: black
savefig.facecolor: black
savefig.transparent: True
svg.image_inline: False
svg.fonttype: path
font.family: A font that nobody has
image.cmap: no_such_map
lines.linewidth: thick
axes.prop_cycle: cycler("color", ["red"])
figure.dpi: 20
backend: no_such_backend
"""


def hashes() -> list[str]:
    """Of the figure's files, drawn here."""
    (drawing,) = drawings(make_sweep([0.0, 0.5], 3, epochs=2), names=["accuracy"])
    return [hashlib.sha256(drawing.content(kind) or b"").hexdigest() for kind in FORMATS]


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("module://matplotlib_inline.backend_inline", b""),
        ("no_such_backend", AWKWARD),
        ("svg", b"figure.facecolor: \xff\xfe"),
    ],
    ids=["in a notebook", "every setting", "not UTF-8"],
)
def test_backend_and_settings_change_no_byte(backend: str, settings: bytes, tmp_path: Path) -> None:
    """Nor do they make the import fail, or a word stand on stderr."""
    (tmp_path / "matplotlibrc").write_bytes(settings)
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
        env={**os.environ, "MPLBACKEND": backend, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == hashes()


def test_settings_of_this_process_change_no_byte() -> None:
    """Such as those of a notebook; they are as before afterwards."""
    before = hashes()
    with mpl.rc_context(
        {
            "figure.facecolor": "black",
            "font.size": 30,
            "svg.image_inline": False,
            "text.usetex": True,
        }
    ):
        assert hashes() == before
        assert mpl.rcParams["font.size"] == 30
