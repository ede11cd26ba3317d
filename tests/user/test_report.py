"""``dropsweep report``, from the shell and in a browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factories import make_failure, make_folder, make_record, make_spec, make_sweep
from tests.user import browser

if TYPE_CHECKING:
    from tests.user.conftest import Dropsweep

in_browser = pytest.mark.skipif(
    browser.program() is None, reason=f"needs a browser: none of {', '.join(browser.NAMES)} is here"
)


@pytest.fixture
def dropsweep(quick: Dropsweep) -> Dropsweep:
    """Without a process of its own."""
    return quick


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a sweep with everything in it: grid, failed and diverged runs."""
    from dropsweep import report
    from dropsweep.collection import collect

    records = [make_record(make_spec(0.99), points=2)]
    for size in (200, 500):
        records += make_sweep((0.0, 0.5, 0.9), 4, train_size=size)
    folder = make_folder(tmp_path_factory.mktemp("report") / "sweep & <b>", records)
    failure = make_failure(make_spec(0.7), "E: <script>alert(1)</script>")
    folder.write_failure(replace(failure, traceback="Traceback:\n  " + "long line " * 40))
    folder.write_config(b"name: sweep\n# a comment that goes on and on " + b"and on " * 40)
    return report.write(folder, collect(folder, everything=True))


def test_a_sweep_leaves_its_report(dropsweep: Dropsweep, config: Path) -> None:
    """`run` writes it; `report` prints its path and leaves it alone, or writes it elsewhere."""
    assert dropsweep("run", config, "-o", "out").returncode == 0
    before = Path("out/report.html").stat().st_mtime_ns
    result = dropsweep("report", "out")
    assert (result.returncode, result.stdout) == (0, f"{Path('out/report.html')}\n")
    assert Path("out/report.html").stat().st_mtime_ns == before
    assert dropsweep("report", "out", "-o", "mine.html").stdout == "mine.html\n"
    assert 'href="out/runs/' in Path("mine.html").read_text()


def test_no_file_of_another_kind_is_replaced(dropsweep: Dropsweep, config: Path) -> None:
    """Exit 5, with what to do; the config is still there."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    before = Path("out/config.yaml").read_bytes()
    result = dropsweep("report", "out", "-o", "out/config.yaml")
    assert result.returncode == 5
    assert "out/config.yaml: was not made by dropsweep" in result.stderr
    assert Path("out/config.yaml").read_bytes() == before


def test_no_plots_leaves_no_outdated_report(dropsweep: Dropsweep, config: Path) -> None:
    """No new report is made, an up-to-date one stays, an outdated one goes."""
    run = ("run", config, "-o", "out", "--no-plots")
    dropsweep(*run)
    assert not Path("out/report.html").exists()
    dropsweep("report", "out")
    dropsweep(*run)
    assert Path("out/report.html").exists()
    dropsweep(*run, "-s", "dropout.rates=[0, 0.25]")
    assert not Path("out/report.html").exists()


def test_all_takes_in_every_run(dropsweep: Dropsweep, config: Path) -> None:
    """Runs that the config does not plan are counted, or with ``--all`` shown."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    dropsweep("run", config, "-o", "out", "--no-plots", "-s", "dropout.rates=[0.9]")
    told = dropsweep("report", "out")
    assert "2 runs that config.yaml does not plan are left out" in told.stderr
    assert "rate-0.50" not in Path("out/report.html").read_text()
    dropsweep("report", "out", "--all")
    assert "rate-0.50" in Path("out/report.html").read_text()


def test_a_folder_without_runs(dropsweep: Dropsweep, config: Path) -> None:
    """No run is an answer too; a folder that holds no results is not one."""
    dropsweep("run", config, "-o", "out", "--no-plots")
    for path in Path("out/runs").iterdir():
        path.unlink()
    assert dropsweep("report", "out").returncode == 0
    assert "None yet: no finished runs." in Path("out/report.html").read_text()
    Path("empty").mkdir()
    result = dropsweep("report", "empty")
    assert result.returncode == 5
    assert "no results here or below" in result.stderr


@in_browser
@pytest.mark.parametrize("theme", ["", browser.DARK], ids=["light", "dark"])
def test_all_text_can_be_read(page: Path, tmp_path: Path, theme: str) -> None:
    """Contrast of text is at least 4.5:1 in both themes, in figures too."""
    seen = browser.look(page, theme + browser.CONTRAST, tmp_path)
    assert seen.facts["count"] > 300
    assert seen.facts["low"] == []


@in_browser
def test_the_themes_differ(page: Path, tmp_path: Path) -> None:
    """Dark is dark: the test above has seen two themes, not one twice."""
    ground = "return frame.getComputedStyle(page.body).backgroundColor;"
    light = browser.look(page, ground, tmp_path).facts
    dark = browser.look(page, browser.DARK + ground, tmp_path).facts
    assert light == "rgb(255, 255, 255)"
    assert sum(map(int, dark.removeprefix("rgb(").rstrip(")").split(","))) < 150


@in_browser
def test_nothing_is_asked_for_and_nothing_complained_of(page: Path, tmp_path: Path) -> None:
    """No request leaves the file, no error is on the console, no script but ours runs."""
    script = """
    frame.alert = () => { frame.alerted = true; };
    for (const each of page.querySelectorAll("details")) each.open = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return {
      requests: frame.performance.getEntriesByType("resource").map((each) => each.name),
      scripts: page.scripts.length,
      alerted: Boolean(frame.alerted),
    };
    """
    seen = browser.look(page, script, tmp_path)
    assert seen.facts == {"requests": [], "scripts": 1, "alerted": False}
    assert seen.console == []


