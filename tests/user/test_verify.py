"""``dropsweep verify``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

WRONG = """\
import sys
from dropsweep.cli import main
from dropsweep.nn.dropout import VanillaDropout
VanillaDropout.test = lambda self, x: x
sys.argv = ["dropsweep", "verify"]
main()
"""


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def test_the_mathematics_holds_here(dropsweep: Dropsweep) -> None:
    """With --verbose three tables on stdout and the last line, nothing on stderr, exit 0."""
    result = dropsweep("verify", "--verbose")
    assert (result.returncode, result.stderr) == (0, "")
    for beginning in ("Mask statistics", "Gradients", "Published numbers"):
        assert f"\n{beginning}" in f"\n{result.stdout}"
    assert "False" not in result.stdout
    assert "1.8929048652720146e-11" in result.stdout


def test_it_ends_in_one_line(dropsweep: Dropsweep) -> None:
    """One sentence says how many checks hold; every check is a row with --verbose."""
    result = dropsweep("verify")
    (line,) = result.stdout.splitlines()
    assert re.fullmatch(r"(\d+) of \1 checks hold: \d+ mask statistics, .*numbers\.", line)


def test_json_for_programs(dropsweep: Dropsweep) -> None:
    """One object with the three tables and the verdict."""
    result = dropsweep("verify", "--format", "json")
    found = json.loads(result.stdout)
    assert found["ok"] is True
    assert {sort: len(rows) > 10 for sort, rows in found.items() if sort != "ok"} == {
        "statistics": True, "gradients": True, "published": True,
    }  # fmt: skip


@pytest.mark.parametrize(("table_format", "headings"), [("csv", 0), ("markdown", 3)])
def test_other_formats(dropsweep: Dropsweep, table_format: str, headings: int) -> None:
    """Markdown has its headings, CSV the tables only."""
    result = dropsweep("verify", "--format", table_format)
    assert result.returncode == 0
    assert sum(line.startswith("#") for line in result.stdout.splitlines()) == headings


def test_wrong_mathematics_ends_with_1() -> None:
    """The line counts them; the error names the checks that failed, and no other."""
    result = subprocess.run(
        [sys.executable, "-c", WRONG], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    held, total = map(int, re.findall(r"\d+", result.stdout)[:2])
    assert total - held == 3
    what, remedy = result.stderr.splitlines()
    assert what == (
        "Error: checks that failed: vanilla at rate 0.3: test mean; "
        "vanilla at rate 0.6: test mean; vanilla at rate 0.75: test mean."
    )
    assert "dropsweep verify --format json" in remedy
