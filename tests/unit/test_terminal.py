"""Text that fits a terminal, and lines that are written over."""

from __future__ import annotations

import io
import os
import re

import pytest

from dropsweep import terminal
from dropsweep.terminal import Frame, wrapped


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize(
    "whole",
    [
        "`dropsweep run 'a b.yaml' -j 1`",
        "dropsweep verify --format json",
        "/home/me/my results/sweep.yaml:12:7:",
        "p = 0.012",
        "± 0.010",
    ],
)
def test_what_is_copied_or_read_as_one_is_never_broken(whole: str, width: int) -> None:
    """Commands, paths with their line and column, and a number with its unit."""
    before = {"/": "Error: ", "d": "again: "}.get(whole[0], "so many words that it is long ")
    after = "" if whole[0] == "d" else " and as many words after it, so that it is too long"
    lines = wrapped(f"{before}{whole}{after}", width)
    assert any(whole in line for line in lines)
    assert all(len(line) <= width for line in lines if whole not in line)
    assert " ".join(lines) == f"{before}{whole}{after}"


class Screen(io.StringIO):
    """A terminal that knows the three control sequences that a frame uses."""

    def rows(self) -> list[str]:
        """The lines on it."""
        rows, at = [""], 0
        for up, text in re.findall(r"\x1b\[(\d+)A\r\x1b\[J|([^\x1b]+)", self.getvalue()):
            if up:
                at = max(at - int(up), 0)
                del rows[at:]
                rows.append("")
            for line in text.splitlines():
                rows[at:] = [line, ""]
                at += 1
        return rows[:-1]


def test_a_frame_replaces_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts above stay, in order; the frame is last, and goes without a trace."""
    monkeypatch.setattr(terminal, "size", lambda _: (10, 24))
    screen = Screen()
    frame = Frame(screen)
    frame.show(lambda _, __: ["a", "b"])
    frame.print_above("first")
    frame.show(lambda _, __: ["c" * 20])
    frame.print_above("second")
    assert screen.rows() == ["first", "second", "c" * 9]
    frame.show(lambda _, __: [])
    assert screen.rows() == ["first", "second"]


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_of_no_size_has_eighty_columns() -> None:
    """0 x 0 is how a terminal says that it does not know its size."""
    ours, theirs = os.openpty()
    with open(theirs, "w") as stream:  # noqa: PTH123 a descriptor
        assert terminal.size(stream) == (80, 24)
    os.close(ours)
