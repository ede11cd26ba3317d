"""Several sweeps in one figure, by what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from dropsweep import errors
from dropsweep.analysis import differences, summarize
from dropsweep.plots import compare
from dropsweep.plots.comparison import compare_differences, compare_final_accuracy
from tests.factories import make_record, make_spec, make_sweep
from tests.figures import legend_texts, svg_texts, texts

if TYPE_CHECKING:
    from pathlib import Path


PLAIN = make_sweep([0.0, 0.5, 0.9], 3, epochs=1)
WIDE = [make_record(make_spec(rate, epochs=1, hidden_sizes=(900,)), val=0.4) for rate in (0.0, 0.5)]


def test_a_colour_a_sweep_and_a_panel_a_kind_of_accuracy() -> None:
    """Training above and validation below, each sweep in its colour, through its means."""
    figure = compare_final_accuracy({"plain": PLAIN, "wide": WIDE})
    assert figure is not None
    above, below = figure.axes
    assert (above.get_ylabel(), below.get_ylabel()) == (
        "final training accuracy",
        "final validation accuracy",
    )
    for axes, kind in ((above, "train"), (below, "val")):
        first, second = (container[0] for container in axes.containers)
        assert first.get_color() != second.get_color()
        for line, records in ((first, PLAIN), (second, WIDE)):
            means = [getattr(each, kind).mean for each in summarize(records)]
            np.testing.assert_array_equal(line.get_ydata(), means)
    assert legend_texts(figure) == ["plain (3 seeds)", "wide (1 seed)"]
    assert "1,000 validation images, 1 to 3 seeds" in " ".join(figure.get_suptitle().split())


def test_bars_need_five_seeds() -> None:
    """Fewer say little, as in the other figures."""
    five = make_sweep([0.0, 0.5], 5, epochs=1)
    figure = compare_final_accuracy({"plain": PLAIN, "five": five})
    assert figure is not None
    assert legend_texts(figure) == ["plain (3 seeds)", "five (5 seeds)", "95 % interval"]
    bars = [container[2][0].get_segments() for container in figure.axes[1].containers]
    assert [sum(len(bar) for bar in each) for each in bars] == [0, 4]


def test_each_mark_stands_at_its_rate() -> None:
    """Rates have slots at equal distances; marks of several sweeps stand apart within them."""
    other = make_sweep([0.0, 0.3], 2, epochs=1)
    figure = compare_final_accuracy({"a": PLAIN, "b": other, "c": PLAIN})
    assert figure is not None
    axes = figure.axes[1]
    assert texts(axes.get_xticklabels()) == ["0.00", "0.30", "0.50", "0.90"]
    places = [np.asarray(container[0].get_xdata(), float) for container in axes.containers]
    assert [np.round(each).tolist() for each in places] == [[0, 2, 3], [0, 1], [0, 2, 3]]
    assert all(abs(at - round(at)) < 0.4 for each in places for at in each)
    assert len({float(each[0]) for each in places}) == 3
    for container in axes.containers:  # nothing moves them when they are drawn
        assert container[0].get_transform() == axes.transData


def test_a_comparison_has_its_numbers_in_words(tmp_path: Path) -> None:
    """In the files, for those who do not see it."""
    (path, _) = compare({"plain": PLAIN, "wide": WIDE}, tmp_path, ["png"])
    with Image.open(path) as image:
        said = image.text["Description"]  # type: ignore[attr-defined] # of a PNG
    assert said.startswith("plain (3 seeds): rate 0.00: training 0.9")
    assert "wide (1 seed): rate 0.00: training " in said
    assert "validation 0.400, +0.0 points to rate 0.00" in said


@pytest.mark.parametrize("label", [r"$\frac$", "_old", "a\udcff", "bell\x07 $x$"])
def test_a_label_is_only_text(label: str, tmp_path: Path) -> None:
    """No formula is read into it, none is left out, and the file is sound XML."""
    paths = compare({label: PLAIN, "wide": WIDE}, tmp_path, ["svg", "png"])
    shown = label.replace("\udcff", "?").replace("\x07", "?")
    assert f"{shown} (3 seeds)" in svg_texts(paths[0].read_bytes())


def test_a_file_of_the_user_s_is_not_replaced(tmp_path: Path) -> None:
    """The error names it, and it stays as it was."""
    own = tmp_path / "compare_final_accuracy.png"
    own.write_bytes(b"a picture of my own")
    with pytest.raises(errors.ResultsError, match=r"compare_final_accuracy\.png: was not made by"):
        compare({"plain": PLAIN, "wide": WIDE}, tmp_path)
    assert own.read_bytes() == b"a picture of my own"


def test_files_of_other_kinds_are_not_touched(tmp_path: Path) -> None:
    """Notes that quote a figure's stamp are not a figure."""
    compare({"plain": PLAIN, "wide": WIDE}, tmp_path, ["svg"])
    notes = tmp_path / "compare_final_accuracy.txt"
    notes.write_bytes((tmp_path / "compare_final_accuracy.svg").read_bytes())
    compare({"plain": PLAIN, "broad": WIDE}, tmp_path, ["svg"])
    assert notes.exists()


