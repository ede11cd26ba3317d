"""dropsweep from Python."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import dropsweep
from dropsweep import executors
from dropsweep.errors import ConfigError, ResultsError, RunsFailedError
from dropsweep.executors import InProcess
from dropsweep.records import flatten
from tests.user import in_process

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG: dict[str, Any] = {
    "name": "tiny",
    "dataset": {"name": "synthetic", "train_size": 100, "val_size": 50, "test_size": 20},
    "model": {"hidden_sizes": [8]},
    "dropout": {"rates": [0, 0.5]},
    "training": {"epochs": 2, "batch_size": 20},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tests of this file work, with a finished sweep in ``out``."""
    folder = tmp_path_factory.mktemp("api")
    dropsweep.run(
        CONFIG, {"grid": {"training.l2": [0, 0.1]}, "seeds": 2},
        output=folder / "out", data_dir=folder / "data", jobs=1, quiet=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def sweep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dropsweep.Sweep]:
    """The finished sweep, from its folder."""
    monkeypatch.chdir(folder)
    with in_process.own_signals():
        yield dropsweep.read("out")


def test_importing_is_light() -> None:
    """``import dropsweep`` brings none of what runs take, and its names are found all the same."""
    code = "import sys, dropsweep; print(*sys.modules); print(*dir(dropsweep))"
    result = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    modules, names = map(set, map(str.split, result.stdout.splitlines()))
    assert not {"numpy", "pydantic", "matplotlib", "yaml", "click", "tqdm", "typing"} & (
        modules - set(subprocess_modules())
    )
    assert set(dropsweep.__all__) <= names
    for name in dropsweep.__all__:
        assert getattr(dropsweep, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dropsweep.nothing  # noqa: B018 - mypy knows better


def subprocess_modules() -> list[str]:
    """Modules that Python itself has at its start."""
    result = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return result.stdout.split()


def test_errors_are_one_family() -> None:
    """`DropsweepError` catches every error that is no mistake of dropsweep."""
    for name in ("ConfigError", "DataError", "ResultsError", "RunsFailedError"):
        assert issubclass(getattr(dropsweep, name), dropsweep.DropsweepError)


def test_rows_are_those_of_the_files(sweep: dropsweep.Sweep) -> None:
    """``rates`` is the JSON of ``show``; ``runs`` and ``history`` are the two CSV files."""
    shown = in_process.dropsweep("show", "out", "--format", "json")
    assert sweep.rates() == json.loads(shown.stdout)
    for name, rows in {"summary": sweep.runs(), "history": sweep.history()}.items():
        with Path("out", f"{name}.csv").open(newline="") as file:
            there = list(csv.DictReader(file))
        assert len(rows) == len(there) > 0
        for row, expected in zip(rows, there, strict=True):
            assert {key: "" if value is None else str(value) for key, value in row.items()} == (
                expected
            )


def test_a_finished_race_has_all_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The seeds that it did not need are not missing; again, no data are looked for."""
    monkeypatch.chdir(tmp_path)
    np.savez("my.npz", x=np.eye(60, dtype=np.float32), y=np.arange(60) % 2)
    config = CONFIG | {
        "dataset": {
            "name": "arrays", "path": "my.npz", "train_size": 30, "val_size": 20, "test_size": 0,
        },
        "seeds": "auto",
        "decision": {"max_seeds": 20, "margin": 0.9},
    }  # fmt: skip
    for _ in range(2):
        with in_process.own_signals():
            sweep = dropsweep.run(config, output="out", jobs=1, plots=False)
        assert re.fullmatch(r"<Sweep 'out': (\d+) of \1 runs>", repr(sweep))
        assert len(sweep.runs()) < 40
    assert "workers look for" not in capfd.readouterr().err


def test_the_answer_is_what_show_prints(sweep: dropsweep.Sweep) -> None:
    """The lines below the table, and the whole where the sweep is printed."""
    shown = in_process.dropsweep("show", "out").stdout
    assert sweep.answer.startswith("Answer  ")
    assert shown.endswith(f"\n\n{sweep.answer}\n")
    assert str(sweep) + "\n" == shown
    assert repr(sweep) == "<Sweep 'out': 8 of 8 runs>"
    assert (sweep.path, sweep.report) == (Path("out"), Path("out/report.html"))


def test_a_notebook_is_given_the_table_and_the_answer(sweep: dropsweep.Sweep) -> None:
    """As HTML, in which nothing of the user's is markup."""
    page = sweep._repr_html_()
    assert page.count("<tr>") == 1 + len(sweep.rates())
    assert "± &lt;0.001" in page or "&lt;" not in page
    assert "<pre>Answer  " in page


def test_all_mistakes_are_told_together() -> None:
    """With the key of each, wherever it was given."""
    with pytest.raises(ConfigError) as caught:
        dropsweep.run(
            {"dropout": {"rates": [2]}, "epochs": 1},
            {"training.epochs": "a", "seeds.x": 3, "training epochs": 3},
        )
    message = str(caught.value)
    assert "5 mistakes" in message
    for part in (
        "config: dropout.rates[0]: must be below 1",
        "config: epochs: unknown key",
        "overrides['training.epochs']: training.epochs: must be a whole number",
        "overrides['seeds.x']: ",
        "overrides['training epochs']: the key must be dotted words",
    ):
        assert part in message


@pytest.mark.parametrize("shard", [(2, 2), (-1, 2), (0, 0)])
def test_a_part_that_is_none_is_refused(shard: tuple[int, int]) -> None:
    """Before anything is trained."""
    with pytest.raises(ConfigError, match="no such part"):
        dropsweep.run(CONFIG, shard=shard)


@pytest.mark.parametrize("where", ["absent", "."])
def test_a_folder_without_results_is_refused(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the error of the commands."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ResultsError, match="no results here or below"):
        dropsweep.read(where)


def test_a_figure_of_each_setting(sweep: dropsweep.Sweep) -> None:
    """By default of the setting that was chosen; a figure of the whole sweep has no setting."""
    from matplotlib.figure import Figure

    findings = sweep.collection.findings
    assert findings.choice is not None
    chosen = dict(findings.choice.setting)
    assert text(sweep.figure("accuracy")) == text(sweep.figure("accuracy", chosen))
    other = {"training.l2": 0.1 - chosen["training.l2"]}
    assert text(sweep.figure("accuracy", other)) != text(sweep.figure("accuracy", chosen))
    assert isinstance(sweep.figure("heat_map"), Figure)
    assert text(sweep.figure("heat_map")) == text(sweep.figure("heat_map_training.l2"))


def text(figure: Any) -> set[str]:
    """All that is written in a figure, with the values of its lines."""
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    return {each.get_text() for each in figure.findobj(Text)} | {
        str(np.asarray(each.get_ydata()).tolist()) for each in figure.findobj(Line2D)
    }


@pytest.mark.parametrize(
    ("name", "setting", "sentence"),
    [
        ("acuracy", None, "acuracy: there is no such figure"),
        ("accuracy_of_all", None, "accuracy_of_all: there is no such figure"),
        ("first_layer", None, "it needs results.keep_parameters in the config"),
        ("accuracy", {"training.l2": 7}, "accuracy: nothing to draw"),
    ],
)
def test_a_figure_that_there_is_not(
    sweep: dropsweep.Sweep, name: str, setting: dict[str, Any] | None, sentence: str
) -> None:
    """The error says what it needs, or which figures there are."""
    with pytest.raises(ConfigError, match=sentence):
        sweep.figure(name, setting)


def test_a_failed_run_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end, when all others are finished."""

    class Failing(InProcess):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            if flatten(args[0])["dropout.rate"] == 0:
                return super().submit(lambda: 1 / 0)
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setattr(executors, "local_executor", lambda *_: Failing())
    with pytest.raises(RunsFailedError, match="1 run failed"):
        dropsweep.run(CONFIG, output=folder / "failed", data_dir=folder / "data", quiet=True)
    assert [row["rate"] for row in dropsweep.read(folder / "failed").runs()] == [0.5]


def test_an_interrupt_keeps_what_is_finished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`KeyboardInterrupt` comes through with a note; the same call trains only the others."""
    submitted: list[str] = []

    class Interrupted(InProcess):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            submitted.append(args[0].run_id)
            if len(submitted) == 2:
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    def run() -> dropsweep.Sweep:
        return dropsweep.run(CONFIG, output=folder / "i", data_dir=folder / "data", quiet=True)

    monkeypatch.setattr(executors, "local_executor", lambda *_: Interrupted())
    with pytest.raises(KeyboardInterrupt) as caught:
        run()
    assert "Finished runs are kept in" in caught.value.__notes__[0]
    assert [row["run_id"] for row in dropsweep.read(folder / "i").runs()] == submitted[:1]
    assert len(run().runs()) == 2
    assert submitted[2:] == [submitted[1]]


def test_threads_may_run_sweeps(folder: Path) -> None:
    """Two at once, with worker processes, outside of the main thread."""
    done: dict[str, dropsweep.Sweep] = {}

    def work(name: str) -> None:
        done[name] = dropsweep.run(
            CONFIG, output=folder / name, data_dir=folder / "data", jobs=2, plots=False, quiet=True
        )

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = ([{**row, "seconds": None} for row in done[name].runs()] for name in ("a", "b"))
    assert first == second
    assert len(first) == 2
    assert done["a"].report is None


def test_a_script_needs_no_guard(folder: Path, tmp_path: Path) -> None:
    """Workers do not import the script that started them."""
    script = tmp_path / "script.py"
    script.write_text(
        "import dropsweep\nprint('once')\n"
        f"sweep = dropsweep.run({CONFIG!r}, data_dir={str(folder / 'data')!r}, jobs=2, "
        "plots=False)\nprint(len(sweep.runs()))\n"
    )
    result = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert result.stdout == "once\n2\n"
    assert result.stderr.splitlines()[-1].startswith("2 runs in 0:")


@pytest.mark.parametrize(("seconds", "told"), [(0.0, True), (60.0, False)])
def test_a_faster_blas_is_named_after_long_training(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    told: bool,
) -> None:
    """In one line, where OpenBLAS leaves half of the CPU idle; short commands say nothing."""
    monkeypatch.setattr("dropsweep.api.request._LONG_SECONDS", seconds)
    monkeypatch.setattr("dropsweep.training.machine.has_unused_avx512", lambda: True)
    dropsweep.run(CONFIG, output=tmp_path / "out", plots=False, jobs=1)
    assert ("OPENBLAS_CORETYPE=SkylakeX" in capsys.readouterr().err) == told
