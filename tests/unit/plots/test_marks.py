"""Marks: a file of dropsweep's own, current or not, and a file of somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dropsweep import errors
from dropsweep.plots.marks import Mark, find_mark, is_current, remove_outdated, replace_marked

if TYPE_CHECKING:
    from pathlib import Path

MARK = Mark("0" * 64, "accuracy")


@pytest.mark.parametrize("mark", [MARK, Mark("a" * 64, "report", "report")])
def test_a_mark_is_read_as_it_was_written(mark: Mark, tmp_path: Path) -> None:
    """Wherever it stands in a file."""
    path = tmp_path / "file"
    path.write_text(f"<before>{mark}<after>")
    assert find_mark(path) == mark
    assert is_current(path, mark)
    assert not is_current(path, Mark("1" * 64, mark.name, mark.kind))


def test_a_report_of_an_older_version_is_ours(tmp_path: Path) -> None:
    """Its mark had no name; it is replaced, and removed once it is outdated."""
    path = tmp_path / "report.html"
    path.write_text(f'<meta name="generator" content="dropsweep-report:{"a" * 64}">')
    assert find_mark(path) == Mark("a" * 64, "report", "report")
    replace_marked(path, path.read_bytes(), "report")
    remove_outdated([path], lambda: "1" * 64)
    assert not path.exists()


def test_a_page_of_the_user_with_a_figure_in_it_stays(tmp_path: Path) -> None:
    """The figure's mark does not make the page a report."""
    path = tmp_path / "report.html"
    path.write_text(f"<h1>mine</h1><svg>{MARK}</svg>")
    with pytest.raises(errors.ResultsError, match="was not made by dropsweep"):
        replace_marked(path, b"new", "report")


@pytest.mark.parametrize("text", ["a picture of my own", f"dropsweep-figure:{'0' * 63}:gap;", ""])
def test_a_file_of_somebody_else_has_none_and_stays(text: str, tmp_path: Path) -> None:
    """Nor has one that only looks alike; it is neither replaced nor removed."""
    path = tmp_path / "accuracy.svg"
    path.write_text(text)
    assert find_mark(path) is None
    with pytest.raises(errors.ResultsError, match="was not made by dropsweep"):
        replace_marked(path, b"new")
    remove_outdated([path], lambda: "1" * 64)
    assert path.read_text() == text


def test_only_what_is_outdated_under_its_own_name_goes(tmp_path: Path) -> None:
    """A renamed copy is the user's own."""
    own, copy = tmp_path / "accuracy.svg", tmp_path / "accuracy_of_june.svg"
    for path in (own, copy):
        path.write_text(str(MARK))
    remove_outdated([own, copy], lambda: MARK.digest)
    assert own.exists()
    remove_outdated([own, copy], lambda: "1" * 64)
    assert (own.exists(), copy.exists()) == (False, True)


def test_no_digest_is_made_where_nothing_was(tmp_path: Path) -> None:
    """It takes all runs to make one."""

    def digest() -> str:
        raise AssertionError("made")

    remove_outdated([tmp_path / "absent.svg"], digest)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder stands there, or permissions are lacking."""
    (tmp_path / "accuracy.svg").mkdir()
    with pytest.raises(errors.ResultsError, match=r"accuracy\.svg: cannot be read"):
        find_mark(tmp_path / "accuracy.svg")
