"""``dropsweep schema``: the JSON Schema of a config."""

from __future__ import annotations

import click


@click.command
def schema() -> None:
    """Print the JSON Schema of a config, for editors.

    With the schema in a file beside a config, and this as the config's first line, an editor that
    speaks to a YAML language server completes keys, explains them and underlines mistakes:

    \b
      # yaml-language-server: $schema=dropsweep.schema.json

    \b
    Examples:
      dropsweep schema > dropsweep.schema.json
    """
    import json

    from dropsweep.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
