"""The report's file: when it is written, left alone and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dropsweep import errors, plots, report
from dropsweep.collection import collect
from dropsweep.report.page import link
from tests.factories import make_sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from dropsweep.plots.view import View
    from dropsweep.results import ResultsFolder


def publish(folder: ResultsFolder, *rates: float) -> None:
    """Finished runs."""
    for record in make_sweep(rates):
        folder.publish(record)


def test_equal_runs_make_equal_bytes(folder: ResultsFolder) -> None:
    """Nothing of when or where a page is made stands in it."""
    publish(folder, 0.0, 0.5)
    path = report.write(folder, collect(folder))
    before = path.read_bytes()
    path.unlink()
    report.write(folder, collect(folder))
    assert path.read_bytes() == before


def test_an_up_to_date_page_is_left_alone(folder: ResultsFolder) -> None:
    """It keeps its time; one more run makes it again."""
    publish(folder, 0.0, 0.5)
    path = report.write(folder, collect(folder))
    before = path.stat().st_mtime_ns
    report.write(folder, collect(folder))
    assert path.stat().st_mtime_ns == before
    publish(folder, 0.9)
    report.write(folder, collect(folder))
    assert "0.90" in path.read_text()


def test_only_an_outdated_report_of_ours_goes(folder: ResultsFolder) -> None:
    """An up-to-date one stays, and so does a page that somebody else put there."""
    publish(folder, 0.0)
    path = report.write(folder, collect(folder))
    report.remove_outdated(folder, collect(folder))
    assert path.exists()
    publish(folder, 0.5)
    report.remove_outdated(folder, collect(folder))
    assert not path.exists()
    path.write_text("my own page")
    report.remove_outdated(folder, collect(folder))
    assert path.exists()


def test_a_page_elsewhere_leads_back(folder: ResultsFolder, tmp_path: Path) -> None:
    """Links start where the page is."""
    publish(folder, 0.0)
    (tmp_path / "pages").mkdir()
    path = report.write(folder, collect(folder), tmp_path / "pages" / "mine.html")
    assert 'href="../sweep/runs/rate-0.00' in path.read_text()


def test_a_link_says_only_a_path(tmp_path: Path) -> None:
    """Characters with a meaning in an address are encoded in a name."""
    assert link(tmp_path / 'a:b ?#"<&', tmp_path) == "a%3Ab%20%3F%23%22%3C%26"


def test_a_page_that_cannot_be_written_is_told(folder: ResultsFolder, tmp_path: Path) -> None:
    """The file that was asked for is named."""
    target = tmp_path / "none" / "mine.html"
    with pytest.raises(errors.DropsweepError, match=r"mine\.html"):
        report.write(folder, collect(folder), target)


@pytest.mark.parametrize("name", ["config.yaml", "runs/mine.json", "page.html"])
def test_a_file_of_somebody_else_is_not_replaced(folder: ResultsFolder, name: str) -> None:
    """The error names it and says what to do, and not a byte of it is lost."""
    publish(folder, 0.0)
    path = folder.path / name
    path.write_text("dropout: {rates: [0]}")
    with pytest.raises(errors.ResultsError, match="was not made by dropsweep") as told:
        report.write(folder, collect(folder, everything=True), path)
    assert name in str(told.value)
    assert "Move or rename it" in str(told.value)
    assert path.read_text() == "dropout: {rates: [0]}"


def test_a_report_of_ours_is_replaced_wherever_it_is(folder: ResultsFolder, tmp_path: Path) -> None:
    """An outdated one was made by the same command."""
    publish(folder, 0.0)
    path = report.write(folder, collect(folder), tmp_path / "mine.html")
    publish(folder, 0.9)
    report.write(folder, collect(folder), path)
    assert "0.90" in path.read_text()


@pytest.mark.parametrize("damage", ["cut", "forged"])
def test_figures_in_the_folder_are_not_believed(folder: ResultsFolder, damage: str) -> None:
    """Neither half a file nor one with other content changes the page."""
    publish(folder, 0.0, 0.5)
    records = collect(folder).records
    path = report.write(folder, collect(folder))
    right = path.read_bytes()
    path.unlink()
    for svg in plots.draw(records, folder.path, formats=["svg"]):
        content = svg.read_bytes()
        forged = content.replace(b"</svg>", b"<text>forged</text></svg>")
        svg.write_bytes(forged if damage == "forged" else content[:3000])
    report.write(folder, collect(folder))
    assert path.read_bytes() == right


def test_drawings_that_are_there_are_used(folder: ResultsFolder) -> None:
    """Figures that are drawn already are handed on; only those for phones are drawn."""
    publish(folder, 0.0, 0.5)
    collection = collect(folder)
    path = report.write(folder, collection)
    right = path.read_bytes()
    path.unlink()
    made = plots.drawings(collection.records, folder.read_parameters, folder=folder.path)
    plots.save_all(made, ["svg"])
    report.write(
        folder,
        collection,
        drawings=[replace(each, kind=replace(each.kind, draw=for_phones(each))) for each in made],
    )
    assert path.read_bytes() == right


def for_phones(drawing: plots.Drawing) -> Callable[[View], Figure | None]:
    """Draws at a phone's width only."""
    draw = drawing.kind.draw

    def checked(view: View) -> Figure | None:
        assert view.look != plots.Look(), "drawn again"
        return draw(view)

    return checked


@pytest.mark.parametrize("what", ["version", "figures", "a new figure", "templates"])
def test_a_page_that_would_look_different_is_made_again(
    folder: ResultsFolder, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another dropsweep, other figures or other templates outdate it, though no run changed."""
    publish(folder, 0.0)
    path = report.write(folder, collect(folder))
    if what == "version":
        monkeypatch.setattr(report, "__version__", "99")
    elif what == "figures":
        monkeypatch.setattr(plots, "VERSION", 99)
    elif what == "a new figure":
        monkeypatch.setattr(plots, "FIGURE_NAMES", (*plots.FIGURE_NAMES, "new"))
    else:
        monkeypatch.setitem(report.template.templates(), "page.css", "* { color: red }")
    report.remove_outdated(folder, collect(folder))
    assert not path.exists()
