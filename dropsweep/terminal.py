"""A terminal: its size, text that fits it, and lines that are written over again and again."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_JOINED = "\N{NO-BREAK SPACE}"

_TOGETHER = re.compile(
    r"`[^`]+`|\d %| ± \S+|p [=<] \S+"
    r"|(?:^ *|: )(?:dropsweep|dask|pip) .*$"  # a command to paste
    r"|(?:^ *|(?<=^Error: ))[^ :]*/[^:]*(?::\d+)*:"  # a path, which may have blanks, and its place
)
"""Words that stay on one line."""


def size(stream: TextIO) -> tuple[int, int]:
    """Columns and rows of a terminal; 0 x 0 says that it knows neither.

    `shutil.get_terminal_size` asks the stdout that Python began with, which may be closed by now.
    """
    try:
        found = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):  # it is none
        found = os.terminal_size((0, 0))
    wanted = os.environ.get("COLUMNS", "")
    columns = int(wanted) if wanted.isdecimal() else found.columns
    return columns or 80, found.lines or 24


def together(text: str) -> str:
    """The text with non-breaking blanks in commands, ``p = 0.012``, ``95 %`` and ``± 0.010``."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", _JOINED), text)


def wrapped(text: str, width: int | None, indent: int = 0) -> list[str]:
    """Lines of at most that width, broken between words; longer words stay whole."""
    if width is None or len(text) <= width:
        return [text]
    if indent + 20 > width:
        indent = 2
    lines = textwrap.wrap(
        together(text),
        max(width, indent + 1),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_JOINED, " ") for line in lines]


class Frame:
    """Lines at the end of a terminal that are written over again and again."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._shown: list[str] = []

    def show(self, lines: Callable[[int, int], list[str]]) -> None:
        """Replace the lines by those for the terminal's width and height."""
        width, height = size(self._terminal)
        self._write("", [line[: width - 1].rstrip() for line in lines(width, height)], width)

    def print_above(self, text: str) -> None:
        """Print a text that stays, and the lines again below it."""
        self._write(f"{text}\n", self._shown, size(self._terminal)[0])

    def _write(self, above: str, lines: list[str], width: int) -> None:
        # a terminal that has become narrower has wrapped the lines
        rows = sum(max(-(-len(line) // width), 1) for line in self._shown)
        back = f"\x1b[{rows}A\r\x1b[J" if rows else ""
        self._shown = lines
        self._terminal.write(back)
        self._terminal.write(above + "".join(f"{line}\n" for line in lines))
        self._terminal.flush()
