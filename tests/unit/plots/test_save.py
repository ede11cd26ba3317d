"""Figures as files: which, where, valid, and redrawn only when they would differ."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from dropsweep import errors
from dropsweep.plots import compare, draw, remove_outdated
from dropsweep.plots.view import Sweep
from dropsweep.records import Decision
from tests.factories import make_folder, make_record, make_spec, make_sweep, one_wins
from tests.figures import USUAL_FIGURES

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunRecord

NAMES = [f"{name}.{kind}" for name in USUAL_FIGURES for kind in ("png", "svg")]


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Modification time and bytes of every file."""
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_figures_are_valid_images(tmp_path: Path) -> None:
    """Each figure is a PNG that decodes and an SVG that parses, and all paths are told."""
    paths = draw(make_sweep([0.0, 0.5], epochs=2), tmp_path / "results")
    assert [path.name for path in paths] == NAMES
    for path in paths:
        assert path.parent == tmp_path / "results" / "plots"
        if path.suffix == ".png":
            with Image.open(io.BytesIO(path.read_bytes())) as image:
                image.load()
                assert image.width == 1200
        else:
            assert ET.fromstring(path.read_bytes()).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own file


def test_a_second_draw_writes_nothing(tmp_path: Path) -> None:
    """Up-to-date files keep their bytes and times, whatever the order of the records."""
    records = make_sweep([0.0, 0.5], epochs=2)
    paths = draw(records, tmp_path)
    before = contents(tmp_path / "plots")
    assert draw(records[::-1], tmp_path) == paths
    assert contents(tmp_path / "plots") == before


def test_drawing_anew_gives_the_same_bytes(tmp_path: Path) -> None:
    """Equal records give equal files: no date, no random ids."""
    records = make_sweep([0.0, 0.5], seeds=2, epochs=2)
    draw(records, tmp_path / "a")
    draw(records, tmp_path / "b")
    for name in NAMES:
        assert (tmp_path / "a/plots" / name).read_bytes() == (
            tmp_path / "b/plots" / name
        ).read_bytes()


def test_a_changed_record_redraws(tmp_path: Path) -> None:
    """New numbers, or one more run, are drawn into the same files."""
    records = make_sweep([0.0, 0.5], epochs=2)
    draw(records, tmp_path)
    first = contents(tmp_path / "plots")
    changed = make_record(records[0].spec, val=0.2)
    draw([changed, records[1]], tmp_path)
    second = contents(tmp_path / "plots")
    draw([changed], tmp_path)
    third = contents(tmp_path / "plots")
    for name in NAMES:
        assert first[name][1] != second[name][1]
        assert name not in third or third[name][1] not in {first[name][1], second[name][1]}


def test_a_lost_file_alone_is_redrawn(tmp_path: Path) -> None:
    """The files that are there and right stay as they are."""
    records = make_sweep([0.5], epochs=2)
    draw(records, tmp_path)
    before = contents(tmp_path / "plots")
    (tmp_path / "plots" / "accuracy.svg").unlink()
    draw(records, tmp_path)
    after = contents(tmp_path / "plots")
    assert after.pop("accuracy.svg")[1] == before.pop("accuracy.svg")[1]
    assert after == before


def test_a_file_of_another_figure_is_redrawn(tmp_path: Path) -> None:
    """Up to date means this figure of these records."""
    records = make_sweep([0.5], epochs=2)
    draw(records, tmp_path)
    path = tmp_path / "plots" / "accuracy.png"
    right = path.read_bytes()
    path.write_bytes(path.with_name("final_accuracy.png").read_bytes())
    draw(records, tmp_path)
    assert path.read_bytes() == right


def test_numbers_that_no_figure_shows_do_not_redraw(tmp_path: Path) -> None:
    """The time and the place of a run are in no figure."""
    record = make_record(make_spec(epochs=2))
    draw([record], tmp_path)
    before = contents(tmp_path / "plots")
    draw([replace(record, seconds=99.0, environment={})], tmp_path)
    assert contents(tmp_path / "plots") == before


