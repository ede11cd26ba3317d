"""``dropsweep verify``: check the mathematics on this machine."""

from __future__ import annotations

import click

from dropsweep import errors
from dropsweep.cli import options


@click.command
@options.table_format
def verify(table_format: str) -> None:
    """Check the mathematics on this machine.

    Three tables: what the masks of every kind of dropout do to 250,000 units, gradients against
    central differences, and numbers that others have published. Takes a few seconds; ends with
    exit code 1 if a check fails.

    \b
    Examples:
      dropsweep verify
      dropsweep verify --format markdown
    """
    from dropsweep import verification

    found = verification.verify()
    click.echo(verification.render(found, table_format))
    if found.failed:
        raise errors.verification_failed(found.failed)
