"""Findings as text."""

from __future__ import annotations

import json

import pytest

from dropsweep import tables
from dropsweep.verification import render, summary
from dropsweep.verification.text import TITLES
from tests.unit.verification.found import BAD, GOOD


def test_table() -> None:
    """Three titled tables, published numbers in all digits."""
    statistics, gradients, published = render(GOOD).split("\n\n")
    assert statistics.split("\n") == [
        "Mask statistics: z = (observed - expected) / standard error, ok if |z| < 5",
        "kind     rate  quantity       expected  observed     z    ok",
        "vanilla  0.50  zero fraction       0.5     0.501  1.25  True",
    ]
    assert gradients.split("\n")[1:] == ["what    error  bound    ok", "affine  2e-12  1e-07  True"]
    assert published.split("\n") == [
        "Published numbers",
        "what       published         computed            ok",
        "mean of x  10.0002078784775  10.0002078784775  True",
    ]


def test_markdown() -> None:
    """Each table under a heading of its own."""
    text = render(GOOD, "markdown")
    assert [line for line in text.split("\n") if line.startswith("#")] == [
        f"## {title}" for title in TITLES
    ]
    assert "| mean of x | 10.0002078784775 | 10.0002078784775 | True |" in text


def test_csv() -> None:
    """Three tables with a blank line between them, numbers whole."""
    assert render(BAD, "csv").split("\n") == [
        "kind,rate,quantity,expected,observed,z,ok",
        "vanilla,0.5,zero fraction,0.5,0.501,1.25,True",
        "vanilla,0.5,test mean,5.0,10.0,,False",
        "batch norm,,test mean,9.0,nan,,False",
        "",
        "what,error,bound,ok",
        "l1 penalty,0.5,1e-07,False",
        "",
        "what,published,computed,ok",
        "mean of x,10.0002078784775,10.000207878,False",
    ]


def test_json() -> None:
    """One valid object, with the verdict; what is no number is null."""
    good, bad = (json.loads(render(found, "json")) for found in (GOOD, BAD))
    assert list(good) == ["statistics", "gradients", "published", "ok"]
    assert (good["ok"], bad["ok"]) == (True, False)
    assert good["gradients"] == [{"what": "affine", "error": 2e-12, "bound": 1e-7, "ok": True}]
    assert bad["statistics"][2] == {
        "kind": "batch norm", "rate": None, "quantity": "test mean",
        "expected": 9.0, "observed": None, "z": None, "ok": False,
    }  # fmt: skip


@pytest.mark.parametrize("output_format", list(tables.RENDERERS))
def test_the_formats_are_those_of_every_table(output_format: str) -> None:
    """Each format of other commands serves here too, and shows every check."""
    text = render(BAD, output_format)
    assert all(what in text for what in ("batch norm", "l1 penalty", "mean of x"))


def test_one_line() -> None:
    """The number of checks that hold, of all, and of each sort."""
    assert summary(GOOD) == (
        "3 of 3 checks hold: 1 mask statistics, 1 gradients, 1 published numbers."
    )
    assert summary(BAD).startswith("1 of 5 checks hold: 3 mask statistics")
