"""The whole page: what stands in it, and that it is sound HTML on its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep import plots, tables
from dropsweep.analysis import find
from dropsweep.records import SYNTHETIC_IDENTITY
from dropsweep.report import runs
from tests.factories import RATES, make_failure, make_record, make_spec, make_sweep
from tests.unit.report.reading import rows

if TYPE_CHECKING:
    from dropsweep.records import RunRecord
    from dropsweep.results import ResultsFolder
    from tests.unit.report.conftest import MakePage

HOSTILE = "<script>alert(1)</script> & <img src=x onerror=alert(2)> \" ' --> ]]>"


def grid() -> list[RunRecord]:
    """Two settings of several seeds, so that figures of one kind stand beside each other."""
    return [*make_sweep((0.0, 0.5), 3), *make_sweep((0.0, 0.5), 3, train_size=200)]


def test_every_id_stands_once(page: MakePage) -> None:
    """Figures of one kind have equal ids in their files, and must not in one page."""
    ids = [each.attributes["id"] for each in page(grid()).all() if "id" in each.attributes]
    assert any(name.startswith("f1-") for name in ids)
    assert len(ids) == len(set(ids))


def test_too_many_rates_are_named_not_listed(
    page: MakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page must not grow without end: it says where the rows are."""
    monkeypatch.setattr(runs, "MOST_RATES", 3)
    section = page(grid()).by_id("rates")
    assert not section.all("table")
    assert "4 rates" in section.text
    assert "summary.csv" in section.text


def test_every_inner_link_has_its_target(page: MakePage) -> None:
    """Contents, runs, machines, and what figures use by reference."""
    diverged = make_record(make_spec(0.9), points=2)
    found = page([*grid(), diverged], [make_failure(make_spec(0.7))])
    ids = {each.attributes.get("id") for each in found.all()}
    links = [
        value.removeprefix("#")
        for each in found.all()
        for name, value in each.attributes.items()
        if name in ("href", "xlink:href", "aria-labelledby")
        if value.startswith("#") or name == "aria-labelledby"
    ]
    used = [
        name
        for each in found.all()
        for value in each.attributes.values()
        for name in re.findall(r"url\(#(.+?)\)", value)
    ]
    assert used
    assert links
    assert set(links) | set(used) <= ids


def test_nothing_is_fetched(page: MakePage) -> None:
    """Only the citations lead elsewhere, and a browser asks for those when they are clicked."""
    found = page(make_sweep(seeds=2))
    addresses = [
        (each.tag, value)
        for each in found.all()
        for name, value in each.attributes.items()
        if name in ("src", "href", "xlink:href", "data", "srcset", "action", "poster")
        and not value.startswith(("#", "data:", "./runs/", "runs/"))
    ]
    assert {tag for tag, _ in addresses} == {"a"}
    assert {value.split("/")[2] for _, value in addresses} == {"www.cs.toronto.edu", "jmlr.org"}
    assert not found.all("link")
    assert "@import" not in "".join(style.text for style in found.all("style"))


def test_hostile_text_is_inert(page: MakePage, folder: ResultsFolder) -> None:
    """Whatever names, configs, errors and machines are called, there is one script: the page's."""
    specs = [make_spec(0.5, identity=identity) for identity in ("cifar10", f"sha256:{HOSTILE}")]
    machine = {"cpu": HOSTILE, HOSTILE: "1"}
    records = [replace(make_record(spec), environment=machine) for spec in specs]
    found = page(records, [make_failure(make_spec(0.9), HOSTILE)], f"name: x\n# {HOSTILE}\n")
    assert len(found.all("script")) == 1
    assert "alert" not in found.all("script")[0].text
    assert not [each for each in found.all() if {"onerror", "onload"} & each.attributes.keys()]
    for place in ("figures", "rates", "runs", "config", "trouble", "environment", "details"):
        assert HOSTILE in found.by_id(place).text
    assert folder.path.joinpath("report.html").read_text().count("<script") == 1


