"""Whichever data set is trained on, the mathematics and the readers are the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dropsweep

ROOT = Path(dropsweep.__file__).parent
FILES = [
    path
    for folder in ("nn", "sweep", "analysis", "plots", "report")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
NAMES = {
    "CIFAR10_IDENTITY", "CIFAR10_CONTENT", "SYNTHETIC_IDENTITY", "IDENTITIES", "KNOWN", "PIXELS",
    "CLASSES", "CHANCE", "official", "synthetic",
}  # fmt: skip
WORDS = ("cifar", "synthetic", "arrays:")
NUMBERS = {3072, 1024, 50_000, 5_000, 60_000}


def knowledge(source: str) -> list[str]:
    """Names, words outside of docstrings, and numbers that only one data set has."""
    tree = ast.parse(source)
    docstrings = {
        id(each.value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
    found = []
    for each in ast.walk(tree):
        if isinstance(each, ast.Name | ast.alias):
            name = each.id if isinstance(each, ast.Name) else each.name
            found += [name] * (name.rpartition(".")[2] in NAMES)
        elif isinstance(each, ast.Constant) and id(each) not in docstrings:
            text = str(each.value).lower()
            is_text = isinstance(each.value, str)
            found += [text] * (is_text and any(word in text for word in WORDS))
            found += [text] * (type(each.value) is int and each.value in NUMBERS)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_knows_its_data_set(path: Path) -> None:
    """Inputs, classes, chance and names come with the runs."""
    assert knowledge(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from dropsweep.records import CIFAR10_IDENTITY",
        "CHANCE = 0.1",
        "size = 3072",
        "text = 'on CIFAR-10'",
    ],
)
def test_knowledge_is_found(source: str) -> None:
    """By what such a file would say."""
    assert knowledge(source)
