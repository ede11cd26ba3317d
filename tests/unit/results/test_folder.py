"""The results folder."""

from __future__ import annotations

import errno
import json
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from dropsweep.errors import Exit, ResultsError
from dropsweep.results import DamagedError, ResultsFolder, read_run, single_folder, sweep_folders
from tests.factories import make_folder, make_record, make_spec

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunRecord


HEADER = (
    b"# The config of the latest `dropsweep run` into this folder, every default written out.\n"
)
"""The first line of every ``config.yaml`` that any version has written."""


@pytest.fixture
def record() -> RunRecord:
    """A finished run."""
    return make_record(make_spec(0.5))


def test_what_is_published_is_read_back(folder: ResultsFolder, record: RunRecord) -> None:
    """A record survives the disk unchanged, in every field."""
    assert folder.publish(record)
    assert folder.read([record.run_id]) == ([record], [])
    assert folder.run_ids() == [record.run_id]


def test_a_diverged_run_without_points_is_read_back(folder: ResultsFolder) -> None:
    """Empty lists and nulls are a record too."""
    record = make_record(make_spec(0.5), points=0)
    folder.publish(record)
    assert folder.read([record.run_id])[0] == [record]


def test_a_file_of_the_first_schema_is_read(folder: ResultsFolder, record: RunRecord) -> None:
    """Its last point serves as val_accuracy: every point used all validation images then."""
    content = json.loads(replace(record, schema=1).to_json())
    del content["val_accuracy"]
    for section, keys in {
        "dataset": ("images",),
        "dropout": ("layer_factors", "schedule", "schedule_epochs"),
        "evaluation": ("every", "curve_images"),
    }.items():
        for key in keys:
            del content["spec"][section][key]
    folder.run_file(record.run_id).write_text(json.dumps(content))
    assert folder.read([record.run_id])[0] == [replace(record, schema=1)]
    assert record.val_accuracy == record.history.val_accuracy[-1]


def test_a_published_run_is_never_overwritten(folder: ResultsFolder, record: RunRecord) -> None:
    """The second writer is told, and the first file stays."""
    folder.publish(record)
    assert not folder.publish(replace(record, seconds=99.0))
    assert folder.read([record.run_id])[0][0].seconds == record.seconds


def test_absent_runs_are_no_error(folder: ResultsFolder) -> None:
    """Reading what is planned gives what is there."""
    assert folder.read(["rate-0.50_seed-0_0123456789"]) == ([], [])


def damage_cut(text: str) -> str:
    """Half a file."""
    return text[: len(text) // 2]


def damage_empty(_: str) -> str:
    """No bytes."""
    return ""


def damage_nan(text: str) -> str:
    """A number that is not JSON."""
    return text.replace('"seconds": 1.5', '"seconds": NaN')


def damage_spec(text: str) -> str:
    """A spec that is not the name's."""
    return text.replace('"epochs": 25', '"epochs": 26')


def damage_type(text: str) -> str:
    """Text for a number."""
    return text.replace('"seconds": 1.5', '"seconds": "soon"')


def damage_history(text: str) -> str:
    """A history with a point less in one list."""
    content = json.loads(text)
    content["history"]["epoch"].pop()
    return json.dumps(content)


def damage_shape(_: str) -> str:
    """JSON of another shape."""
    return "[]"


def damage_no_points(text: str) -> str:
    """A finished run without a point."""
    content = json.loads(text)
    content["history"] = {key: [] for key in content["history"]}
    return json.dumps(content)


def damage_short(text: str) -> str:
    """A finished run without its last point."""
    content = json.loads(text)
    for column in content["history"].values():
        column.pop()
    return json.dumps(content)


def damage_infinity(text: str) -> str:
    """A number beyond all numbers, in valid JSON."""
    return re.sub(r'"train_loss": \[\s*[0-9.]+', '"train_loss": [1e999', text)


def damage_accuracy(text: str) -> str:
    """More right than there are images."""
    return re.sub(r'"best_val_accuracy": [0-9.]+', '"best_val_accuracy": 7.0', text)


def damage_best(text: str) -> str:
    """Points, but none the best."""
    return re.sub(r'"best_val_accuracy": [0-9.]+', '"best_val_accuracy": null', text)


def damage_final(text: str) -> str:
    """A finished run without its final accuracy."""
    return re.sub(r'"val_accuracy": 0[0-9.]*', '"val_accuracy": null', text)


def damage_schema(text: str) -> str:
    """A schema that is no number."""
    return text.replace('"schema": 2', '"schema": "x"')


@pytest.mark.parametrize(
    "damage",
    [
        damage_cut, damage_empty, damage_nan, damage_spec, damage_type, damage_history,
        damage_shape, damage_schema, damage_no_points, damage_short, damage_infinity,
        damage_accuracy, damage_best, damage_final,
    ],
)  # fmt: skip
def test_damage_is_noticed(folder: ResultsFolder, record: RunRecord, damage: Any) -> None:
    """Whatever happened to a file, it is named as damaged and not believed."""
    folder.publish(record)
    path = folder.run_file(record.run_id)
    before = path.read_text()
    path.write_text(damage(before))
    assert path.read_text() != before
    with pytest.raises(DamagedError):
        read_run(path)
    records, [(run_id, reason)] = folder.read([record.run_id])
    assert records == []
    assert run_id == record.run_id
    assert reason


def test_damaged_files_are_set_aside_not_deleted(folder: ResultsFolder, record: RunRecord) -> None:
    """Their bytes stay under another name, however often it happens."""
    for content in ("one", "two"):
        folder.run_file(record.run_id).write_text(content)
        folder.set_aside(record.run_id)
    assert folder.run_ids() == []
    assert sorted(path.read_text() for path in folder.runs.iterdir()) == ["one", "two"]


def test_a_folder_in_a_run_files_place_is_damage(folder: ResultsFolder, record: RunRecord) -> None:
    """It is set aside like any other damage."""
    folder.run_file(record.run_id).mkdir()
    assert folder.read([record.run_id])[1] == [(record.run_id, "it is a folder")]
    assert folder.set_aside(record.run_id) is not None
    assert folder.publish(record)


def test_what_another_process_mended_is_not_set_aside(
    folder: ResultsFolder, record: RunRecord
) -> None:
    """Damage is looked at again at the last moment, and a good or absent file is left alone."""
    assert folder.set_aside(record.run_id) is None
    folder.publish(record)
    assert folder.set_aside(record.run_id) is None
    assert folder.read([record.run_id]) == ([record], [])


def test_a_newer_file_stops_the_reader(folder: ResultsFolder, record: RunRecord) -> None:
    """A file of a newer schema is not damage: it ends with exit 5 and says what to do."""
    folder.publish(replace(record, schema=3))
    with pytest.raises(ResultsError, match=r"newer dropsweep.*\n.*Update") as caught:
        folder.read([record.run_id])
    assert caught.value.exit_code is Exit.RESULTS


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "Read-only")]
)
def test_a_refused_write_is_told(
    folder: ResultsFolder,
    record: RunRecord,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
) -> None:
    """A full disk or a read-only one ends in exit 5 with the reason, and leaves nothing."""

    def refuse(*_: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ResultsError, match=words):
        folder.publish(record)
    assert list(folder.runs.iterdir()) == []