@pytest.mark.parametrize("records", [[], [make_record(make_spec(), points=0)]])
def test_nothing_to_draw(records: list[RunRecord], tmp_path: Path) -> None:
    """Without a single point there is no figure, and no folder."""
    assert draw(records, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_diverged_runs_with_points_are_drawn(tmp_path: Path) -> None:
    """A sweep that diverged everywhere still shows how far it went."""
    paths = draw([make_record(make_spec(), points=2)], tmp_path)
    assert [path.name for path in paths] == NAMES


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    """A folder that cannot be made is the user's to fix, not a traceback."""
    (tmp_path / "plots").write_text("in the way")
    with pytest.raises(errors.ResultsError, match="plots"):
        draw(make_sweep([0.5], epochs=1), tmp_path)


def test_figures_of_an_earlier_config_go(tmp_path: Path) -> None:
    """No figure is left that shows other runs; a user's own files are."""
    draw(make_sweep([0.0, 0.5], epochs=2) + make_sweep([0.0], epochs=3), tmp_path)
    own = tmp_path / "plots" / "mine.png"
    own.write_bytes(b"a picture of my own")
    assert not set(NAMES) & set(contents(tmp_path / "plots"))
    draw(make_sweep([0.0, 0.5], epochs=2), tmp_path)
    assert sorted(contents(tmp_path / "plots")) == sorted([*NAMES, "mine.png"])


def test_one_figure_in_one_format(tmp_path: Path) -> None:
    """Only what is named is drawn, and what is current beside it stays."""
    records = make_sweep([0.0, 0.5], epochs=2)
    draw(records, tmp_path, formats=["svg"])
    before = contents(tmp_path / "plots")
    assert draw(records, tmp_path, names=["accuracy"], formats=["pdf"]) == [
        tmp_path / "plots" / "accuracy.pdf"
    ]
    after = contents(tmp_path / "plots")
    assert after.pop("accuracy.pdf")[1].startswith(b"%PDF")
    assert after == before


def test_one_figure_removes_what_is_outdated(tmp_path: Path) -> None:
    """Also a command that draws one figure leaves none that shows other runs."""
    draw(make_sweep([0.0], epochs=2), tmp_path, formats=["svg", "pdf"])
    draw(make_sweep([0.0, 0.5], epochs=2), tmp_path, names=["accuracy"], formats=["svg"])
    assert set(contents(tmp_path / "plots")) == {"accuracy.svg"}


def test_outdated_figures_can_go_without_drawing(tmp_path: Path) -> None:
    """A figure that still shows these runs stays; a figure of other runs is removed."""
    records = make_sweep([0.0, 0.5], epochs=2)
    draw(records, tmp_path)
    before = contents(tmp_path / "plots")
    remove_outdated(Sweep(records), tmp_path)
    assert contents(tmp_path / "plots") == before
    remove_outdated(Sweep(records[:1]), tmp_path)
    assert contents(tmp_path / "plots") == {}


def test_a_user_s_own_files_stay(tmp_path: Path) -> None:
    """Renamed copies of figures, comparisons, and notes, whatever is drawn or removed."""
    records = make_sweep([0.0, 0.5], epochs=2)
    draw(records, tmp_path, formats=["svg"])
    compare({"a": records, "b": records}, tmp_path / "plots", ["svg"])
    plots = tmp_path / "plots"
    for copy in ("accuracy_of_last_week", "accuracy-for-the-talk", "mine"):
        (plots / f"{copy}.svg").write_bytes((plots / "accuracy.svg").read_bytes())
    kept = set(contents(plots)) - set(NAMES)
    assert len(kept) == 5
    remove_outdated(Sweep(records[:1]), tmp_path)
    draw(make_sweep([0.25], epochs=2), tmp_path, formats=["svg"])
    assert kept <= set(contents(plots))


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """The error names it and says what to do, and not a byte of it is lost."""
    (tmp_path / "plots").mkdir()
    own = tmp_path / "plots" / "accuracy.png"
    own.write_bytes(b"a picture of my own")
    with pytest.raises(
        errors.ResultsError, match=r"accuracy\.png: was not made by dropsweep"
    ) as told:
        draw(make_sweep([0.0, 0.5], epochs=2), tmp_path)
    assert "Move or rename it" in str(told.value)
    assert own.read_bytes() == b"a picture of my own"
    assert draw(make_sweep([0.0, 0.5], epochs=2), tmp_path, names=["accuracy"], formats=["svg"])


def test_figures_of_nets_follow_the_files_that_are_there(tmp_path: Path) -> None:
    """Drawn again when a net's file comes, goes or changes."""
    records = make_sweep([0.0, 0.5], epochs=1)
    folder = make_folder(tmp_path)
    change = {"W1.change": np.random.default_rng(0).normal(size=(3072, 3))}
    folder.publish(records[0], change)
    names = ["first_layer", "accuracy"]
    path, other = draw(records, tmp_path, folder.read_parameters, names=names, formats=["svg"])[
        ::-1
    ]
    first = path.read_bytes()
    folder.publish(records[1], change)
    draw(records, tmp_path, folder.read_parameters, names=names, formats=["svg"])
    assert b"1 of 2 rates" in first
    assert b"1 of 2 rates" not in path.read_bytes()
    for each in folder.parameters.iterdir():
        each.write_bytes(each.read_bytes()[:100])
    drawn = draw(records, tmp_path, folder.read_parameters, names=names, formats=["svg"])
    assert drawn == [other]
    assert not path.exists()


def test_what_no_figure_shows_is_in_no_digest(tmp_path: Path) -> None:
    """Test accuracy is in the table and in no figure."""
    record = make_record(make_spec(epochs=2), test=0.3)
    draw([record], tmp_path)
    before = contents(tmp_path / "plots")
    draw([replace(record, test_accuracy=0.5)], tmp_path)
    assert contents(tmp_path / "plots") == before


RACE = one_wins(14)
AUTO = Decision(auto=True, max_seeds=20)


@pytest.mark.parametrize(
    "after",
    [
        Sweep(RACE, replace(AUTO, margin=Fraction(1, 4))),
        Sweep(RACE, replace(AUTO, max_seeds=4)),
        Sweep(RACE),
        Sweep([each for each in RACE if each.spec.seed < 3], AUTO, [make_spec(0.0, 3, epochs=1)]),
    ],
    ids=["margin", "max_seeds", "fixed seeds", "a failed run"],
)
def test_another_decision_on_the_same_runs_redraws(after: Sweep, tmp_path: Path) -> None:
    """Margin, number of seeds and failed runs decide the answer; no figure shows an earlier one."""
    before = Sweep(after.found, AUTO)
    draw(before.records, tmp_path, formats=["svg"], sweep=before)
    first = contents(tmp_path / "plots")
    remove_outdated(after, tmp_path)
    assert contents(tmp_path / "plots") == {}
    draw(after.records, tmp_path, formats=["svg"], sweep=after)
    second = contents(tmp_path / "plots")
    draw(after.records, tmp_path / "new", formats=["svg"], sweep=after)
    assert {name: each[1] for name, each in second.items()} == {
        name: each[1] for name, each in contents(tmp_path / "new" / "plots").items()
    }
    assert not {each[1] for each in first.values()} & {each[1] for each in second.values()}


def test_runs_that_a_race_has_not_judged_redraw_nothing(tmp_path: Path) -> None:
    """They are no part of the answer."""
    early = Sweep([each for each in RACE if each.spec.seed < 2], AUTO)
    ahead = Sweep([each for each in RACE if each.spec.seed < 2 or each.spec.rate == 0.9], AUTO)
    draw(early.records, tmp_path, formats=["svg"], sweep=early)
    before = contents(tmp_path / "plots")
    draw(ahead.records, tmp_path, formats=["svg"], sweep=ahead)
    assert contents(tmp_path / "plots") == before
