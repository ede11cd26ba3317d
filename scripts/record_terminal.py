#!/usr/bin/env python
"""A terminal recording as SVG: the text of a command that runs in a terminal of its own.

    python scripts/record_terminal.py -o run.svg --frames 6 -- dropsweep run configs/quickstart.yaml

Screens follow each other by CSS, and the last one stays; where motion is not wanted it is the only
one. It is light or dark as the reader prefers. The exit code is the command's.
"""

from __future__ import annotations

import argparse
import codecs
import os
import pty
import re
import shlex
import sys
import time
from html import escape
from pathlib import Path

LOOK, SHOW = 0.25, 1.5  # seconds between two looks at the screen, and for which one is shown
CELL, LINE, EDGE = 8.4, 19.0, 14.0  # a character's width, a line's height, the edge, in SVG units
STYLE = """
svg{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:#1f2328}}
rect{{fill:#f6f8fa;stroke:#d1d9e0}}text{{fill:currentColor;white-space:pre}}
@media(prefers-color-scheme:dark){{svg{{color:#e6edf3}}rect{{fill:#0d1117;stroke:#3d444d}}}}
.earlier{{visibility:hidden}}@keyframes show{{from,to{{visibility:visible}}}}
@keyframes hide{{from,to{{visibility:hidden}}}}@media(prefers-reduced-motion:no-preference){{
.earlier{{animation:show {each:g}s}}.last{{animation:hide {all:g}s}}}}
"""
PIECE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b.|[\x00-\x1a]|[^\x00-\x1f]+")
UNFINISHED = re.compile(r"\x1b(\[[?\d;]*|\][^\x07]*)?$")  # its end has not been read yet


class Screen:
    """The text of a terminal without colours: lines that grow downward, and a cursor."""

    def __init__(self, columns: int, lines: int) -> None:
        self.columns, self.lines = columns, lines
        self._rows: list[str] = [""]
        self._row = self._column = 0

    def write(self, text: str) -> None:
        """Take what a program printed: text, line ends, cursor movements, erasures."""
        for found in PIECE.finditer(text):
            piece, (numbers, command) = found.group(), found.groups()
            if command:
                self._obey(command, int(numbers) if numbers.isdigit() else 0)
            elif piece in "\r\b\t":
                after = {"\r": 0, "\b": self._column - 1, "\t": (self._column // 8 + 1) * 8}
                self._column = max(after[piece], 0)
            elif piece == "\n":
                self._down()
            elif piece >= " ":
                self._print(piece)

    def visible(self) -> list[str]:
        """The lines on the screen, from the first to the last that is not empty."""
        return "\n".join(row.rstrip() for row in self._rows[-self.lines :]).rstrip().split("\n")

    def _print(self, text: str) -> None:
        for character in text:
            if self._column == self.columns:
                self.write("\r\n")
            row = self._rows[self._row].ljust(self._column)
            self._rows[self._row] = row[: self._column] + character + row[self._column + 1 :]
            self._column += 1

    def _down(self) -> None:
        self._row += 1
        if self._row == len(self._rows):
            self._rows.append("")

    def _obey(self, command: str, number: int) -> None:
        row = self._rows[self._row]
        if command in "AB":
            there = self._row + (number or 1) * (1 if command == "B" else -1)
            self._row = min(max(there, 0), len(self._rows) - 1)
        elif command == "K":
            self._rows[self._row] = "" if number else row[: self._column]
        elif command == "J":
            self._rows[self._row :] = [row[: self._column]]


def record(command: list[str], screen: Screen) -> tuple[list[list[str]], int]:
    """Run it on the screen, and on this terminal: the texts that stood there; its exit code."""
    seen: list[list[str]] = []
    decoder, rest, due = codecs.getincrementaldecoder("utf-8")("replace"), "", 0.0

    def look(terminal: int) -> bytes:
        nonlocal rest, due
        output = os.read(terminal, 65536)
        text = rest + decoder.decode(output)
        whole = UNFINISHED.sub("", text)
        rest = text[len(whole) :]
        screen.write(whole)
        if time.monotonic() >= due and screen.visible() not in ([""], *seen[-1:]):
            due = time.monotonic() + LOOK
            seen.append(screen.visible())
        return output

    size = f'stty cols {screen.columns} rows {screen.lines} && exec "$@"'
    status = pty.spawn(["/bin/sh", "-c", size, "sh", *command], look)
    last = [screen.visible()]
    return seen + last[seen[-1:] == last :], os.waitstatus_to_exitcode(status)


def draw(prompt: str, screens: list[list[str]], columns: int) -> str:
    """The SVG of the screens, one after another; the length of a line holds with any font."""
    width, height = columns * CELL + 2 * EDGE, (1 + max(map(len, screens))) * LINE + 2 * EDGE
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"\
 width="{width:g}" role="img" aria-label="{escape(prompt)}">
<style>{STYLE.format(each=SHOW, all=SHOW * (len(screens) - 1))}</style>
<rect x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="6"/>
"""
    for place, screen in enumerate(screens):
        earlier = f'class="earlier" style="animation-delay:{place * SHOW:g}s"'
        mark = 'class="last"' if place == len(screens) - 1 else earlier
        svg += f"<g {mark}>"
        for at, line in enumerate([prompt, *screen]):
            y, length = EDGE + (at + 0.75) * LINE, len(line) * CELL
            size = f'textLength="{length:g}" lengthAdjust="spacingAndGlyphs"'
            svg += f'<text x="{EDGE:g}" y="{y:g}" {size}>{escape(line)}</text>' if line else ""
        svg += "</g>\n"
    return f"{svg}</svg>\n"


def main() -> int:
    """Record one command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="the SVG to write")
    parser.add_argument("--size", default="100x30", help="columns and lines (default: 100x30)")
    parser.add_argument("--frames", type=int, default=1, help="screens at most (default: the last)")
    parser.add_argument("command", nargs="+", help="after --")
    options = parser.parse_args()
    columns, lines = map(int, options.size.split("x"))
    screens, code = record(options.command, Screen(columns, lines))
    count = min(options.frames, len(screens))
    chosen = [screens[-1 - at * (len(screens) - 1) // max(count - 1, 1)] for at in range(count)][
        ::-1
    ]
    svg = draw(f"$ {shlex.join(options.command)}", chosen, columns)
    options.output.write_text(svg, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
