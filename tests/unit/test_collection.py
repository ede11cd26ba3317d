"""One reading of a results folder, for every reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from click.testing import CliRunner

from dropsweep import analysis, config
from dropsweep.analysis import findings
from dropsweep.cli.program import program
from dropsweep.collection import collect, collect_planned
from dropsweep.records import ALGORITHM, Content
from dropsweep.results import ResultsFolder, folder
from tests.factories import make_record, plan_folder
from tests.user.in_process import own_signals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from dropsweep.records import RunSpec

CONFIG = """\
dataset: {name: synthetic, train_size: 20, val_size: 20, test_size: 0}
model: {hidden_sizes: [4]}
dropout: {rates: [0, 0.5]}
training: {epochs: 2, batch_size: 10}
seeds: 3
"""


def planned(path: Path) -> tuple[ResultsFolder, list[RunSpec]]:
    """A results folder with a config and no runs, and the specs that it plans."""
    return plan_folder(path, CONFIG)


def publish(made: ResultsFolder, specs: Sequence[RunSpec]) -> None:
    """Finish these runs."""
    for spec in specs:
        made.publish(make_record(spec))


def test_a_run_reads_little_and_finds_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run file is read at most twice, the config at most twice, and the answer found once."""
    calls: dict[str, list[object]] = {"read": [], "load": [], "find": []}

    def count(place: object, attribute: str, name: str) -> None:
        real = getattr(place, attribute)

        def counted(*arguments: object, **options: object) -> object:
            calls[name].append(arguments[0])
            return real(*arguments, **options)

        monkeypatch.setattr(place, attribute, counted)

    count(folder, "read_run", "read")
    count(config, "load", "load")
    count(analysis, "find", "find")
    count(findings, "fits", "find")
    (tmp_path / "s.yaml").write_text(CONFIG)
    words = ["run", tmp_path / "s.yaml", "-o", tmp_path / "out", "--data-dir", tmp_path / "d"]
    for trained in (6, 0):
        for each in calls.values():
            each.clear()
        with own_signals():
            result = CliRunner().invoke(program, [*map(str, words), "-j", "1"])
        assert result.exit_code == 0, result.output
        assert len(list((tmp_path / "out" / "runs").iterdir())) == 6
        most = max(calls["read"].count(path) for path in calls["read"])
        assert most <= (2 if trained else 1)
        assert len(calls["load"]) <= 2
        assert len(calls["find"]) == 2  # `analysis.find`, and a part of it that it alone calls


def test_the_findings_are_of_the_records(tmp_path: Path) -> None:
    """And the same value at every call."""
    made, specs = planned(tmp_path / "a")
    publish(made, specs)
    found = collect(made)
    assert found.findings is found.findings
    assert found.findings.records == found.records
    assert found.config is not None
    assert found.config.name == "a"


def test_a_run_that_came_later_is_noticed(tmp_path: Path) -> None:
    """A reading knows whether it is current, and can be made again."""
    made, specs = planned(tmp_path / "a")
    publish(made, specs[:5])
    found = collect(made)
    assert found.is_current()
    publish(made, specs[5:])
    assert not found.is_current()
    assert (len(found.records), found.others) == (5, 0)
    again = found.again()
    assert (len(again.records), again.missing, again.is_current()) == (6, 0, True)


def test_runs_of_an_older_algorithm_are_still_shown(tmp_path: Path) -> None:
    """With the same numbers under the same ids, and with one note that says what they are."""
    made, specs = planned(tmp_path / "a")
    old = [replace(spec, algorithm=ALGORITHM - 1) for spec in specs]
    publish(made, old[:5])
    found = collect(made)
    assert found.records == [make_record(spec) for spec in old[:5]]
    assert (found.missing, found.others) == (1, 0)
    note, *_ = found.notes()
    assert note == (
        f"trained by an older version of the algorithm ({ALGORITHM - 1}); "
        "`dropsweep run` trains them again"
    )


def test_algorithms_are_never_mixed(tmp_path: Path) -> None:
    """One run of the current algorithm is enough to leave older ones out; --all has both apart."""
    made, specs = planned(tmp_path / "a")
    publish(made, [replace(spec, algorithm=ALGORITHM - 1) for spec in specs])
    publish(made, specs[:1])
    found = collect(made)
    assert [record.run_id for record in found.records] == [specs[0].run_id]
    assert (found.missing, found.others, found.older_algorithm) == (5, 6, None)
    everything = collect(made, everything=True)
    assert everything.findings.axes == ("algorithm",)
    assert sum(each.runs for each in everything.findings.summaries) == 7


def test_planned_runs_share_the_specs_of_the_plan(tmp_path: Path) -> None:
    """A record takes no second copy of its spec, unless its data have another name."""
    made, specs = planned(tmp_path / "a")
    publish(made, specs[:-1])
    renamed = replace(specs[-1].dataset, content=Content(title="mine.npz"))
    publish(made, [replace(specs[-1], dataset=renamed)])
    *same, other = collect_planned(made, None, specs).records
    assert all(record.spec is spec for record, spec in zip(same, specs[:-1], strict=True))
    assert other.spec.dataset.content.title == "mine.npz"
