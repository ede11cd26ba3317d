"""``dropsweep run``, where a test must stand inside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from click.testing import CliRunner

from dropsweep import plots
from dropsweep.cli.program import program
from tests.user.conftest import SMALL

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_interrupt_while_drawing_tells_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hint as while training, and a config from stdin is asked for again."""

    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(plots, "planned", interrupted)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["dropsweep", "run", "-"])
    result = CliRunner().invoke(program, ["run", "-", "--data-dir", "d"], input=SMALL)
    assert result.exit_code == 130
    assert "Finished runs are kept in results/stdin" in result.stderr
    assert "dropsweep run - < CONFIG" in result.stderr
