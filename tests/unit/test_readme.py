"""The README's claims that a program can check."""

from __future__ import annotations

from pathlib import Path

from dropsweep.config import Config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
