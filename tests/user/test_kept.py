"""``results.keep_parameters``: trained nets that are kept, and what is drawn of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

KEEP = ("--set", "results.keep_parameters=true")


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def nets(folder: str) -> dict[str, bytes]:
    """Every kept net's bytes, by run id."""
    return {path.stem: path.read_bytes() for path in Path(folder, "parameters").iterdir()}


def run_ids(folder: str) -> set[str]:
    """The ids of the finished runs."""
    return {path.stem for path in Path(folder, "runs").iterdir()}


def test_every_run_keeps_its_net_and_figures_show_it(dropsweep: Dropsweep, config: Path) -> None:
    """Equal bytes from this process and from two others; not one without the asking."""
    for folder, *options in (("one", "-j", "1"), ("two", "-j", "2", "--no-plots")):
        result = dropsweep("run", config, "-o", folder, *options, *KEEP)
        assert result.returncode == 0, result.stderr
    assert set(nets("one")) == run_ids("one")
    assert nets("one") == nets("two")
    for name in ("first_layer", "activations"):
        assert Path("one/plots", f"{name}.png").exists()

    assert dropsweep("run", config, "-o", "plain").returncode == 0
    assert not Path("plain/parameters").exists()
    assert not Path("plain/plots/first_layer.png").exists()
    assert not run_ids("plain") & run_ids("one")


def test_nets_travel_with_a_merge(dropsweep: Dropsweep, config: Path) -> None:
    """Two halves of a sweep become a whole one, whose figures show all rates."""
    for part in ("0/2", "1/2"):
        dropsweep("run", config, "-o", part[0], "--shard", part, "--no-plots", *KEEP)
    result = dropsweep("merge", "0", "1", "-o", "whole")
    assert result.returncode == 0, result.stderr
    assert nets("whole") == nets("0") | nets("1")
    assert set(nets("whole")) == run_ids("whole")


def test_a_damaged_net_costs_its_place_in_the_figures_alone(
    dropsweep: Dropsweep, config: Path
) -> None:
    """The table and the other figures are as before, and nothing is trained again."""
    dropsweep("run", config, "-o", "out", "--no-plots", *KEEP)
    for path in Path("out/parameters").iterdir():
        os.truncate(path, 100)
    result = dropsweep("plot", "out")
    assert result.returncode == 0, result.stderr
    assert "accuracy.png" in result.stdout
    assert "first_layer" not in result.stdout
