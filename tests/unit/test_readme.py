"""The claims of the READMEs that a program can check."""

from __future__ import annotations

from pathlib import Path

from dropsweep.config.models import known_keys

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGS = (ROOT / "configs/README.md").read_text(encoding="utf-8")


def test_every_config_key_is_explained() -> None:
    """The table of keys has each key, with its dotted name."""
    for section, keys in known_keys().items():
        for key in keys:
            if section or key not in known_keys():
                assert f"`{section}.{key}`".replace("`.", "`") in CONFIGS


def test_every_study_is_listed() -> None:
    """The table of studies links each config of the folder."""
    for path in (ROOT / "configs").glob("*.yaml"):
        assert f"[{path.stem}]({path.name})" in CONFIGS


def test_the_commands_are_explained() -> None:
    """The table of commands has each command."""
    from dropsweep.cli.program import program

    for name in program.commands:
        assert f"| `dropsweep {name}" in README
