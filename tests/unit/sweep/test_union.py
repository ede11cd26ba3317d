"""The union of results folders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep import config
from dropsweep.collection import collect
from dropsweep.errors import Exit, ResultsError
from dropsweep.results import ResultsFolder, read_run
from dropsweep.sweep.derived import write_tables
from dropsweep.sweep.union import merge
from tests.factories import make_folder, make_record, make_spec

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunRecord

MARK = b"# The config of the latest `dropsweep run` into this folder\n"
SAME = MARK + b"dropout: {rates: [0]}"

A, B, C = (make_record(make_spec(rate)) for rate in (0.0, 0.5, 0.9))


def folder(path: Path, *records: RunRecord, text: bytes | None = None) -> ResultsFolder:
    """A results folder with these runs."""
    made = make_folder(path, records)
    if text is not None:
        made.write_config(text)
    return made


def test_the_union(tmp_path: Path) -> None:
    """Every run of every folder is in the target once, and in its tables."""
    sources = [folder(tmp_path / "a", A, B), folder(tmp_path / "b", B, C)]
    target = ResultsFolder(tmp_path / "c")
    merge(sources, target)
    assert target.run_ids() == sorted(record.run_id for record in (A, B, C))
    assert len((target.path / "summary.csv").read_text().splitlines()) == 4
    assert [source.run_ids() for source in sources] == [
        sorted([A.run_id, B.run_id]),
        sorted([B.run_id, C.run_id]),
    ]


def test_seconds_and_environment_may_differ(tmp_path: Path) -> None:
    """Two machines that found the same numbers do not contradict each other."""
    other = replace(B, seconds=99.0, environment={"cpu": "another"})
    target = ResultsFolder(tmp_path / "c")
    merge([folder(tmp_path / "a", B), folder(tmp_path / "b", other)], target)
    assert target.read(target.run_ids()) == ([B], [])


def test_different_numbers_are_a_conflict(tmp_path: Path) -> None:
    """Exit 5, both files named, nothing written."""
    other = replace(B, test_accuracy=0.123)
    sources = [folder(tmp_path / "a", B), folder(tmp_path / "b", other)]
    target = ResultsFolder(tmp_path / "c")
    with pytest.raises(ResultsError, match=r"a/runs/.* and .*b/runs/.*different") as caught:
        merge(sources, target)
    assert caught.value.exit_code is Exit.RESULTS
    assert not target.path.exists()


def test_the_first_is_kept_if_asked_for(tmp_path: Path) -> None:
    """In the order given, the target's own before all."""
    other = replace(B, test_accuracy=0.123)
    sources = [folder(tmp_path / "a", other), folder(tmp_path / "b", B)]
    merge(sources, target := ResultsFolder(tmp_path / "c"), keep_first=True)
    assert target.read([B.run_id])[0] == [other]
    merge(sources[1:], target, keep_first=True)
    assert target.read([B.run_id])[0] == [other]


def test_damaged_runs_are_left_out_and_told(tmp_path: Path) -> None:
    """A good copy elsewhere takes their place."""
    first = folder(tmp_path / "a", A, B)
    first.run_file(B.run_id).write_text("{")
    target = ResultsFolder(tmp_path / "c")
    notes = merge([first, folder(tmp_path / "b", B)], target)
    assert B.run_id in notes[0]
    assert len(target.run_ids()) == 2


def test_a_common_config_is_taken_over(tmp_path: Path) -> None:
    """Shards of one sweep make that sweep; other folders are shown whole."""
    same = [folder(tmp_path / name, A, text=SAME) for name in ("a", "b")]
    merge(same, target := ResultsFolder(tmp_path / "c"))
    assert target.config.read_bytes() == SAME
    other = folder(tmp_path / "d", B, text=MARK + b"dropout: {rates: [0.5]}")
    notes = merge([same[0], other], target := ResultsFolder(tmp_path / "e"))
    assert not target.config.exists()
    assert "configs differ" in notes[0]


