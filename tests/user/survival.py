"""Commands to be killed: started as a shell does, watched from outside, their results compared."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.factories import make_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.executors import Report
    from dropsweep.records import RunRecord, RunSpec

ROOT = Path(__file__).parents[2]

RATES = [0, 1e-9, 0.1, 0.3, 0.5, 0.9]
SEEDS = 8
SWEEP = f"""\
dataset: {{name: synthetic, train_size: 200, val_size: 100, test_size: 50}}
model: {{hidden_sizes: [32]}}
dropout: {{rates: {RATES}}}
training: {{epochs: 5, batch_size: 50}}
seeds: {SEEDS}
"""
FEW = ["-s", "seeds=1", "--no-plots"]

ENDLESS = """\
dataset: {name: synthetic, train_size: 2000, val_size: 100, test_size: 0}
model: {hidden_sizes: [300]}
dropout: {rates: [0, 0.5, 0.9]}
grid: {training.epochs: [1, 100000]}
"""

_MARKER = "DROPSWEEP_TEST_MARKER"

_START = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from dropsweep.cli import main
if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True)
class Shell:
    """Starts commands whose processes can be found again, however they were left."""

    data_dir: Path
    marker: str
    """In the environment of every process that is started here, and of no other."""

    @property
    def _environment(self) -> dict[str, str]:
        usual = {name: value for name, value in os.environ.items() if "DROPSWEEP" not in name}
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        ours = {_MARKER: self.marker, "DROPSWEEP_DATA_DIR": str(self.data_dir), "PYTHONPATH": path}
        return usual | ours | {"OPENBLAS_NUM_THREADS": "1"}

    def start(
        self, *arguments: str | Path, limit: Callable[[], None] | None = None, code: str = _START
    ) -> subprocess.Popen[str]:
        """Start the program, the leader of a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=limit,  # noqa: PLW1509 no threads run here
        )  # fmt: skip

    def run(
        self, *arguments: str | Path, limit: Callable[[], None] | None = None, code: str = _START
    ) -> subprocess.CompletedProcess[str]:
        """Run the program to its end."""
        process = self.start(*arguments, limit=limit, code=code)
        stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def processes(self) -> list[int]:
        """Every process started here that still lives, by Linux's list of processes."""
        mark = f"{_MARKER}={self.marker}".encode()
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")  # no other system has it
            if mark in _read(folder / "environ").split(b"\0")
        ]

    def workers(self) -> list[int]:
        """Those that train for another process."""
        return [
            pid
            for pid in self.processes()
            if b"executors.processes" in _read(Path(f"/proc/{pid}/cmdline"))
        ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended meanwhile, or is another user's
        return b""


def kill_group(process: subprocess.Popen[str]) -> str:
    """SIGKILL to the program and all of its workers; returns what it had written to stderr."""
    with contextlib.suppress(ProcessLookupError):  # it has ended
        os.killpg(process.pid, signal.SIGKILL)
    return process.communicate()[1]


def run_files(folder: Path) -> list[Path]:
    """The published runs."""
    return sorted((folder / "runs").glob("*.json"))


def numbers(folder: Path) -> dict[str, str]:
    """Each run file's text by its name, without what may differ between two trainings."""
    return {path.name: run_numbers(path) for path in run_files(folder)}


def run_numbers(path: Path) -> str:
    """A run file as text, without what may differ between two trainings."""
    content: dict[str, Any] = json.loads(path.read_text())
    del content["seconds"], content["environment"]
    return json.dumps(content)


def age_temporaries(folder: Path) -> None:
    """Make temporary files that kills have left older than a day: the next command removes them.

    Until then they may belong to a process that still writes.
    """
    for path in folder.rglob(".*.tmp"):
        os.utime(path, (1, 1))


def strays(folder: Path) -> list[Path]:
    """Files that a finished sweep does not need: temporary or damaged ones, states, failures."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and (
            path.name.endswith(".tmp")
            or ".damaged" in path.name
            or path.parent.name in ("checkpoints", "failed")
        )
    ]


DEADLY_RATE = 0.3


def deadly(spec: RunSpec, _: Report, *, log: Path) -> RunRecord:
    """Work that kills its process at one rate, as a driver's crash does."""
    if spec.rate == DEADLY_RATE:
        with log.open("a") as file:
            file.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    return make_record(spec)


def train_with_checkpoints(data: str, folder: str) -> None:
    """One run that keeps its state after every epoch; writes its record and where it began."""
    from dropsweep.training import train
    from tests.factories import make_spec

    begun: list[int] = []
    spec = make_spec(epochs=60, train_size=200, hidden_sizes=(40,), identity="synthetic-1")
    trained = train(
        spec,
        lambda _, point: begun.append(point.epoch),
        data=Path(data),
        checkpoint=Path(folder) / "state.npz",
        checkpoint_seconds=0,
    )
    Path(folder, "begun").write_text(str(begun[0] if begun else None))
    Path(folder, "record.json").write_bytes(trained.record.to_json())
