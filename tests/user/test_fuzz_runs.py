"""Hundreds of damaged run files and what stands beside them: told, left out, and nothing worse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep.collection import collect
from dropsweep.errors import Exit
from dropsweep.results import ResultsFolder
from tests.user.conftest import SMALL
from tests.user.in_process import dropsweep, listing, own_signals
from tests.user.mutations import as_json, mutate_bytes, mutate_lines, mutate_tree, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

EACH = 60
SWEEP = Path("sweep")
NAMED = ("it is not a whole run file", "is missing or wrong", "belong", "differ", "epochs of its",
         "between 0 and 1", "not finite")  # fmt: skip


@pytest.fixture(scope="module")
def finished(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and its finished sweep of two runs."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small.yaml").write_text(SMALL)
    with own_signals():
        dropsweep(
            "run", folder / "small.yaml", "-o", folder / SWEEP, "--data-dir", data_dir, "--no-plots"
        )
    return folder


@pytest.fixture(autouse=True)
def run_file(
    finished: Path, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A run file of a copy of the sweep, in the current folder."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", str(data_dir))
    with own_signals():
        yield min((SWEEP / "runs").iterdir())


def read_everything() -> Iterator[Result]:
    """Every command that reads a results folder; none of them may change a byte of it."""
    before = listing(SWEEP)
    yield dropsweep("show", SWEEP)
    yield dropsweep("show", SWEEP, "--all", "--format", "json")
    yield dropsweep("run", "small.yaml", "--dry-run", "-o", SWEEP)
    yield dropsweep("merge", SWEEP, "-o", "merged")
    assert listing(SWEEP) == before
    shutil.rmtree("merged", ignore_errors=True)


@pytest.mark.parametrize("damage", ["bytes", "lines", "tree"])
def test_a_damaged_run_file_is_told_and_left_out(run_file: Path, damage: str) -> None:
    """It counts as its run or is left out by name, in every command; the other runs are shown."""
    rng, raw = seeded(damage), run_file.read_bytes()
    tree = json.loads(raw)
    damaged = {
        "bytes": lambda: mutate_bytes(raw, rng),
        "lines": lambda: mutate_lines(raw, rng),
        "tree": lambda: as_json(mutate_tree(tree, rng)),
    }
    left_out = 0
    for _ in range(EACH):
        run_file.write_bytes(damaged[damage]())
        shown, every, plan, merged = read_everything()
        if "newer dropsweep" in shown.stderr:
            assert {each.exit_code for each in (shown, every, plan, merged)} == {Exit.RESULTS}
            continue
        assert {each.exit_code for each in (shown, every, plan, merged)} == {Exit.DONE}
        lost = f"{run_file.stem} is left out: " in shown.stderr
        assert lost == (len(collect(ResultsFolder(SWEEP)).records) == 1)
        assert lost == (f"{run_file.stem} is left out: " in merged.stderr)
        assert lost == ("1 of 2 runs" in plan.stderr)
        assert not lost or any(words in shown.stderr for words in NAMED)
        left_out += lost
    assert left_out > EACH / 4


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("environment", "cpu"), float("inf")),
        (("spec", "training", "learning_rate"), float("nan")),
        (("spec", "dropout", "rate"), float("-inf")),
        (("spec", "training", "batch_size"), 0),
        (("spec", "training", "epochs"), 10**15),
        (("spec", "dataset", "train_size"), -(10**18)),
        (("schema",), True),
        (("seconds",), 10**400),
    ],
)
def test_a_number_that_cannot_be(run_file: Path, path: tuple[str, ...], value: Any) -> None:
    """It costs its run, and not the command, nor the memory that it speaks of."""
    tree = holder = json.loads(run_file.read_bytes())
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    run_file.write_bytes(as_json(tree))
    shown, *others = read_everything()
    assert f"{run_file.stem} is left out: " in shown.stderr
    assert {each.exit_code for each in (shown, *others)} == {Exit.DONE}


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"9" * 10_000, b"null", b"\xff" * 99])
def test_what_was_never_a_run_file(run_file: Path, content: bytes) -> None:
    """Empty, endlessly nested, binary: left out as not whole."""
    run_file.write_bytes(content)
    shown, *_ = read_everything()
    assert f"{run_file.stem} is left out: it is not a whole run file" in shown.stderr


def test_a_damaged_config_in_the_results() -> None:
    """It is told with its place and how to do without, or it is a plan; `--all` reads on."""
    config = SWEEP / "config.yaml"
    raw, rng = config.read_bytes(), seeded("config.yaml")
    refused = 0
    for each in range(2 * EACH):
        config.write_bytes((mutate_bytes, mutate_lines)[each % 2](raw, rng))
        shown = dropsweep("show", SWEEP)
        assert shown.exit_code in (Exit.DONE, Exit.RESULTS)
        if shown.exit_code == Exit.RESULTS:
            assert f"{config}:" in shown.stderr
            assert "--all" in shown.stderr
            refused += 1
        assert dropsweep("show", SWEEP, "--all").exit_code == Exit.DONE
    assert refused > EACH / 4


def test_a_folder_where_a_file_belongs(run_file: Path) -> None:
    """Whichever file of the results it is: told, and never a traceback."""
    run_file.unlink()
    run_file.mkdir()
    shown, *_ = read_everything()
    assert f"{run_file.stem} is left out: it is a folder" in shown.stderr
    (SWEEP / "config.yaml").unlink()
    (SWEEP / "config.yaml").mkdir()
    commands: tuple[tuple[str, tuple[str | Path, ...]], ...] = (
        ("irectory", ("show", SWEEP)),
        ("irectory", ("merge", SWEEP, "-o", "merged")),
        ("config.yaml: was not made by dropsweep", ("run", "small.yaml", "-o", SWEEP)),
    )
    for told, command in commands:
        result = dropsweep(*command)
        assert result.exit_code == Exit.RESULTS
        assert told in result.stderr


def test_damage_beside_the_runs_is_no_obstacle(run_file: Path) -> None:
    """Damaged failures and checkpoints are passed over: the run is trained, to the same bits."""
    numbers = json.loads(run_file.read_bytes())["history"]
    rng = seeded("beside")
    for content in (b"", b"PK\3\4", b"\x93NUMPY\1\0", rng.randbytes(500)):
        run_file.unlink()
        for folder, suffix in (("failed", "json"), ("checkpoints", "npz")):
            (SWEEP / folder).mkdir(exist_ok=True)
            (SWEEP / folder / f"{run_file.stem}.{suffix}").write_bytes(content)
        assert "failed" in dropsweep("run", "small.yaml", "--dry-run", "-o", SWEEP).stdout
        assert dropsweep("run", "small.yaml", "-o", SWEEP, "--no-plots").exit_code == Exit.DONE
        assert json.loads(run_file.read_bytes())["history"] == numbers
        assert [*(SWEEP / "failed").iterdir(), *(SWEEP / "checkpoints").iterdir()] == []