def test_differences_are_those_of_each_sweep_to_its_own_baseline() -> None:
    """Paired within a sweep, never between two."""
    figure = compare_differences({"plain": PLAIN, "wide": WIDE})
    assert figure is not None
    for container, records in zip(figure.axes[0].containers, (PLAIN, WIDE), strict=True):
        expected = [each.estimate.mean for each in differences(records)]
        np.testing.assert_array_equal(container[0].get_ydata(), expected)
    assert figure.get_suptitle().startswith(
        "Final validation accuracy minus that of rate 0.00 of the same sweep\n"
    )


@pytest.mark.parametrize("other", [make_sweep([0.5]), make_sweep([0.25, 0.5])])
def test_differences_need_one_baseline(other: list) -> None:  # type: ignore[type-arg] # of records
    """A sweep of one rate has none, and two baselines do not compare."""
    assert compare_differences({"plain": PLAIN, "other": other}) is None


def test_files(tmp_path: Path) -> None:
    """Both figures, in the formats asked for, and written once."""
    paths = compare({"plain": PLAIN, "wide": WIDE}, tmp_path / "both", ["svg", "pdf"])
    assert [path.name for path in paths] == [
        "compare_final_accuracy.svg",
        "compare_final_accuracy.pdf",
        "compare_differences.svg",
        "compare_differences.pdf",
    ]
    times = [path.stat().st_mtime_ns for path in paths]
    assert compare({"plain": PLAIN, "wide": WIDE}, tmp_path / "both", ["svg", "pdf"]) == paths
    assert [path.stat().st_mtime_ns for path in paths] == times


def test_labels_are_part_of_a_figure(tmp_path: Path) -> None:
    """Another label is drawn again, and what shows the old one goes."""
    compare({"plain": PLAIN, "wide": WIDE}, tmp_path, ["svg", "pdf"])
    (path, _) = compare({"plain": PLAIN, "broad": WIDE}, tmp_path, ["svg"])
    assert b"broad (1 seed)" in path.read_bytes()
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".svg", ".svg"]


def test_other_figures_in_the_folder_stay(tmp_path: Path) -> None:
    """Also where a comparison has no differences any more."""
    (tmp_path / "compare_differences.png").write_bytes(b"a picture of my own")
    (tmp_path / "mine.txt").write_text("notes")
    compare({"plain": PLAIN, "one": WIDE[:1]}, tmp_path, ["svg"])
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "compare_differences.png",
        "compare_final_accuracy.svg",
        "mine.txt",
    ]


def test_each_setting_is_a_line_up_to_eight(tmp_path: Path) -> None:
    """More cannot be told apart, and the error says how many there are."""
    settings = [make_record(make_spec(0.5, epochs=1, train_size=100 + at)) for at in range(8)]
    figure_lines = compare({"grid": settings[:7], "plain": PLAIN}, tmp_path / "a", ["svg"])
    text = figure_lines[0].read_bytes()
    assert b"grid, dataset.train_size = 106 (1 seed)" in text
    with pytest.raises(errors.ConfigError, match="9 lines"):
        compare({"grid": settings, "plain": PLAIN}, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_nothing_finished(tmp_path: Path) -> None:
    """No figure, and no folder."""
    diverged = [make_record(make_spec(), points=2)]
    assert compare({"a": [], "b": diverged}, tmp_path / "both") == []
    assert compare({"a": [], "b": []}, tmp_path / "both") == []
    assert not (tmp_path / "both").exists()


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    """A file in the way is the user's to fix."""
    (tmp_path / "both").write_text("in the way")
    with pytest.raises(errors.ResultsError, match="both"):
        compare({"plain": PLAIN, "wide": WIDE}, tmp_path / "both")