def test_a_damaged_run_of_the_target_is_replaced(tmp_path: Path) -> None:
    """It is set aside, and the good copy takes its name."""
    target = folder(tmp_path / "c", A)
    target.run_file(A.run_id).write_text("{")
    merge([folder(tmp_path / "a", A)], target)
    assert target.read([A.run_id]) == ([A], [])
    assert target.run_file(A.run_id).with_suffix(".json.damaged").read_text() == "{"


def test_the_tables_are_about_what_the_config_plans(tmp_path: Path) -> None:
    """As after a run: other runs are in the folder, and not in summary.csv."""
    spec = config.specs(config.load(write(tmp_path / "s.yaml")).config, "cifar10")[0]
    sources = [folder(tmp_path / "a", make_record(spec), B, text=SAME)]
    merge(sources, target := ResultsFolder(tmp_path / "c"))
    assert len(target.run_ids()) == 2
    lines = (target.path / "summary.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [spec.run_id]


def write(path: Path) -> str:
    """The common config as a file."""
    path.write_bytes(SAME)
    return str(path)


KEEPING = make_record(make_spec(0.5, keep_parameters=True))


def keeping(path: Path, record: RunRecord, value: float | None) -> ResultsFolder:
    """A folder with one run, and one number as its net; None where that was lost."""
    made = folder(path)
    made.publish(record, None if value is None else {"W1": np.array(value)})
    return made


def merged_net(target: ResultsFolder) -> object:
    """The number that stands for the net of the merged run; None if there is none."""
    kept = target.read_parameters(KEEPING)
    return None if kept is None else kept["W1"].item()


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(1.0, 1.0, 1.0), (None, 1.0, 1.0), (None, None, None)]
)
def test_nets_are_taken_along(
    tmp_path: Path, first: float | None, second: float | None, expected: float | None
) -> None:
    """From whichever folder has them, be it the target; a folder without them is merged too."""
    target = keeping(tmp_path / "c", KEEPING, first)
    merge([keeping(tmp_path / "b", KEEPING, second)], target)
    assert merged_net(target) == expected
    new = ResultsFolder(tmp_path / "d")
    merge([keeping(tmp_path / "a", KEEPING, first), ResultsFolder(tmp_path / "b")], new)
    assert merged_net(new) == expected


def test_a_net_comes_with_its_own_numbers(tmp_path: Path) -> None:
    """The first of two folders that disagree gives its numbers and its net, or no net."""
    other = replace(KEEPING, test_accuracy=0.123)
    for name, first, expected in (("has", 1.0, 1.0), ("lost", None, None)):
        sources = [
            keeping(tmp_path / name / "a", KEEPING, first),
            keeping(tmp_path / name / "b", other, 2.0),
        ]
        target = ResultsFolder(tmp_path / name / "c")
        merge(sources, target, keep_first=True)
        assert merged_net(target) == expected


def test_the_files_of_a_merge_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are of the records that were merged, and equal those read from the target."""
    sources = [folder(tmp_path / "a", A, B), folder(tmp_path / "b", B, C)]
    target, read = folder(tmp_path / "c", A), []

    def counted(path: Path, *rest: Any) -> RunRecord:
        read.append(path)
        return read_run(path, *rest)

    monkeypatch.setattr("dropsweep.results.folder.read_run", counted)
    merge(sources, target)
    assert sorted(read) == sorted(
        each.run_file(record.run_id)
        for each, records in zip([*sources, target], [(A, B), (B, C), (A,)], strict=True)
        for record in records
    )
    texts = [(target.path / name).read_bytes() for name in ("summary.csv", "history.csv")]
    write_tables(collect(target))
    assert texts == [(target.path / name).read_bytes() for name in ("summary.csv", "history.csv")]


def test_a_users_own_config_is_neither_replaced_nor_taken_over(tmp_path: Path) -> None:
    """One in the target is told before anything is copied; one in a source stays there."""
    source, target = folder(tmp_path / "a", A), folder(tmp_path / "b", B)
    for each in (source, target):
        each.config.write_bytes(b"dropout: {rates: [0]}  # mine")
    with pytest.raises(ResultsError, match=r"config\.yaml"):
        merge([source], target)
    assert target.run_ids() == [B.run_id]
    new = ResultsFolder(tmp_path / "c")
    merge([source], new)
    assert not new.config.exists()
    assert new.run_ids() == [A.run_id]