def test_the_answer_comes_first(page: MakePage) -> None:
    """The lines of `show` are on top, a card per label, the answer first; commands stand whole."""
    records = make_sweep(seeds=3)
    found = page(records, config="name: x\n")
    findings = find(sorted(records, key=lambda each: (each.spec.rate, each.spec.seed)))
    answer = found.by_id("answer")
    labels = [each.text for each in answer.all("dt")]
    assert labels == ["Answer", "Test", "Fit", "Scope", "Next"]
    lines = tables.answer(findings)
    texts = [each.text.strip().replace("\N{NO-BREAK SPACE}", " ") for each in answer.all("dd")]
    assert texts[: len(lines)] == [line.text.replace("`", "") for line in lines]
    (command,) = [e.text for e in answer.all("code") if e.attributes.get("class") == "command"]
    assert command.startswith("dropsweep run ")
    assert command.endswith(" -s seeds=auto")
    order = [each.attributes["id"] for each in found.all("section") if "id" in each.attributes]
    assert order[:6] == ["answer", "main", "lesson", "figures", "rates", "runs"]


def test_every_figure_is_explained(page: MakePage) -> None:
    """Its question is a heading for screen readers, its numbers are in words, its marks below.

    The title that is seen stands in the drawing, of which a phone has its own.
    """
    found = page(make_sweep(seeds=3))
    figures = [each for each in found.all("section") if each.attributes.get("class") == "figure"]
    assert len(figures) >= 2
    for figure in figures:
        (question,), (caption,) = figure.all("h3"), figure.all("figcaption")
        assert question.attributes["class"] == "heard"
        assert question.text.endswith("?")
        assert caption.text.endswith(".")
        (drawing,) = [each for each in figure.all() if each.attributes.get("role") == "img"]
        label = drawing.attributes["aria-label"]
        assert label.startswith(question.text)
        assert re.search(r"rate 0.50.* 0\.\d+", label)
        widths = [float(each.attributes["viewbox"].split()[2]) for each in drawing.all("svg")]
        assert widths == sorted(widths, reverse=True)
        assert len(widths) == 2


def test_a_rate_s_marks_have_its_values_as_their_title(page: MakePage) -> None:
    """A browser shows them beside the pointer."""
    found = page(make_sweep(seeds=6)).by_id("main")
    titles = {each.text for each in found.all("title")}
    assert len(titles) == len(RATES)
    (title,) = [each for each in titles if each.startswith("rate 0.50\n")]
    assert re.search(r"validation 0\.\d+ ± .*\ngap 0\.\d+\ndifference to rate 0.00 [+-]", title)


def test_a_run_leads_to_its_details_and_its_file(page: MakePage, folder: ResultsFolder) -> None:
    """The link of each row ends at the run's section, whose link ends at the run's file."""
    records = make_sweep((0.0, 0.5), 2)
    found = page(records)
    for record in records:
        (row,) = [each for each in found.by_id("table-runs").all("a") if each.text == record.run_id]
        told = found.by_id(row.attributes["href"].removeprefix("#"))
        assert told.attributes["class"] == "run"
        assert f"seed = {record.spec.seed}" in told.text
        links = [each.attributes["href"] for each in told.all("a")]
        assert folder.run_file(record.run_id) in [folder.path / each for each in links]


def test_the_runs_table_has_every_run(page: MakePage) -> None:
    """The last epoch's accuracies, test accuracy and status, a row a run; diverged ones too."""
    records = [*make_sweep((0.0, 0.5)), make_record(make_spec(0.9), points=0)]
    header, *body = rows(page(records).by_id("table-runs"))
    found = {row[0]: dict(zip(header, row, strict=True)) for row in body}
    assert set(found) == {record.run_id for record in records}
    first, lost = found[records[0].run_id], found[records[-1].run_id]
    assert first["training"] == f"{records[0].history.train_accuracy[-1]:.3f}"
    assert first["validation"] == f"{records[0].history.val_accuracy[-1]:.3f}"
    assert first["test"] == f"{records[0].test_accuracy:.3f}"
    assert (lost["status"], lost["training"], lost["best epoch"]) == ("diverged", "-", "-")


def test_failed_runs_are_told(page: MakePage) -> None:
    """Error, traceback, host and file of those that have not succeeded since."""
    records = make_sweep((0.0, 0.5))
    found = page(records)
    assert "None." in found.by_id("trouble").text
    spec = make_spec(0.9)
    trouble = page((), [make_failure(spec, "OSError: disk & all"), make_failure(records[0].spec)])
    told = trouble.by_id("trouble")
    assert "OSError: disk & all" in told.text
    assert "Traceback: OSError" in told.text
    assert "node-1" in told.text
    assert f"failed/{spec.run_id}.json" in told.all("a")[0].attributes["href"]
    assert records[0].run_id not in told.text
    assert "1 run has failed" in trouble.by_id("answer").text


