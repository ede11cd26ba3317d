"""The executor that is this process."""

from __future__ import annotations

import pytest

from dropsweep.executors import InProcess


def test_a_future_is_done_when_it_is_returned() -> None:
    """The call has happened, in this process."""
    seen: list[int] = []
    future = InProcess().submit(seen.append, 3)
    assert future.done()
    assert seen == [3]


def test_a_failure_is_kept_in_the_future() -> None:
    """The submitter goes on; whoever asks for the result is told."""
    future = InProcess().submit(int, "no number")
    assert isinstance(future.exception(), ValueError)


def test_an_interrupt_is_passed_on() -> None:
    """Ctrl-C is for the sweep, not for the run it happens to hit."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        InProcess().submit(interrupted)
