"""``dropsweep schema``, and the line of the starter config that makes editors use it."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import yaml
from jsonschema import Draft7Validator

from tests.user import in_process

MODELINE = re.compile(r"^#\s+(?:yaml-language-server|\$schema)\s*[:=]")
"""Comments that the YAML language server obeys."""

STARTER = files("dropsweep.cli").joinpath("starter.yaml").read_text(encoding="utf-8")


def test_the_schema_is_printed() -> None:
    """JSON alone on stdout, by which the starter config is right."""
    with in_process.own_signals():
        result = in_process.dropsweep("schema")
    assert (result.exit_code, result.stderr) == (0, "")
    Draft7Validator(json.loads(result.stdout)).validate(yaml.safe_load(STARTER))


def test_no_editor_complains_of_a_schema_that_is_not_there() -> None:
    """The starter names no schema until its user has made one."""
    assert not [line for line in STARTER.splitlines() if MODELINE.match(line)]


def test_the_starter_says_how_editors_get_the_schema() -> None:
    """The file its command makes is the one its line names, once the "# " before it is deleted."""
    (line,) = [line for line in STARTER.splitlines() if "yaml-language-server" in line]
    active = line.removeprefix("# ")
    assert MODELINE.match(active)
    assert f"dropsweep schema > {active.partition('$schema=')[2]}" in STARTER
