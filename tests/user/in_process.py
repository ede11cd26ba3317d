"""The program without a process of its own: what a thousand damaged inputs can afford."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from click.testing import CliRunner

from dropsweep.cli.program import program
from dropsweep.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def dropsweep(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run a command, and hold it to what is promised of any input.

    It ends in an exit code of the table other than that of an internal error, and shows no
    traceback.
    """
    result = CliRunner().invoke(
        program, [*map(str, arguments)], input=stdin,
        prog_name="dropsweep", auto_envvar_prefix="DROPSWEEP",
    )  # fmt: skip
    assert result.exit_code in set(Exit), (result.output, stdin)
    assert result.exit_code != Exit.INTERNAL, (result.output, stdin)
    assert "Traceback" not in result.output, (result.output, stdin)
    return result


@contextmanager
def own_signals() -> Iterator[None]:
    """Give the test runner its signals back, which a command has taken over."""
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def listing(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its bytes, every folder with None."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