def test_a_damaged_failure_is_counted(page: MakePage, folder: ResultsFolder) -> None:
    """It cannot be told, and must not be passed over."""
    folder.failed.mkdir()
    (folder.failed / f"{make_spec(0.95).run_id}.json").write_text("{")
    assert "1 file in failed/ cannot be read" in page(make_sweep()).by_id("trouble").text


@pytest.mark.parametrize(
    ("identity", "caution"),
    [
        ("cifar10", ""),
        (SYNTHETIC_IDENTITY, "Synthetic images"),
        ("sha256:ab", "Trained on the images of dataset.path, not"),
    ],
)
def test_other_data_is_told_at_the_top(page: MakePage, identity: str, caution: str) -> None:
    """No reader may take another data set's numbers for CIFAR-10's."""
    head = page([make_record(make_spec(identity=identity))]).all("header")[0]
    cautions = [each.text for each in head.all() if each.attributes.get("class") == "caution"]
    assert len(cautions) == bool(caution)
    assert all(text.startswith(caution) for text in cautions)
    assert "500 training" in head.text
    assert sum(map(head.text.count, ("full CIFAR-10", "ynthetic images"))) <= 1


def test_machines_are_listed_once(page: MakePage) -> None:
    """Each environment with its number of runs, to which its runs lead."""
    here, *others = make_sweep((0.0, 0.25, 0.5))
    records = [here, *(replace(each, environment={"cpu": "other"}) for each in others)]
    environment = page(records).by_id("environment")
    assert [each.text for each in environment.all("h3")] == [
        "Machine 1: 2 runs",
        "Machine 2: 1 run",
    ]
    assert "other" in environment.by_id("environment-1").text


def test_what_is_left_out_is_told(folder: ResultsFolder, page: MakePage) -> None:
    """A damaged run's id and reason stand under the verdict."""
    run_id = make_spec(0.95).run_id
    folder.run_file(run_id).write_text("{")
    assert f"{run_id} is left out" in page(make_sweep()).by_id("answer").text


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        ([], "nothing to draw"),
        ([make_record(make_spec(seed=seed), points=0) for seed in (0, 1)], "nothing to draw"),
        ([make_record(make_spec())], "?"),
        (make_sweep((0.5,), 4), "?"),
        (make_sweep((0.0, 0.5), 3, epochs=1), "?"),
    ],
    ids=["none", "all diverged", "one run", "one rate", "one epoch"],
)
def test_little_is_told_as_what_it_is(
    page: MakePage, records: list[RunRecord], sentence: str
) -> None:
    """A sweep with little to say has a page that says it."""
    found = page(records, [make_failure(make_spec(0.9))])
    assert sentence in found.all("main")[0].text
    assert found.by_id("answer").text.strip()
    assert make_spec(0.9).run_id in found.by_id("trouble").text


def test_the_chosen_setting_s_figures_come_first(page: MakePage) -> None:
    """The others are folded, a closed element each, and none is told to be the chosen one."""
    records = [
        make_record(make_spec(rate, epochs=1, train_size=size), val=0.5 if size == 200 else 0.3)
        for size in (100, 200, 300)
        for rate in (0.0, 0.5)
    ]
    figures = page(records).by_id("figures")
    folded = [each for each in figures.all("details") if "open" not in each.attributes]
    assert [each.all("summary")[0].text for each in folded] == [
        "dataset.train_size = 100",
        "dataset.train_size = 300",
    ]
    assert all(each.all("svg") for each in folded)
    places = [each.text for each in figures.all() if each.attributes.get("class") == "where"]
    assert set(places) == {"dataset.train_size = 200, as validation chose"}
    drawings = [each for each in figures.all() if each.tag in ("svg", "details")]
    first = next(at for at, each in enumerate(drawings) if each.tag == "details")
    assert first == 2 * (1 + 1)  # the heat map and the chosen setting's accuracy, phones' too


def test_a_net_s_damaged_file_is_no_figure(page: MakePage, folder: ResultsFolder) -> None:
    """Also where a figure from before still stands in the folder."""
    record = make_record(make_spec(0.5, epochs=1, keep_parameters=True))
    folder.publish(record, {"W1.change": np.ones((3072, 2))})
    plots.draw([record], folder.path, folder.read_parameters, formats=["svg"])
    (path,) = folder.parameters.iterdir()
    path.write_bytes(bytes(path.stat().st_size))
    asked = " ".join(each.text for each in page([record]).all("h3"))
    assert "first layer" not in asked
    assert "ends best" in asked
