"""The commands of the READMEs, run as they stand there, and what it says of them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import USUAL_FIGURES
from tests.user.commands import COMMANDS

ROOT = Path(__file__).parents[2]
FOLDER = (ROOT / "dropsweep/results/README.md").read_text(encoding="utf-8")
SCRIPTS = (ROOT / "scripts/README.md").read_text(encoding="utf-8")
ALL = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "scripts/README.md",
        *sorted((ROOT / "dropsweep").rglob("README.md")),
    ]
)
"""Also those of the folders below."""
BLOCKS = re.findall(r"^```sh\n(.*?)^```", ALL, re.MULTILINE | re.DOTALL)

SMALL = (
    "dataset.name=synthetic", "dataset.train_size=40", "dataset.val_size=50",
    "dataset.test_size=20", "model.hidden_sizes=[8]", "training.epochs=1",
    "evaluation.curve_images=null", "decision.max_seeds=1",
)  # fmt: skip

DROPSWEEP = f"""\
#!/bin/sh
case "$*" in
*--help*) ;;
*--dask*) set -- "$@" --dry-run ;;
"run "*) set -- "$@" {" ".join(f"-s {setting}" for setting in SMALL)} ;;
esac
exec {shlex.quote(sys.executable)} -m dropsweep "$@"
"""
"""The program, which takes small nets on synthetic images for those the README trains."""

ELSEWHERE = {"pip": "", "dask": "", "srun": 'exec "$@"', "quickstart.sh": "", "test.sh": ""}
"""Commands that need a network, a cluster or minutes; other tests cover them."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """A folder like a fresh clone in which quickstart.sh has run, with a sweep of one's own."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "configs").symlink_to(ROOT / "configs")
    (folder / "sweep.yaml").write_text("dropout: {rates: [0, 0.5]}\n")
    for path in (folder / "bin", folder / "scripts", folder / ".venv/bin"):
        path.mkdir(parents=True)
    (folder / ".venv/bin/activate").touch()
    for name, body in {"dropsweep": DROPSWEEP, **ELSEWHERE}.items():
        command = folder / ("scripts" if name.endswith(".sh") else "bin") / name
        command.write_text(body if body.startswith("#!") else f"#!/bin/sh\n{body}\n")
        command.chmod(0o755)
    run_block(folder, data_dir, "dropsweep run configs/quickstart.yaml").check_returncode()
    return folder


def run_block(clone: Path, data_dir: Path, block: str) -> subprocess.CompletedProcess[str]:
    """Let Bash run some lines in the clone."""
    return subprocess.run(
        ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", block],
        capture_output=True, text=True, check=False, cwd=clone,
        env={
            **os.environ, "PATH": f"{clone / 'bin'}:{os.environ['PATH']}",
            "DROPSWEEP_DATA_DIR": str(data_dir), "SLURM_ARRAY_TASK_ID": "1",
        },
    )  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n", 1)[0][:30])
def test_a_block_of_commands(clone: Path, data_dir: Path, block: str) -> None:
    """Bash runs it from its first line to its last."""
    result = run_block(clone, data_dir, block)
    assert result.returncode == 0, result.stderr
    if "configs/cs231n.yaml" in block:
        results = clone / "results/cs231n"
        assert len(list((results / "runs").iterdir())) == 7, "trains 7 nets, it says"
        assert all((results / f"plots/{name}.png").exists() for name in USUAL_FIGURES)
        assert listed(FOLDER.partition("results/cs231n/\n")[2].partition("```")[0], results)


def listed(tree: str, folder: Path) -> bool:
    """Every plain file that its README lists in a results folder is there."""
    names = re.findall(r"^  ((?:[\w/]+\.\w+,? +)+)", tree, re.MULTILINE)
    files = [
        name for line in names for name in re.split(r"[, ]+", line) if name and "0.50" not in name
    ]
    assert {"config.yaml", "summary.csv", "history.csv", "report.html"} <= set(files)
    return all((folder / name).exists() for name in files)


def test_there_is_something_to_run() -> None:
    """The blocks are found, and all of the program's main commands are in them."""
    for name in ("run", "show", "plot", "init", "schema"):
        assert any(f"dropsweep {name} " in block for block in BLOCKS), name


INLINE = sorted(set(re.findall(r"`dropsweep ([^`]+)`", ALL)))


@pytest.mark.parametrize("words", INLINE)
def test_a_command_in_the_text(words: str) -> None:
    """The command exists, and so does each option it is given there."""
    named = [name for name in COMMANDS if words == name or words.startswith(f"{name} ")]
    assert named or words.startswith(("COMMAND", "--")), words
    known = {option for name in named for each in COMMANDS[name].params for option in each.opts}
    for option in re.findall(r"(?<= )--?[a-z][a-z-]*", words):
        assert option in known | {"--help", "-1"}, option


def test_every_option_of_run_is_listed() -> None:
    """The table of options has each of them, and no other."""
    table = SCRIPTS.partition("| option of `run` |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    found = {option for row in rows for option in re.findall(r"--?[a-z][a-z-]*", row)}
    params = COMMANDS["run"].params
    assert found == {option for each in params for option in each.opts if option.startswith("-")}
