"""The file of a run that failed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.factories import make_failure, make_spec

if TYPE_CHECKING:
    from dropsweep.results import ResultsFolder

FAILURE = make_failure(make_spec())


def test_what_was_written_is_read(folder: ResultsFolder) -> None:
    """Every field, in the order of the runs' ids."""
    second = replace(make_failure(make_spec(0.25), "KeyError: x"), traceback="", host="node-2")
    folder.write_failure(FAILURE)
    folder.write_failure(second)
    assert folder.failures() == [second, FAILURE]


def test_no_failures(folder: ResultsFolder) -> None:
    """A folder in which nothing failed has no such files."""
    assert folder.failures() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run_id": "x"}'])
def test_a_damaged_file_is_left_out(folder: ResultsFolder, text: str) -> None:
    """The others are read all the same."""
    folder.write_failure(FAILURE)
    (folder.failed / "x.json").write_text(text)
    assert folder.failures() == [FAILURE]


def test_a_file_under_another_name_is_left_out(folder: ResultsFolder) -> None:
    """Its name, its id and its spec belong together, or it is not what was written."""
    folder.write_failure(FAILURE)
    path = folder.failed / f"{FAILURE.run_id}.json"
    path.rename(path.with_name("other.json"))
    folder.write_failure(replace(FAILURE, spec=make_spec(0.9)))
    assert folder.failures() == []
