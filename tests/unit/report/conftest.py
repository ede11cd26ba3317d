"""Results folders of plausible runs, and the page that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from dropsweep import report
from dropsweep.collection import collect
from tests.unit.report import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dropsweep.records import FailureRecord, RunRecord
    from dropsweep.results import ResultsFolder
    from tests.unit.report.reading import Element


class MakePage(Protocol):
    """Makes a results folder and returns its page."""

    def __call__(
        self,
        records: Iterable[RunRecord] = (),
        failures: Iterable[FailureRecord] = (),
        config: str = "",
    ) -> Element:
        """The page of a folder that holds these."""


@pytest.fixture
def page(folder: ResultsFolder) -> MakePage:
    """Makes pages of the folder."""

    def make(
        records: Iterable[RunRecord] = (),
        failures: Iterable[FailureRecord] = (),
        config: str = "",
    ) -> Element:
        for record in records:
            folder.publish(record)
        for failure in failures:
            folder.write_failure(failure)
        if config:
            folder.config.write_text(config, encoding="utf-8")
        path = report.write(folder, collect(folder, everything=True))
        return reading.read(path.read_text(encoding="utf-8"))

    return make
