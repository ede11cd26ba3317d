"""The tables of a page."""

from __future__ import annotations

from dropsweep.analysis import find
from dropsweep.columns.words import with_spread
from dropsweep.report.sheets import rates_sheet
from tests.factories import make_record, make_spec, make_sweep


def test_its_numbers_are_those_of_the_analysis() -> None:
    """Means, intervals, differences and both p of every rate, as they were found."""
    found = find(make_sweep(seeds=5))
    sheet = rates_sheet(found)
    names = [heading for heading, _ in sheet.headings]
    for row, summary in zip(sheet.rows, found.summaries, strict=True):
        settings = dict(zip(names, row.texts, strict=True))
        assert summary.train
        assert summary.val
        assert summary.gap
        assert settings["training"] == with_spread(summary.train)
        assert settings["validation"] == with_spread(summary.val)
        assert settings["gap"] == with_spread(summary.gap)
        assert row.rate == settings["rate"]
    for row in sheet.rows[1:]:
        settings = dict(zip(names, row.texts, strict=True))
        difference = found.difference((), float(settings["rate"]))
        assert difference
        mean = float(settings["difference"].split(" ± ")[0])
        assert mean == round(difference.estimate.mean, 3)
        assert float(settings["p"]) == round(difference.p_corrected or 0, 3)


def test_only_the_chosen_rate_is_marked() -> None:
    """The eye finds what the verdict is about."""
    found = find(make_sweep(seeds=3))
    marked = [row.texts[0] for row in rates_sheet(found).rows if row.marked]
    assert found.choice
    assert marked == [f"{found.choice.rate:.2f}"]


def test_test_accuracy_is_told_of_the_chosen_rate_alone() -> None:
    """Read at every rate, it would take part in the choice."""
    table = rates_sheet(find(make_sweep(seeds=3)))
    at = [heading for heading, _ in table.headings].index("test")
    assert [row.texts[at] != "-" for row in table.rows] == [row.marked for row in table.rows]


def test_what_no_rate_has_is_no_column() -> None:
    """One rate without test images: no differences, no p, no test accuracy."""
    sheet = rates_sheet(find([make_record(make_spec(), test=None)]))
    names = {heading for heading, _ in sheet.headings}
    assert not names & {"difference", "p", "test"}
    assert {"rate", "runs", "training", "validation"} <= names


def test_every_setting_has_its_rows() -> None:
    """A grid's setting stands above its rates, and no setting's runs are taken for another's."""
    records = [*make_sweep((0.0, 0.5)), *make_sweep((0.0, 0.5), train_size=200)]
    sheet = rates_sheet(find(records))
    assert [heading for heading, _ in sheet.headings][:2] == ["rate", "runs"]
    assert [(name, [row.rate for row in rows]) for name, rows in sheet.groups] == [
        ("dataset.train_size = 200", ["0.00", "0.50"]),
        ("dataset.train_size = 500", ["0.00", "0.50"]),
    ]


def test_diverged_runs_are_counted() -> None:
    """They are in no mean, and in the number of runs."""
    records = [make_record(make_spec(seed=0)), make_record(make_spec(seed=1), points=1)]
    sheet = rates_sheet(find(records))
    assert sheet.rows[0].texts[1:3] == ("2", "1")


def test_every_rate_says_how_its_nets_fit() -> None:
    """Under a heading that the words under it fit."""
    records = [
        make_record(make_spec(rate), train=train, val=val)
        for rate, train, val in ((0.0, 1.0, 0.3), (0.5, 0.8, 0.7), (0.9, 0.3, 0.3))
    ]
    sheet = rates_sheet(find(records))
    at = [heading for heading, _ in sheet.headings].index("fit")
    assert [row.texts[at] for row in sheet.rows] == ["overfit", "neither", "underfit"]