def test_create_clears_away_what_the_dead_left(folder: ResultsFolder) -> None:
    """Old temporaries go; published runs stay."""
    leftover = folder.runs / ".a.json.gone.1.0.tmp"
    leftover.touch()
    os.utime(leftover, (1, 1))
    folder.create()
    assert list(folder.runs.iterdir()) == []


def test_csv_holds_every_digit(folder: ResultsFolder) -> None:
    """Numbers read back equal; None is an empty cell; an equal table is not rewritten."""
    columns, rows = ("run_id", "rate", "seed", "status", "x"), [("a,b", 1 / 3, None, "", 0)]
    path = folder.path / "summary.csv"
    folder.write_csv(path.name, columns, rows)
    assert path.read_text() == f'run_id,rate,seed,status,x\n"a,b",{1 / 3!r},,,0\n'
    os.utime(path, (1, 1))
    folder.write_csv(path.name, columns, rows)
    assert path.stat().st_mtime == 1


def sweep_at(path: Path) -> ResultsFolder:
    """A results folder with a finished run."""
    return make_folder(path, [make_record(make_spec(0.5))])


def test_sweeps_below_a_folder_are_found(tmp_path: Path) -> None:
    """Every results folder, at any depth, in order; and the folder itself if it is one."""
    for name in ("b", "a", "deep/er"):
        sweep_at(tmp_path / name)
    found = [folder.path.relative_to(tmp_path).as_posix() for folder in sweep_folders(tmp_path)]
    assert found == ["a", "b", "deep/er"]
    assert sweep_folders(tmp_path / "a") == [ResultsFolder(tmp_path / "a")]


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    """Exit 5, and how to make some."""
    for look in (sweep_folders, single_folder):
        with pytest.raises(ResultsError, match=r"no results here(.|\n)*dropsweep run"):
            look(tmp_path)


def test_sweeps_below_are_named_where_one_is_wanted(tmp_path: Path) -> None:
    """The error names the first five results folders below the folder that was given."""
    for name in "abcdefg":
        sweep_at(tmp_path / name)
    with pytest.raises(ResultsError) as caught:
        single_folder(tmp_path)
    below = ", ".join(str(tmp_path / name) for name in "abcde")
    assert str(caught.value) == (
        f"{tmp_path}: not a results folder; below it are {below}, 2 more.\nName one of them."
    )


