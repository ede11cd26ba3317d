"""A shell that closes streams, a full disk and an impatient reader."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

pytestmark = pytest.mark.skipif(os.name != "posix", reason="redirections of a POSIX shell")

REPORT = ["report", "results/small", "-o", "-"]
"""It writes bytes, not text."""

GONE = "| (exec <&-; sleep 1)"


def shell(redirection: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code of the program, and what came through, of one line in bash."""
    command = shlex.join([sys.executable, "-m", "dropsweep", *arguments])
    result = subprocess.run(  # a pipe's exit code is its reader's: the program's goes to a file
        ["/bin/sh", "-c", f"{{ {command}; echo $? >code; }} {redirection}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return int(Path("code").read_text()), result.stdout, result.stderr


@pytest.fixture
def finished(dropsweep: Dropsweep, config: Path) -> list[str]:
    """A command whose runs are all there."""
    assert dropsweep("run", config, "--no-plots").returncode == 0
    return ["show", "results/small"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [[], REPORT, ["--help"], ["run", "--help"], ["init"]])
def test_a_full_disk_behind_stdout(finished: list[str], arguments: list[str]) -> None:
    """Exit 5 and one sentence, whoever prints."""
    code, _, stderr = shell(">/dev/full", *(arguments or finished))
    assert code == 5
    assert stderr.count("Error: ") == 1
    assert "stdout cannot be written (the disk is full)" in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize("arguments", [[], REPORT, ["--help"], ["run", "--help"], ["init"]])
def test_a_reader_that_went_away(finished: list[str], arguments: list[str]) -> None:
    """Exit 141 as of any program in a pipe, without a word."""
    code, _, stderr = shell(GONE, *(arguments or finished))
    assert (code, stderr) == (141, "")


def test_stderr_closed(dropsweep: Dropsweep, config: Path, data_dir: Path) -> None:
    """A sweep needs nobody who listens to its progress, and no file takes stderr's number."""
    assert dropsweep
    code, stdout, _ = shell("2>&-", "run", str(config), "--data-dir", str(data_dir))
    assert code == 0
    assert stdout.endswith("results/small\n")


def test_stdin_closed(dropsweep: Dropsweep) -> None:
    """Nothing is an empty config: exit 2 with the sentence for it."""
    assert dropsweep
    code, _, stderr = shell("<&-", "run", "-")
    assert code == 2
    assert "the config is empty" in stderr


def on_terminal(columns: int, *arguments: str) -> list[str]:
    """The lines that the program writes to a stderr that is a terminal."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dropsweep", *arguments], stdout=subprocess.DEVNULL, stderr=theirs,
        env={**os.environ, "COLUMNS": f"{columns}"},
    )  # fmt: skip
    os.close(theirs)
    text = b""
    with contextlib.suppress(OSError):  # how Linux says that the other side is closed
        while piece := os.read(ours, 10_000):
            text += piece
    process.wait()
    os.close(ours)
    return text.decode().splitlines()


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_of_stderr_are_broken_between_words(dropsweep: Dropsweep, columns: int) -> None:
    """On a terminal, be they ours or click's; in a pipe a sentence is a line."""
    Path("bad.yaml").write_text("dropout: {ratez: [0]}\ntraining: {optimizer: never}\n")
    for options in ((), ("-j", "as many as there are on this machine, please")):
        whole = dropsweep("run", "bad.yaml", *options).stderr
        lines = on_terminal(columns, "run", "bad.yaml", *options)
        assert max(map(len, whole.splitlines())) > columns
        assert max(map(len, lines)) <= columns
        assert " ".join(lines).split() == whole.split()
