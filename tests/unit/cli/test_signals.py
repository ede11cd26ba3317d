"""Ctrl-C and SIGTERM inside of the program."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dropsweep.cli import signals
from dropsweep.progress.displays import Lines, Quiet
from dropsweep.records import Point
from tests.factories import make_spec
from tests.user.in_process import own_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

POINT = Point(1, 1.0, 0.5, 0.25)


@pytest.fixture(autouse=True)
def taken_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program has the signals, and a second one only raises `SystemExit`."""

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", leave)
    with own_signals():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signals.stop_with_care()
        yield
        signals.stop_with_care()  # forget the signal


def send(number: signal.Signals) -> None:
    """A signal to this process, which is handled before this returns."""
    signal.raise_signal(number)


def test_the_first_signal_interrupts() -> None:
    """SIGTERM is told from Ctrl-C."""
    with pytest.raises(KeyboardInterrupt) as caught:
        send(signal.SIGINT)
    assert not isinstance(caught.value, signals.Terminated)
    signals.stop_with_care()
    with pytest.raises(signals.Terminated):
        send(signal.SIGTERM)


def test_a_stop_to_a_process_and_its_group_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`timeout` sends both at once; what comes later, or is another signal, ends at once."""
    now = iter([10.0, 10.2, 10.2, 10.3])
    monkeypatch.setattr("dropsweep.cli.signals.time.monotonic", lambda: next(now))
    with pytest.raises(signals.Terminated):
        send(signal.SIGTERM)
    send(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught:
        send(signal.SIGINT)
    assert caught.value.code == 130
    with pytest.raises(SystemExit) as caught:
        send(signal.SIGTERM)
    assert caught.value.code == 143


def test_an_interrupt_that_a_library_changed_is_one() -> None:
    """C code that imports a module makes an ImportError of it."""
    with pytest.raises(signals.Terminated), signals.never_swallowed():  # noqa: PT012 one event
        try:
            send(signal.SIGTERM)
        except KeyboardInterrupt:
            raise ImportError("numpy.core.multiarray failed to import") from None


def test_an_interrupt_that_a_library_swallowed_is_one() -> None:
    """It is raised again with the next point of a run, and at the end of the command."""
    with (
        pytest.raises(KeyboardInterrupt),
        signals.never_swallowed(),
        contextlib.suppress(KeyboardInterrupt),
    ):
        send(signal.SIGINT)
    for progress in (Quiet(signals.check), Lines(signals.check)):
        with pytest.raises(KeyboardInterrupt):
            progress.point(make_spec(), POINT)


def test_without_a_signal_an_error_stays_what_it_is() -> None:
    """Nothing is called an interrupt that is none."""
    with pytest.raises(ImportError), signals.never_swallowed():
        raise ImportError
    Quiet(signals.check).point(make_spec(), POINT)


def test_while_the_program_starts_a_signal_ends_it(capfd: pytest.CaptureFixture[str]) -> None:
    """With the exit code of an interrupt and one line."""
    signals.stop_at_once()
    with pytest.raises(SystemExit) as caught:
        send(signal.SIGINT)
    assert caught.value.code == 130
    assert capfd.readouterr().err == "Error: interrupted.\n"


CUT_SHORT = """
import atexit, os, signal
atexit.register(os.abort)
from dropsweep.cli import program, signals

def stop(**_):
    signals.stop_with_care()
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        print("kept")
        raise SystemExit(143)

program.program = stop
program.main()
"""


def test_after_a_stop_python_does_not_tidy_up() -> None:
    """An import that was cut short can make Python abort on its way out; all output is written."""
    ended = subprocess.run([sys.executable, "-c", CUT_SHORT], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (143, b"kept\n")
