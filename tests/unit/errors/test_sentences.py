"""The tables of sentences: each is used, and each use has one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from dropsweep import errors
from dropsweep.errors import arrays, sentences

PACKAGE = Path(errors.__file__).parents[1]
OF_PYDANTIC = set(get_args(ErrorType))


def source(folder: str) -> str:
    """The code of a folder."""
    return "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / folder).glob("*.py"))


@pytest.mark.parametrize(
    ("folder", "table", "call"),
    [
        ("config", sentences._SENTENCES, r"(?:about|PydanticCustomError)\(\s*"),
        ("datasets", arrays._ABOUT_ARRAYS, r"(?:about|note)\(\s*"),
    ],
)
def test_every_sentence_has_a_use_and_every_use_a_sentence(
    folder: str, table: dict[str, str], call: str
) -> None:
    """A name that is misspelt on either side would be a traceback in place of a message."""
    code = source(folder)
    assert set(re.findall(rf'\b{call}"(\w+)"', code)) <= table.keys()
    named = set(re.findall(r'"(\w+)"', code))
    assert table.keys() <= named | OF_PYDANTIC


def test_braces_of_the_user_are_only_text() -> None:
    """A value is put into a sentence, and never read as one."""
    assert errors.about_config("repeated", "{keys[0]}") == (
        '"{keys[0]}" stands in the list twice; delete one'
    )
    assert "{rates: [0, 0.5]}" in errors.about_config("empty")
