"""Properties of all commands: examples, variables, formats, and only data on stdout."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pytest

from dropsweep.cli.program import program
from tests.factories import make_folder, make_sweep
from tests.user import in_process
from tests.user.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = (Path(__file__).parents[2] / "scripts/README.md").read_text(encoding="utf-8")
README = SCRIPTS.partition("## Benchmark")[0]
"""Its part on shell use."""
FORMATS = ["table", "csv", "json", "markdown", "latex"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's own folder, with a finished sweep in ``out``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", str(data_dir))
    make_folder("out", make_sweep(seeds=2))
    with in_process.own_signals():
        yield


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_has_an_example(name: str, option: str) -> None:
    """Every command explains itself on stdout, with a line of its own to copy."""
    result = in_process.dropsweep(*name.split(), option)
    assert (result.exit_code, result.stderr) == (0, "")
    examples = result.stdout.partition("Examples:\n")[2].partition("\n\n")[0]
    assert f"    dropsweep {name}" in examples


OPTIONS = [
    (name, option)
    for name, command in {"": program, **COMMANDS}.items()
    for option in command.params
    if isinstance(option, click.Option) and not option.is_eager
]


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=str)
def test_every_option_has_a_variable(name: str, option: click.Option) -> None:
    """DROPSWEEP_<COMMAND>_<PARAMETER> stands at the end of --help and is obeyed; not for --set."""
    variable = "_".join(["DROPSWEEP", *name.upper().split(), str(option.name).upper()])
    text = in_process.dropsweep(*name.split(), "--help").stdout
    shown = re.findall(r"\w+", text.partition("Environment variables")[2])
    assert "DROPSWEEP_" not in text.partition("Environment variables")[0].replace(
        "DROPSWEEP_DATA_DIR", ""
    )
    context = click.Context(program, info_name="dropsweep", auto_envvar_prefix="DROPSWEEP")
    for word in name.split():
        assert isinstance(context.command, click.Group)
        context = click.Context(context.command.commands[word], parent=context, info_name=word)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, "1")
        obeyed = option.value_from_envvar(context) is not None
    assert obeyed == (variable in shown) == ("--set" not in option.opts)


def test_commands_are_listed_in_the_order_of_use() -> None:
    """A first-time user reads from the top."""
    listed = in_process.dropsweep("--help").stdout.partition("Commands:\n")[2]
    assert re.findall(r"^  (\w+)", listed, re.MULTILINE)[:5] == [
        "init", "run", "show", "plot", "report",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_eighty_columns(name: str) -> None:
    """But for examples, which are copied as one line, and lists of choices."""
    lines = in_process.dropsweep(*name.split(), "--help").stdout.splitlines()
    long = [each for each in lines if len(each) > 80]
    assert all(each.strip().startswith(("dropsweep ", "--figure [")) for each in long)


READING = ["show out", "show out --runs", "data info", "data verify", "verify"]


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_has_the_formats(command: str) -> None:
    """All of them, by the same option."""
    (option,) = (
        each for each in COMMANDS[command.partition(" out")[0]].params if "--format" in each.opts
    )
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == FORMATS


@pytest.mark.parametrize("command", [*READING, "data info --path my.npz"])
def test_json_has_the_documented_keys(command: str) -> None:
    """JSON alone on stdout, with the keys the README lists, in their order."""
    np.savez("my.npz", x=np.arange(40.0).reshape(20, 2), y=np.arange(20) % 3)
    if command == "data verify":
        prepare_synthetic()
    result = in_process.dropsweep(*command.split(), "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    (row,) = re.findall(
        rf"^\| `{command.replace(' out', '')}` \|.*\| (.*) \|$", README, re.MULTILINE
    )
    assert list(found if isinstance(found, dict) else found[0]) == re.findall(r"`(\w+)`", row)


def prepare_synthetic() -> None:
    """The data folder has something to verify."""
    config = b"{dataset: {name: synthetic, train_size: 20, val_size: 20}, dropout: {rates: [0]}, "
    config += b"model: {hidden_sizes: [2]}, training: {epochs: 1}}"
    assert in_process.dropsweep("run", "-", "--no-plots", stdin=config).exit_code == 0


@pytest.mark.parametrize("command", ["show out", "show out --runs", "data info"])
@pytest.mark.parametrize("table_format", ["csv", "json"])
def test_what_is_said_beside_the_data_goes_to_stderr(command: str, table_format: str) -> None:
    """A line about other runs or the data is no row of a table for programs."""
    result = in_process.dropsweep(*command.split(), "--format", table_format)
    if table_format == "json":
        json.loads(result.stdout)
    else:
        commas = {re.sub(r'"[^"]*"', "", line).count(",") for line in result.stdout.splitlines()}
        assert len(commas) == 1
    assert ("Data: " in result.stderr) == command.startswith("show")
