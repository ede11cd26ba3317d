"""The README's claims that a program can check."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dropsweep.config import Config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(
    path
    for path in (ROOT / "dropsweep").rglob("*.py")
    if path.parent != ROOT / "dropsweep" or not path.name.startswith("__")
)


def charter(path: Path) -> str:
    """A module's row in the map: its path, and its docstring's first sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    sentence = " ".join(docstring.split("\n\n")[0].split()).rstrip(".").replace("``", "`")
    name = path.relative_to(ROOT / "dropsweep").as_posix()
    return f"| `{name.removesuffix('__init__.py')}` | {sentence} |"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_map_has_every_module(path: Path) -> None:
    """Each module stands in the map with the sentence it begins with."""
    assert charter(path) in README


def test_the_map_has_no_other_module() -> None:
    """What is gone from the package is gone from the map."""
    begin = README.index("| module | charter |")
    rows = [line for line in README[begin:].split("\n\n")[0].splitlines()[2:] if line]
    assert len(rows) == len(MODULES)


def test_every_config_key_is_explained() -> None:
    """The table of keys has each key, with its dotted name."""
    for name, field in Config.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        for key in [f"{name}.{sub}" for sub in inner] if inner else [name]:
            assert f"`{key}`" in README


def test_the_commands_are_explained() -> None:
    """The table of commands has each command."""
    from dropsweep.cli.program import program

    for name in program.commands:
        assert f"| `dropsweep {name}" in README
