"""``dropsweep plot``: which figures, in which formats, and several sweeps in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factories import make_folder, make_record, make_spec, make_sweep
from tests.figures import USUAL_FIGURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord
    from tests.user.conftest import Dropsweep


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


def small(rates: Sequence[float] = (0.0, 0.5), seeds: int = 2) -> list[RunRecord]:
    """A sweep that is drawn quickly."""
    return make_sweep(rates, seeds, epochs=2)


def figures(folder: str) -> set[str]:
    """Names of the files in a folder."""
    return {path.name for path in Path(folder).iterdir()}


def test_one_figure_in_other_formats(dropsweep: Dropsweep) -> None:
    """``--figure`` and ``--format`` draw what they name, and leave the rest."""
    make_folder("out", small())
    assert dropsweep("plot", "out", "--format", "png").returncode == 0
    before = figures("out/plots")
    arguments = ["--figure", "final_accuracy", "--format", "pdf", "--format", "svg"]
    result = dropsweep("plot", "out", *arguments)
    assert result.returncode == 0
    drawn = {"final_accuracy.pdf", "final_accuracy.svg"}
    assert {Path(line).name for line in result.stdout.splitlines()} == drawn
    assert figures("out/plots") == before | drawn


def test_a_figure_without_content_says_what_it_needs(dropsweep: Dropsweep) -> None:
    """Nothing printed and no word would look like a failure."""
    make_folder("out", small([0.5]))
    result = dropsweep("plot", "out", "--figure", "heat_map", "--figure", "race")
    assert (result.returncode, result.stdout) == (0, "")
    assert "heat_map needs a grid" in result.stderr
    assert "race needs seeds: auto in the config" in result.stderr


def test_an_unknown_figure_lists_the_known(dropsweep: Dropsweep) -> None:
    """Exit 2."""
    make_folder("out", [])
    result = dropsweep("plot", "out", "--figure", "pie")
    assert result.returncode == 2
    assert "'accuracy'" in result.stderr


@pytest.mark.parametrize(
    "record",
    [make_record(make_spec(epochs=1)), make_record(make_spec(), points=3)],
    ids=["one run of one epoch", "one diverged run"],
)
def test_little_is_drawn_as_far_as_it_goes(dropsweep: Dropsweep, record: RunRecord) -> None:
    """Figures with nothing to show are left out, without a warning."""
    make_folder("out", [record])
    result = dropsweep("plot", "out", "--format", "svg")
    assert result.returncode == 0
    assert figures("out/plots") == {f"{name}.svg" for name in USUAL_FIGURES}
    assert "Warning" not in result.stderr


def test_a_grid_of_many_settings(dropsweep: Dropsweep) -> None:
    """The whole sweep and the chosen setting are drawn; stderr says how to get the others."""
    make_folder(
        "out",
        [
            make_record(make_spec(0.5, epochs=1, train_size=200 * at), val=at / 10)
            for at in range(1, 8)
        ],
    )
    result = dropsweep("plot", "out", "--format", "svg")
    assert figures("out/plots") == {
        "heat_map_dataset.train_size.svg",
        *[f"{name}_dataset.train_size=1400.svg" for name in USUAL_FIGURES],
    }
    assert "6 of 7 settings have no figures of their own" in result.stderr
    assert "dropsweep plot out --figure accuracy" in result.stderr
    result = dropsweep("plot", "out", "--figure", "accuracy", "--format", "svg")
    assert len(result.stdout.splitlines()) == 7
    assert "no figures of their own" not in result.stderr


def test_two_sweeps_in_one_figure(dropsweep: Dropsweep) -> None:
    """They are called what ``--label`` says, and their own folders stay as they are."""
    make_folder("a", small())
    make_folder("b", small([0.0, 0.9]))
    result = dropsweep(
        *("plot", "a", "b", "--compare", "-o", "both", "--format", "svg"),
        *("--label", "moderate", "--label", "strong & rare"),
    )
    assert result.returncode == 0
    printed = ["both/compare_final_accuracy.svg", "both/compare_differences.svg"]
    assert result.stdout.splitlines() == printed
    for path in printed:
        text = Path(path).read_text(encoding="utf-8")
        assert "moderate (2 seeds)" in text
        assert "strong &amp; rare (2 seeds)" in text
    assert figures("a") == figures("b") == {"runs"}


def test_labels_are_the_folders_names(dropsweep: Dropsweep) -> None:
    """Their paths, where two have the same name."""
    for folder in ("x/net", "y/net", "y/deep"):
        make_folder(folder, small(seeds=1))
    options = ["--compare", "-o", "both", "--format", "svg"]
    dropsweep("plot", "x/net", "y/deep", *options)
    text = Path("both/compare_final_accuracy.svg").read_text(encoding="utf-8")
    assert ">net (1 seed)<" in text
    assert ">deep (1 seed)<" in text
    dropsweep("plot", "x/net", "y/net", *options)
    text = Path("both/compare_final_accuracy.svg").read_text(encoding="utf-8")
    assert ">x/net (1 seed)<" in text
    assert ">y/net (1 seed)<" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a", "b", "-o", "both"], "-o and --label belong to --compare"),
        (["a", "b", "--label", "x"], "-o and --label belong to --compare"),
        (["a", "b", "--compare"], "needs -o"),
        (["a", "--compare", "-o", "both"], "two results folders or more"),
        (["a", "b", "--compare", "-o", "both", "--label", "x"], "1 time, for 2 results folders"),
        (["a", "b", "--compare", "-o", "both", "--label", "x", "--label", "x"], "must differ"),
        (["a", "a", "--compare", "-o", "both"], "twice"),
        (["a", "b", "--compare", "-o", "both", "--figure", "accuracy"], "figures of its own"),
    ],
)
def test_options_that_do_not_belong_together(
    dropsweep: Dropsweep, arguments: list[str], told: str
) -> None:
    """Exit 2, nothing drawn, and an example of what would work."""
    make_folder("a", small())
    make_folder("b", small())
    result = dropsweep("plot", *arguments)
    assert result.returncode == 2
    assert told in result.stderr
    assert "For example: dropsweep plot" in result.stderr
    assert not Path("both").exists()


@pytest.mark.parametrize(
    "arguments",
    [["-o", "both"], ["--compare"], ["--compare", "-o", "c", "--label", "x", "--label", "x"]],
)
def test_usage_is_checked_before_a_folder_is_read(
    dropsweep: Dropsweep, arguments: list[str]
) -> None:
    """Exit 2 also where the folders hold no sweep, which would be exit 5."""
    Path("empty").mkdir()
    Path("bare").mkdir()
    result = dropsweep("plot", "empty", "bare", *arguments)
    assert result.returncode == 2
    assert "For example: dropsweep plot" in result.stderr


def test_too_many_lines(dropsweep: Dropsweep) -> None:
    """Exit 2, with the number and what to do."""
    make_folder("a", [make_record(make_spec(epochs=1, train_size=200 + at)) for at in range(8)])
    make_folder("b", small())
    result = dropsweep("plot", "a", "b", "--compare", "-o", "both")
    assert result.returncode == 2
    assert "9 lines" in result.stderr
    assert "Name fewer folders" in result.stderr


def test_a_comparison_that_cannot_be_written(dropsweep: Dropsweep) -> None:
    """Exit 5, and not a traceback."""
    make_folder("a", small())
    make_folder("b", small([0.0, 0.9]))
    Path("both").write_text("in the way")
    result = dropsweep("plot", "a", "b", "--compare", "-o", "both")
    assert result.returncode == 5
    assert "both: cannot be written" in result.stderr


def test_a_comparison_of_nothing(dropsweep: Dropsweep) -> None:
    """Says why there is no figure."""
    make_folder("a", [make_record(make_spec(), points=0)])
    make_folder("b", [make_record(make_spec(), points=0)])
    result = dropsweep("plot", "a", "b", "--compare", "-o", "both")
    assert result.returncode == 0
    assert "nothing to draw: no finished runs" in result.stderr


def test_a_picture_of_the_user_s_stays(dropsweep: Dropsweep) -> None:
    """Exit 5 says which file is in the way; it and a renamed copy keep their bytes."""
    make_folder("out", small())
    assert dropsweep("plot", "out", "--format", "svg").returncode == 0
    copy = Path("out/plots/accuracy_in_june.svg")
    copy.write_bytes(Path("out/plots/accuracy.svg").read_bytes())
    own = Path("out/plots/accuracy.pdf")
    own.write_bytes(b"%PDF of my own")
    result = dropsweep("plot", "out", "--figure", "accuracy", "--format", "pdf")
    assert result.returncode == 5
    assert "out/plots/accuracy.pdf: was not made by dropsweep" in result.stderr
    assert own.read_bytes() == b"%PDF of my own"
    assert dropsweep("plot", "out", "--format", "svg").returncode == 0
    assert copy.exists()


def test_a_label_with_dollars(dropsweep: Dropsweep) -> None:
    """It is text, and no formula that could be wrong."""
    make_folder("a", small())
    make_folder("b", small())
    labels = ["--label", r"$\frac$", "--label", "5 $ a day"]
    result = dropsweep("plot", "a", "b", "--compare", "-o", "both", "--format", "svg", *labels)
    assert result.returncode == 0, result.stderr
    assert r">$\frac$ (2 seeds)<" in Path("both/compare_final_accuracy.svg").read_text()


def test_a_figure_for_a_paper(dropsweep: Dropsweep) -> None:
    """Narrow, without a title, in a file of its own; its caption is printed."""
    make_folder("out", small())
    assert dropsweep("plot", "out", "--format", "svg").returncode == 0
    before = figures("out/plots")
    options = ("--figure", "final_accuracy", "--format", "pdf", "--width", "3.3", "--no-title")
    result = dropsweep("plot", "out", *options)
    path, caption = result.stdout.splitlines()
    assert path == "out/plots/final_accuracy_3.3in_no-title.pdf"
    assert caption.startswith("Training and validation accuracy")
    assert caption.endswith("CIFAR-10, 500 training and 1,000 validation images, 2 seeds.")
    assert b"/FontFile2" in Path(path).read_bytes()
    assert dropsweep("plot", "out", "--format", "svg").returncode == 0
    assert figures("out/plots") == before | {Path(path).name}
