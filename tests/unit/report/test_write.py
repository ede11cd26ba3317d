"""The report's file: when it is written, left alone and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dropsweep import errors, report
from dropsweep.collection import collect
from dropsweep.report.page import link
from tests.factories import make_sweep

if TYPE_CHECKING:
    from pathlib import Path

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
    """It keeps its time; one more run makes it anew."""
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
    """What has a meaning in an address is encoded in a name."""
    assert link(tmp_path / 'a:b ?#"<&', tmp_path) == "a%3Ab%20%3F%23%22%3C%26"


def test_a_page_that_cannot_be_written_is_told(folder: ResultsFolder, tmp_path: Path) -> None:
    """The file that was asked for is named."""
    target = tmp_path / "none" / "mine.html"
    with pytest.raises(errors.DropsweepError, match=r"mine\.html"):
        report.write(folder, collect(folder), target)
