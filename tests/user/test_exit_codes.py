"""The table of exit codes: what causes each, and what a user is told (141: ``test_streams.py``)."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dropsweep import errors
from dropsweep.cli import signals
from dropsweep.cli.program import program
from dropsweep.errors import Exit
from tests.user.commands import COMMANDS
from tests.user.in_process import own_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

TINY = """\
dataset: {name: synthetic, train_size: 20, val_size: 20, test_size: 0}
model: {hidden_sizes: [4]}
dropout: {rates: [0]}
training: {epochs: 1, batch_size: 20}
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's own folder is the current one."""
    monkeypatch.chdir(tmp_path)
    with own_signals():
        yield


def dropsweep(*words: str, data_dir: Path | None = None) -> Result:
    """One command in this process, with a small config on stdin."""
    return CliRunner().invoke(
        program, words, input=TINY, prog_name="dropsweep", auto_envvar_prefix="DROPSWEEP",
        env={"DROPSWEEP_DATA_DIR": str(data_dir) if data_dir else "."},
    )  # fmt: skip


CAUSES: list[tuple[Exit, str, str]] = [
    (Exit.DONE, "init", ""),
    (Exit.USAGE, "", "Usage: dropsweep"),
    (Exit.USAGE, "sho", "Did you mean 'show'?"),
    (Exit.USAGE, "data inof", "Did you mean 'info'?"),
    (Exit.USAGE, "run - --outptu out", "Did you mean '--output'?"),
    (Exit.USAGE, "show", "Missing argument 'RESULTS'"),
    (Exit.USAGE, "show . --format xml", "'table', 'csv', 'json', 'markdown'"),
    (Exit.USAGE, "run missing.yaml", "Give the path of a YAML file, or - to read it from stdin."),
    (Exit.USAGE, "run - -s training.epoch=3", "unknown key; did you mean epochs?"),
    (Exit.USAGE, "run - -s trainin.epochs=3", "unknown key; did you mean training?"),
    (Exit.USAGE, "run - -s epochs=3", "did you mean epochs in the section training?"),
    (Exit.USAGE, "run - --shard 4/4", "is not I/N with 0 <= I < N"),
    (Exit.USAGE, "run - -j none", "is neither a number from 1 nor auto"),
    (Exit.USAGE, "init .", "Name a file that does not exist yet."),
    (Exit.DATA, "data fetch --offline", "or leave out --offline."),
    (Exit.DATA, "data fetch --path missing.tar.gz", "Correct the path (it is relative"),
    (Exit.DATA, "data verify", "Get them: dropsweep data fetch"),
    (Exit.RESULTS, "show .", "Make some with: dropsweep run CONFIG"),
    (Exit.RESULTS, "plot .", "Make some with: dropsweep run CONFIG"),
    (Exit.RESULTS, "merge . -o out", "Make some with: dropsweep run CONFIG"),
    (Exit.RESULTS, "run - -o /dev/null/out", "Make it writable, or work in another folder"),
]


@pytest.mark.parametrize(("code", "command", "sentence"), CAUSES)
def test_a_cause_has_its_code_and_sentence(
    data_dir: Path, code: Exit, command: str, sentence: str
) -> None:
    """The sentence says the trouble and what to do next, once, only on stderr."""
    here = command.startswith("run - -o")
    result = dropsweep(*command.split(), data_dir=data_dir if here else None)
    assert result.exit_code == code, result.output
    assert sentence in result.stderr
    assert result.stderr.count("Error: ") == (code != Exit.DONE and bool(command))
    assert "Traceback" not in result.output
    assert bool(result.stdout) == (code == Exit.DONE)


@pytest.mark.parametrize(
    ("cause", "code", "sentence"),
    [
        (ZeroDivisionError("by 0"), Exit.INTERNAL, "Please report it"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "Finished runs are kept in out. To go on:"),
        (signals.Terminated(), Exit.TERMINATED, "Finished runs are kept in out. To go on:"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_comes_from_outside(
    monkeypatch: pytest.MonkeyPatch, cause: BaseException, code: Exit, sentence: str
) -> None:
    """A mistake of ours, Ctrl-C and SIGTERM, while a sweep runs."""

    def stopped(*_: object, **__: object) -> None:
        raise cause

    monkeypatch.setattr("dropsweep.sweep.run", stopped)
    result = dropsweep("run", "-", "-o", "out")
    assert result.exit_code == code
    assert sentence in result.stderr
    assert result.stdout == ""


def test_a_run_that_fails(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    """The folder where the failure is described, and how to try again."""

    def failing(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("dropsweep.training.work.train", failing)
    result = dropsweep("run", "-", "-o", "out", "--no-plots", data_dir=data_dir)
    assert result.exit_code == Exit.RUNS_FAILED, result.output
    assert "1 run failed; see out/failed/" in result.stderr
    assert "The same command tries them again." in result.stderr


def test_the_readme_lists_the_codes() -> None:
    """Each code of the program stands in the table, and no other."""
    table = README.partition("| exit code |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    assert {int(code) for codes in listed for code in codes.split(", ")} == set(Exit)


def example(annotation: str) -> Any:
    """Something of a parameter's type, as far as sentences are concerned."""
    values: dict[str, Any] = {
        "Path": Path("x"),
        "OSError": OSError(5, "no luck"),
        "Exception": ValueError("no luck"),
        "ConfigError": errors.ConfigError("no luck"),
        "int": 3,
        "Sequence[Path]": [Path("x")],
        "Sequence[Mistake]": [errors.Place(1, 2, "x").mistake("unknown key; did you mean y?")],
        "Sequence[ResultsError]": [errors.results_absent(Path("x")) for _ in "xy"],
        "Mapping[Path, str]": {Path("x"): "delete it"},
    }
    return values.get(annotation, ["x"] if annotation.startswith("Sequence") else "x")


EVENTS = [
    function
    for _, function in inspect.getmembers(errors, inspect.isfunction)
    if str(function.__annotations__.get("return")).endswith("Error")
]
REMEDY_INSIDE = {"config_mistakes", "sweeps_unusable"}
"""Sentences that say what to do where they say what is wrong, once for each thing."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_message_says_what_to_do(event: Any) -> None:
    """Whatever a user can cause, the sentence about it goes on to the next step."""
    parameters = inspect.signature(event).parameters.values()
    error = event(*(example(parameter.annotation) for parameter in parameters))
    assert bool(error.remedy) != (event.__name__ in REMEDY_INSIDE)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_option_is_a_usage_error_everywhere(name: str) -> None:
    """Exit 2 and where to find help, by every command."""
    result = dropsweep(*name.split(), "--no-such-option")
    assert result.exit_code == Exit.USAGE
    assert f"Try 'dropsweep {name} --help' for help." in result.stderr