@in_browser
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_fits_its_width(page: Path, tmp_path: Path, width: int) -> None:
    """Wide tables, figures and tracebacks scroll in boxes of their own, also when opened."""
    script = """
    for (const each of page.querySelectorAll("details")) each.open = true;
    return [page.documentElement.scrollWidth, frame.innerWidth];
    """
    seen = browser.look(page, script, tmp_path, width)
    needed, given = seen.facts
    assert given == width
    assert needed <= given


@in_browser
def test_a_phone_has_drawings_of_its_own(page: Path, tmp_path: Path) -> None:
    """One drawing of each figure is seen, whole, with letters that can be read; no table hides."""
    script = """
    const seen = (name) => [...page.querySelectorAll(`.drawing ${name} svg`)]
      .filter((each) => each.checkVisibility()).length;
    const box = page.querySelector("#main .drawing");
    const letters = [...box.querySelectorAll("text")]
      .filter((each) => each.checkVisibility() && each.textContent.trim().length > 3)
      .map((each) => each.getBoundingClientRect()).map((each) => Math.min(each.width, each.height));
    const hint = frame.getComputedStyle(page.getElementById("table-runs-caption"), "::after");
    return [
      seen(".wide") > 0, seen(".narrow") > 0, box.scrollWidth - box.clientWidth,
      Math.min(...letters) > 9, /scrolls/.test(hint.content),
    ];
    """
    assert browser.look(page, script, tmp_path, 390).facts == [False, True, 0, True, True]
    assert browser.look(page, script, tmp_path, 1200).facts == [True, False, 0, True, False]


@in_browser
@pytest.mark.parametrize("width", [800, 1000, 1240])
def test_the_main_figure_and_its_caption_have_room(page: Path, tmp_path: Path, width: int) -> None:
    """Neither is squeezed by the other: the caption has whole words in each line."""
    script = """
    const parts = ["#main .drawing", "#main figcaption"];
    return parts.map((each) => page.querySelector(each).clientWidth);
    """
    drawing, caption = browser.look(page, script, tmp_path, width).facts
    assert drawing > 640
    assert caption >= 14 * 16


@in_browser
def test_answering_columns_are_seen_at_1280_pixels(page: Path, tmp_path: Path) -> None:
    """Rates and best rates need no scrolling; of the runs, validation accuracy is in sight."""
    script = """
    const over = (id) => { const box = page.getElementById(id).closest(".box");
      return box.scrollWidth - box.clientWidth; };
    const runs = page.getElementById("table-runs"), box = runs.closest(".box");
    const head = [...runs.tHead.rows[0].cells].find((each) => /validation/.test(each.innerText));
    return [over("table-rates"), over("table-best"),
      head.getBoundingClientRect().right <= box.getBoundingClientRect().right];
    """
    assert browser.look(page, script, tmp_path, 1280).facts == [0, 0, True]


@in_browser
def test_a_table_is_sorted_by_a_click(page: Path, tmp_path: Path) -> None:
    """By numbers, up and then down; what has no number stands last, then first."""
    script = """
    const table = page.getElementById("table-runs");
    const header = [...table.tHead.rows[0].cells].find((each) => /training/.test(each.innerText));
    const button = header.querySelector("button");
    const column = () => [...table.tBodies[0].rows]
      .map((row) => parseFloat(row.cells[header.cellIndex].innerText));
    const found = [];
    for (let click = 0; click < 2; click++) { button.click(); found.push(column()); }
    return found;
    """
    up, down = browser.look(page, script, tmp_path).facts
    assert len(up) > 20
    assert up == sorted(up)
    assert down == up[::-1] != up


@in_browser
def test_a_run_opens_when_it_is_named(page: Path, tmp_path: Path) -> None:
    """Details of a run are shown once its row is clicked, and of no other run."""
    script = """
    const row = page.querySelector("#table-runs a"), name = row.getAttribute("href").slice(1);
    const shown = () => [...page.querySelectorAll(".run")]
      .filter((each) => each.getClientRects().length).map((each) => each.id);
    const before = shown();
    row.click();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [before, shown().length, shown()[0] === name];
    """
    assert browser.look(page, script, tmp_path).facts == [[], 1, True]


@in_browser
def test_a_chip_and_a_row_light_a_rate(page: Path, tmp_path: Path) -> None:
    """Everything else of a rate pales; a second click, or leaving the row, brings it back."""
    script = """
    const pale = () => [...page.querySelectorAll("#table-rates tr[data-rate]")]
      .filter((each) => frame.getComputedStyle(each).opacity < 1).map((each) => each.dataset.rate);
    const chip = [...page.querySelectorAll(".chips button")].find((e) => e.textContent === "0.50");
    const row = page.querySelector("#table-rates tr[data-rate='0.90']"), found = [pale()];
    chip.click();
    found.push([...new Set(pale())], chip.getAttribute("aria-pressed"));
    chip.click();
    found.push(pale());
    row.dispatchEvent(new frame.Event("mouseover", {bubbles: true}));
    found.push([...new Set(pale())]);
    row.parentNode.dispatchEvent(new frame.Event("mouseleave"));
    found.push(pale());
    return found;
    """
    before, chosen, state, after, hovered, left = browser.look(page, script, tmp_path).facts
    assert before == after == left == []
    assert (sorted(chosen), state) == (["0.00", "0.90", "0.99"], "true")
    assert sorted(hovered) == ["0.00", "0.50", "0.99"]
