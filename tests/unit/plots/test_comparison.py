"""Several sweeps in one figure, by what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep import errors
from dropsweep.analysis import differences, summarize
from dropsweep.plots import compare
from dropsweep.plots.comparison import compare_differences, compare_final_accuracy
from tests.factories import make_record, make_spec, make_sweep

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

PLAIN = make_sweep([0.0, 0.5, 0.9], 3, epochs=1)
WIDE = [make_record(make_spec(rate, epochs=1, hidden_sizes=(900,)), val=0.4) for rate in (0.0, 0.5)]


def legend_texts(figure: Figure) -> list[str]:
    """The entries of the figure's one legend."""
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def test_a_colour_a_sweep() -> None:
    """Validation solid and training dashed through the means, each sweep in its colour."""
    figure = compare_final_accuracy({"plain": PLAIN, "wide": WIDE})
    assert figure is not None
    lines = [container[0] for container in figure.axes[0].containers]
    assert [line.get_linestyle() for line in lines] == ["--", "-"] * 2
    colours = [line.get_color() for line in lines]
    assert colours[0] == colours[1] != colours[2] == colours[3]
    for line, records in ((lines[1], PLAIN), (lines[3], WIDE)):
        means = [(each.rate, each.val.mean) for each in summarize(records) if each.val is not None]
        np.testing.assert_array_equal(line.get_xydata(), means)
    assert legend_texts(figure) == [
        "plain (3 seeds)",
        "wide (1 seed)",
        "training accuracy",
        "validation accuracy",
        "95 % interval",
    ]
    assert "1,000 validation images, 1 to 3 seeds" in figure.get_suptitle()


def test_differences_are_those_of_each_sweep_to_its_own_baseline() -> None:
    """Paired within a sweep, never between two."""
    figure = compare_differences({"plain": PLAIN, "wide": WIDE})
    assert figure is not None
    for container, records in zip(figure.axes[0].containers, (PLAIN, WIDE), strict=True):
        expected = [(each.rate, each.estimate.mean) for each in differences(records)]
        np.testing.assert_array_equal(container[0].get_xydata(), expected)
    assert figure.get_suptitle().startswith("Final validation accuracy minus that of rate 0.00")


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
    """Another label is drawn anew, and what shows the old one goes."""
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


def test_each_cell_is_a_line_up_to_eight(tmp_path: Path) -> None:
    """More cannot be told apart, and the error says how many there are."""
    cells = [make_record(make_spec(0.5, epochs=1, train_size=100 + at)) for at in range(8)]
    figure_lines = compare({"grid": cells[:7], "plain": PLAIN}, tmp_path / "a", ["svg"])
    text = figure_lines[0].read_bytes()
    assert b"grid, dataset.train_size = 106 (1 seed)" in text
    with pytest.raises(errors.ConfigError, match="9 lines"):
        compare({"grid": cells, "plain": PLAIN}, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_nothing_finished(tmp_path: Path) -> None:
    """No figure, and no folder."""
    diverged = [make_record(make_spec(), points=2)]
    assert compare({"a": [], "b": diverged}, tmp_path / "both") == []
    assert compare({"a": [], "b": []}, tmp_path / "both") == []
    assert not (tmp_path / "both").exists()


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    """A file in the way is the user's to mend."""
    (tmp_path / "both").write_text("in the way")
    with pytest.raises(errors.ResultsError, match="both"):
        compare({"plain": PLAIN, "wide": WIDE}, tmp_path / "both")
