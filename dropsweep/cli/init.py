"""``dropsweep init`` and ``dropsweep schema``: help with writing a config."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from dropsweep import errors
from dropsweep.cli import options


@click.command
@click.argument("path", required=False, type=options.HomePath(path_type=Path))
def init(path: Path | None) -> None:
    """Print or write a starter config.

    The config explains every key, and uses synthetic images, so nothing is downloaded. PATH must
    not exist yet; without it, the config is printed.

    \b
    Examples:
      dropsweep init sweep.yaml
      dropsweep run sweep.yaml
    """
    starter = files("dropsweep.cli").joinpath("starter.yaml").read_bytes()
    if path is None:
        click.echo(starter.decode(), nl=False)
        return
    if path.is_dir():
        raise errors.file_is_folder(path)
    from dropsweep.files import publish_once

    try:
        written = publish_once(path, starter)
    except OSError as cause:
        raise errors.file_unwritable(path, cause) from cause
    if not written:
        raise errors.file_exists(path)
    click.echo(path)


@click.command
def schema() -> None:
    """Print the JSON Schema of a config, for editors.

    Save the schema beside a config, and make this the first line of the config. An editor with a
    YAML language server then completes keys, explains them and underlines mistakes:

    \b
      # yaml-language-server: $schema=dropsweep.schema.json

    \b
    Examples:
      dropsweep schema > dropsweep.schema.json
    """
    import json

    from dropsweep.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
