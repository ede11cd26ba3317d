"""dropsweep in a notebook: cells in a real kernel, as Jupyter starts it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.user.conftest import SMALL

PAGE = Path(__file__).parents[2] / "configs/README.md"

CELLS = {
    "import": "import dropsweep, os, signal, threading",
    "run": "sweep = dropsweep.run('small.yaml', {'seeds': 2}, jobs=2)\nsweep",
    "rows": "print(len(sweep.rates()), len(sweep.runs()), len(sweep.history()))",
    "figure": "sweep.figure('final_accuracy')",
    "again": "dropsweep.read('results/small').figure('accuracy', {})",
    "own": re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1],
    "pyplot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "mistake": "dropsweep.run({'dropout': {}})",
    "interrupt": (
        "threading.Timer(3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "dropsweep.run('small.yaml', {'training.epochs': 1_000_000}, output='endless', jobs=2)"
    ),
    "after": "dropsweep.run('small.yaml', jobs=2, output='endless')",
}
ERRORS = {"mistake": "ConfigError", "interrupt": "KeyboardInterrupt"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> dict[str, list[Any]]:
    """The outputs of each cell, from one kernel."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "small.yaml").write_text(SMALL)
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    for name, code in CELLS.items():
        tags = ["raises-exception"] if name in ERRORS else []
        cell = nbformat.v4.new_code_cell(code, metadata={"tags": tags})  # type: ignore[no-untyped-call]
        notebook.cells.append(cell)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DROPSWEEP_DATA_DIR", str(data_dir))
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        client = NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": str(folder)}}
        )
        asyncio.run(client.async_execute())
    return {name: cell["outputs"] for name, cell in zip(CELLS, notebook.cells, strict=True)}


def said(outputs: list[Any], stream: str) -> str:
    """The text that a cell wrote to stdout or stderr."""
    return "".join(each["text"] for each in outputs if each.get("name") == stream)


def shown(outputs: list[Any]) -> list[dict[str, str]]:
    """A cell's results, each by the kind of its content."""
    return [each["data"] for each in outputs if "data" in each]


def test_a_sweep_shows_itself(outputs: dict[str, list[Any]]) -> None:
    """Its table and its answer; progress stays short, without a warning of missing widgets."""
    (page,) = shown(outputs["run"])
    assert page["text/html"].startswith("<table>")
    assert "Answer  " in page["text/html"]
    stderr = said(outputs["run"], "stderr")
    assert "4 runs to train.\n" in stderr
    assert "4/4 runs" in stderr
    assert "4 runs in 0:" in stderr
    assert "report: results/small/report.html" in stderr
    assert "Warning" not in stderr
    assert "\x1b" not in stderr
    assert said(outputs["run"], "stdout") == ""


def test_own_arrays_are_run_as_the_page_says(outputs: dict[str, list[Any]]) -> None:
    """The example of configs/README.md, with the level of chance of its data."""
    (page,) = shown(outputs["own"])
    assert page["text/html"].startswith("<table>")
    assert "The level of chance is 0.40." in " ".join(page["text/html"].split())
    assert "Data: arrays-" in page["text/html"]


def test_rows_are_lists(outputs: dict[str, list[Any]]) -> None:
    """Two rates, four runs, three points of each."""
    assert said(outputs["rows"], "stdout") == "2 4 12\n"


@pytest.mark.parametrize("cell", ["figure", "again", "pyplot"])
def test_a_figure_shows_itself(outputs: dict[str, list[Any]], cell: str) -> None:
    """As one picture, without ``import pyplot``; the user's own figures are shown as ever."""
    (picture,) = shown(outputs[cell])
    assert picture["image/png"].startswith("iVBOR")


@pytest.mark.parametrize("cell", ERRORS)
def test_an_error_is_an_exception(outputs: dict[str, list[Any]], cell: str) -> None:
    """A mistake, or the interrupt that the user sent, which says what is kept."""
    (error,) = [each for each in outputs[cell] if each["output_type"] == "error"]
    assert error["ename"] == ERRORS[cell]


def test_after_an_interrupt_the_kernel_goes_on(outputs: dict[str, list[Any]]) -> None:
    """The next call trains, in the same folder."""
    assert shown(outputs["after"])
