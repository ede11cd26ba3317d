"""Terminal recordings: what a screen shows, and its SVG."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from record_terminal import Screen, draw, main, record

from tests.figures import svg_texts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("10%\r100%", ["100%"]),
        ("bar\r\n\x1b[Abase", ["base"]),
        ("one\r\ntwo\x1b[A\r\x1b[Kthree\r\n", ["three", "two"]),
        ("one\r\ntwo\x1b[A\r\x1b[J", [""]),
        ("\x1b[1;32mgreen\x1b[0m \x1b]0;title\x07end\x1b[?25l", ["green end"]),
        ("12345678901", ["1234567890", "1"]),
        ("a\tb\bc", ["a       c"]),
        ("1\r\n2\r\n3\r\n4", ["2", "3", "4"]),
    ],
)
def test_a_screen_shows_what_a_terminal_would(printed: str, shown: list[str]) -> None:
    """Ten columns, three lines: line ends, returns, erasures, no colours, wrapping, scrolling."""
    screen = Screen(10, 3)
    screen.write(printed)
    assert screen.visible() == shown


PROGRAM = """
import os, sys, time
assert sys.stdout.isatty()
print(*os.get_terminal_size(), flush=True)
for part in (b"\\xe2", b"\\x96\\x88 half", b"\\x1b", b"[2K\\rdone\\r\\n"):
    os.write(1, part)
    time.sleep(0.3)
sys.exit(4)
"""


def test_a_command_is_recorded(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a terminal of the size; characters and sequences cut in two are put together."""
    monkeypatch.setattr("record_terminal.LOOK", 0)  # no look is skipped where the machine is slow
    screens, code = record([sys.executable, "-c", PROGRAM], Screen(40, 5))
    assert code == 4
    assert screens[-1] == ["40 5", "done"]
    assert ["40 5", "\u2588 half"] in screens
    assert "done" in capfd.readouterr().out


def test_the_svg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text per line in a well-formed drawing; markup in the output is text."""
    monkeypatch.setattr(
        "sys.argv", ["x", "-o", str(tmp_path / "x.svg"), "--", "echo", "<b>", "&", "two  blanks"]
    )
    assert main() == 0
    assert svg_texts((tmp_path / "x.svg").read_bytes()) == [
        "$ echo '<b>' '&' 'two  blanks'",
        "<b> & two  blanks",
    ]
    assert "prefers-color-scheme:dark" in (tmp_path / "x.svg").read_text()


def test_screens_follow_each_other_and_the_last_stays() -> None:
    """Earlier screens are hidden without CSS animation; each waits for those before it."""
    svg = draw("$ x", [["1"], ["2"], ["3"]], 80)
    assert svg.count('class="earlier"') == 2
    assert 'animation-delay:1.5s"><text' in svg
    assert svg.index('class="last"') > svg.index(">2<")
    assert ".last{animation:hide 3s}" in svg
    assert svg.index("prefers-reduced-motion") < svg.index("animation:show")


def test_a_command_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    """The shell's exit code and sentence."""
    screens, code = record(["no-such-command"], Screen(80, 5))
    assert code == 127
    assert "not found" in "".join(screens[-1])
    assert "not found" in capfd.readouterr().out