def test_tries_at_a_finished_run_are_cleared(folder: ResultsFolder, record: RunRecord) -> None:
    """Publishing a run clears them; so does finding that it came from elsewhere."""
    for clear in (lambda: folder.publish(record), lambda: folder.clear_tries([record.run_id])):
        for place in (
            folder.failed / f"{record.run_id}.json",
            folder.checkpoints / f"{record.run_id}.npz",
        ):
            place.parent.mkdir(exist_ok=True)
            place.touch()
        clear()
        assert folder.failed_ids() == set()
        assert list(folder.checkpoints.iterdir()) == []


def test_run_files_from_before_parameters_could_be_kept_are_read(
    folder: ResultsFolder, record: RunRecord
) -> None:
    """Their spec has no section `results`, which then says that nothing was kept."""
    content = json.loads(record.to_json())
    del content["spec"]["results"]
    folder.run_file(record.run_id).write_text(json.dumps(content))
    assert folder.read([record.run_id]) == ([record], [])


def test_a_folder_called_runs_is_not_a_sweep(tmp_path: Path) -> None:
    """A sweep or a TensorBoard folder of that name hides no other, and is taken for none."""
    board = tmp_path / "runs" / "Nov26" / "events.out.tfevents.1"
    board.parent.mkdir(parents=True)
    board.touch()
    with pytest.raises(ResultsError, match="no results here or below"):
        sweep_folders(tmp_path)
    folders = [sweep_at(tmp_path / name) for name in ("a", "runs")]
    assert sweep_folders(tmp_path) == folders


def test_a_sweep_without_a_finished_run_is_found_by_its_config(folder: ResultsFolder) -> None:
    """As an interrupt leaves it."""
    assert not folder.is_sweep()
    folder.write_config(HEADER)
    assert folder.is_sweep()


def test_sweeps_that_are_links_are_found_once(tmp_path: Path) -> None:
    """A link to a sweep elsewhere counts, a second way to one does not, a circle is no trap."""
    elsewhere, results = sweep_at(tmp_path / "scratch" / "x"), tmp_path / "results"
    here = sweep_at(results / "b")
    (results / "a").symlink_to(here.path)
    (results / "linked").symlink_to(elsewhere.path)
    (results / "circle").symlink_to(results)
    assert [folder.path.name for folder in sweep_folders(results)] == ["b", "linked"]


def test_copies_that_other_programs_make_are_no_runs(
    folder: ResultsFolder, record: RunRecord
) -> None:
    """Those of macOS and of file synchronizers have other names than runs have."""
    folder.publish(record)
    for name in ("._{}", "{} (conflicted copy)", "{}-laptop", "{} 2"):
        folder.run_file(name.format(record.run_id)).write_text("{")
    assert folder.run_ids() == [record.run_id]


def test_a_link_to_nothing_is_not_a_run(folder: ResultsFolder, record: RunRecord) -> None:
    """It is left out by readers; a writer ends with exit 5 that names it, and it stays."""
    path = folder.run_file(record.run_id)
    path.symlink_to("/unmounted/run.json")
    [damaged] = folder.read([record.run_id])[1]
    assert damaged == (record.run_id, "it is a link to /unmounted/run.json, which is not there")
    for write in (lambda: folder.publish(record), lambda: folder.set_aside(record.run_id)):
        with pytest.raises(ResultsError, match=f"{record.run_id}.json: is a link to /unmounted"):
            write()
    assert path.is_symlink()


def test_a_name_that_is_taken_is_read_before_it_is_believed(
    folder: ResultsFolder, record: RunRecord
) -> None:
    """Damage that came after the plan is set aside, and the run is kept."""
    folder.run_file(record.run_id).write_text("{")
    assert folder.publish(record)
    assert folder.read([record.run_id]) == ([record], [])


@pytest.mark.parametrize("name", ["config.yaml", "summary.csv", "history.csv", "report.html"])
def test_a_file_of_the_user_is_never_replaced(folder: ResultsFolder, name: str) -> None:
    """Exit 5 names it and says what to do, be it a file, a link to nothing, or empty."""
    path = folder.path / name
    folder.check_replaceable(name)
    for make in (
        lambda: path.write_text("dropout: {rates: [0]}  # mine"),
        path.touch,
        lambda: path.symlink_to("/unmounted/mine"),
    ):
        path.unlink(missing_ok=True)
        make()
        with pytest.raises(ResultsError, match=rf"{name}: was not made by.*\n.*--output") as caught:
            folder.check_replaceable(name)
        assert caught.value.exit_code is Exit.RESULTS


def test_the_config_and_the_tables_refuse_a_file_that_came_later(folder: ResultsFolder) -> None:
    """The check is made again where they are written."""
    for name in ("config.yaml", "summary.csv"):
        (folder.path / name).write_text("mine")
    with pytest.raises(ResultsError, match="was not made by dropsweep"):
        folder.write_config(HEADER)
    with pytest.raises(ResultsError, match="was not made by dropsweep"):
        folder.write_csv("summary.csv", ("run_id",), [])
    assert {path.read_text() for path in folder.path.iterdir() if path.is_file()} == {"mine"}
