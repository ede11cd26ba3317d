"""``dropsweep completion``: what a TAB brings, asked of the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.user import in_process
from tests.user.commands import with_dropsweep

if TYPE_CHECKING:
    from pathlib import Path

# Each shell loads the script and presses TAB; where it would show something, it prints it.
BEGIN = {
    "bash": """
        compopt() { echo "files"; }
        complete() { :; }
        tab() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _dropsweep_completion dropsweep
            echo "${COMPREPLY[@]}"
        }
        eval "$(dropsweep completion bash)"
    """,
    "zsh": """
        compdef() { : }
        _describe() { echo ${${(P)argv[3]}%%:*} }
        compadd() { echo ${(P)argv[-1]} }
        _path_files() { echo files }
        tab() { words=("$@") CURRENT=$#; _dropsweep_completion }
        eval "$(dropsweep completion zsh)"
    """,
    "fish": """
        function __fish_complete_path; echo files; end
        function __fish_complete_directories; echo files; end
        function tab
            echo (complete --do-complete (string join -- ' ' $argv) | string replace -r '\\t.*' '')
        end
        dropsweep completion fish | source
    """,
}
QUESTIONS = {
    "sh": "show",
    "data ''": "fetch info verify",
    "run --no": "--no-plots",
    "show --format ''": "csv json latex markdown table",
    "completion ''": "bash fish zsh",
    "run ''": "files",
    "merge ''": "files",
}


@pytest.mark.parametrize("shell", BEGIN)
def test_what_a_tab_brings(tmp_path: Path, shell: str) -> None:
    """Commands and those below them, options, choices, and files for a config or results."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = [BEGIN[shell], *(f"tab dropsweep {words}" for words in QUESTIONS)]
    result = subprocess.run(
        [str(shutil.which(shell)), "-c", "\n".join(script)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{with_dropsweep(tmp_path)}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert result.stderr == ""
    proposed = [" ".join(sorted(line.split())) for line in result.stdout.splitlines() if line]
    assert dict(zip(QUESTIONS, proposed, strict=True)) == QUESTIONS


def test_an_unknown_shell_is_a_usage_error() -> None:
    """Exit 2, and the shells there are."""
    with in_process.own_signals():
        result = in_process.dropsweep("completion", "tcsh")
    assert result.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in result.stderr
