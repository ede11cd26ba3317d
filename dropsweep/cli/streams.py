"""The standard streams where a shell has closed them, stdout fails, or a terminal is narrow."""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from dropsweep import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stdout(io.TextIOWrapper):
    """Stdout that remembers why it could not be written."""

    trouble: OSError | None = None

    def write(self, text: str, /) -> int:
        """Write, as any text file."""
        with self._remembering():
            return super().write(text)

    def flush(self) -> None:
        """Flush, as any text file."""
        with self._remembering():
            super().flush()

    def write_bytes(self, content: bytes) -> None:
        """Write what is no text."""
        with self._remembering():
            self.flush()
            self.buffer.write(content)
            self.buffer.flush()

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            self.trouble = cause
            raise


class Stderr(io.TextIOWrapper):
    """Stderr that is a terminal: long lines are broken between words."""

    def write(self, text: str, /) -> int:
        """Write as any text file, but leave control sequences as they are."""
        if "\x1b" not in text and "\r" not in text:
            text = "\n".join(map(self._fitted, text.split("\n")))
        return super().write(text)

    def _fitted(self, line: str) -> str:
        indent = len(line) - len(line.lstrip(" "))
        width, _ = terminal.size(self)
        return "\n".join(terminal.wrapped(line, width, indent + 2 if indent else 0))


def prepare() -> None:
    """Open closed streams (``2>&-``) onto nothing, watch over stdout, and wrap lines of stderr.

    Otherwise the next file to be opened would become stdin, stdout or stderr.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115 open as long as the process
    _replace("stdout", Stdout)
    if sys.stderr.isatty():
        _replace("stderr", Stderr)


def _replace(name: str, kind: type[io.TextIOWrapper]) -> None:
    old = getattr(sys, name)
    if isinstance(old, io.TextIOWrapper):
        settings = (old.encoding, _lenient(old), None, old.line_buffering, old.write_through)
        setattr(sys, name, kind(old.detach(), *settings))


def _lenient(stream: io.TextIOWrapper) -> str | None:
    """The replacement of a character that the stream's encoding lacks: never an error.

    The bytes of a file name that is no UTF-8 go through as they are; a sign is replaced by ``?``.
    """
    if stream.errors != "strict":
        return stream.errors
    return "surrogateescape" if codecs.lookup(stream.encoding).name == "utf-8" else "replace"


def write_bytes(content: bytes) -> None:
    """Write to stdout what is no text."""
    if isinstance(sys.stdout, Stdout):
        sys.stdout.write_bytes(content)
    else:  # one that a test puts there
        click.echo(content, nl=False)


def stdout_trouble() -> OSError | None:
    """Why stdout could not be written; None if it could."""
    return getattr(sys.stdout, "trouble", None)


def leave_stdout() -> None:
    """Let stdout lead nowhere: Python would complain again when it flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
